/**
 * What came of the polls in which this phone voted, and of what is followed, found on the phone
 * in a feed that every phone downloads whole.
 */

import { FRESH, readFeed } from './feed.js';
import { findFollows, isFollowed } from './follows.js';
import * as store from './store.js';
import { counted, findVote, listVotes, newest } from './votes.js';

/** @typedef {import('./feed.js').Told} Told */
/** @typedef {import('./votes.js').Vote} Vote */
/** @typedef {{ vote: Vote, told: Told[] }} Mine news of one's own poll, the newest first */

const LOOKED = 'looked';

/** Every vote of this phone, the newest poll first. @returns {Promise<Vote[]>} */
export async function listCast() {
  const votes = await Promise.all((await listVotes()).map((poll) => findVote(poll)));
  const cast = votes.flatMap((vote) => (vote && newest(vote) ? [vote] : []));
  return cast.sort((one, other) => (one.head.closes < other.head.closes ? 1 : -1));
}

/** Whether news are of this poll, or of its record and no other poll. @param {Told} told @param {Vote} vote */
const isOf = (told, vote) => (told.poll ? told.poll === vote.poll : told.record === vote.head.record);

/** @param {Told[]} feed @returns {Promise<Mine[]>} */
export async function listMine(feed) {
  return (await listCast()).map((vote) => ({ vote, told: feed.filter((told) => isOf(told, vote)) }));
}

/** News of one's own and of what is followed, since one looked last. @param {number} [within] */
export async function listNews(within = FRESH) {
  const feed = await readFeed(within);
  /** @type {{ at: string } | null} */
  const looked = await store.get(LOOKED);
  if (!looked) await look(feed);
  const [votes, follows] = [(await listCast()).filter((vote) => counted(vote)), await findFollows()];
  return feed.filter((told) => looked && told.at > looked.at &&
    (votes.some((vote) => isOf(told, vote)) || isFollowed(told, follows)));
}

/** They were looked at. @param {Told[]} feed */
export async function look(feed) {
  const at = feed[0]?.at ?? new Date(0).toISOString();
  const held = await store.get(LOOKED);
  if (!held || held.at < at) await store.put(LOOKED, { at });
}
