/** What a citizen follows.  It is kept on the phone; no server is told. */

import * as store from './store.js';

/** `tags` lead to the records that stood under them when they were looked at last. */
/** @typedef {{ records: string[], departments: string[], tags: Record<string, string[]> }} Follows */
/** @typedef {import('./feed.js').Told} Told */

const NAME = 'follows';

/** @returns {Promise<Follows>} */
export const findFollows = async () =>
  (await store.get(NAME).catch(() => null)) ?? { records: [], departments: [], tags: {} };

/** Follow it, or no longer. @param {'records' | 'departments'} kind @param {string} id */
export const toggle = (kind, id) => change((follows) => {
  const held = follows[kind];
  return { ...follows, [kind]: held.includes(id) ? held.filter((one) => one !== id) : [...held, id] };
});

/** @param {string} tag @param {string[] | null} records null: follow it no longer */
export const followTag = (tag, records) => change((follows) => {
  const { [tag]: _, ...tags } = follows.tags;
  return { ...follows, tags: records ? { ...tags, [tag]: records } : tags };
});

/** @param {(follows: Follows) => Follows} work */
const change = (work) => store.alone(NAME, async () => {
  const follows = work(await findFollows());
  await store.put(NAME, follows);
  return follows;
});

/** Whether news are about what is followed. @param {Told} told @param {Follows} follows */
export const isFollowed = ({ record, department }, { records, departments, tags }) =>
  records.includes(record) || departments.includes(department) ||
  Object.values(tags).some((under) => under.includes(record));
