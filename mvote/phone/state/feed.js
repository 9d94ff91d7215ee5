/**
 * What came of all polls, downloaded whole: the same requests from every phone, whatever was
 * voted on it, so that the server does not learn whom the news concern.
 *
 * The current document is fetched now and then; the archives before it never change and are
 * fetched once (RFC 5005 section 4).  What concerns this phone is looked for here.
 */

import { NotUnderstood, Unreachable, hear, now } from './api.js';
import * as store from './store.js';

/** @typedef {import('../app/poll.js').Words} Words */
/**
 * `path` is where it is told in full.
 *
 * @typedef {object} Told
 * @property {string} id
 * @property {string} at
 * @property {string} path
 * @property {string} kind
 * @property {string} record
 * @property {string | null} poll
 * @property {string} department
 * @property {Words} title
 * @property {Words} text
 */
/** @typedef {{ at: number, told: Told[], older: string | null }} Part */

const START = '/feeds/records.json';
const CURRENT = 'feed/current';
const ARCHIVE = 'feed/archive/';
const KIND = 'application/feed+json';
const SECONDS = 30;
export const FRESH = 3_600_000; // milliseconds

/**
 * Everything that was told, the newest first; as it was kept where there is no net.
 *
 * @param {number} [within] milliseconds that what is kept may be old
 * @returns {Promise<Told[]>}
 * @throws {Unreachable | NotUnderstood} and nothing is kept
 */
export function readFeed(within = FRESH) {
  return store.alone('feed', async () => {
    const kept = await find(CURRENT);
    if (kept && Math.abs(now() - kept.at) < within) return whole(kept);
    try {
      return await whole(await fetchPart(START, CURRENT));
    } catch (error) {
      if (!kept) throw error;
      return whole(kept);
    }
  });
}

/** @param {string} name @returns {Promise<Part | null>} */
const find = (name) => store.get(name).catch(() => null);

/** A part and the archives before it. @param {Part} part */
async function whole(part) {
  const told = [...part.told];
  for (let { older } = part; older;) {
    const archive = (await find(ARCHIVE + older)) ?? (await fetchPart(older, ARCHIVE + older));
    told.push(...archive.told);
    ({ older } = archive);
  }
  return told;
}

/** @param {string} path @param {string} name under which it is kept */
async function fetchPart(path, name) {
  const document = await download(path);
  const items = Array.isArray(document?.items) ? document.items : null;
  if (!items || !items.every(isTold)) throw new NotUnderstood('no feed of records');
  const next = document.next_url ? new URL(document.next_url, location.origin) : null;
  const older = next?.pathname === START && next.searchParams.has('archive') ? next.pathname + next.search : null;
  const part = { at: now(), told: items.map(toldOf), older: older === path ? null : older };
  await store.put(name, part).catch(() => {}); // it is fetched again
  return part;
}

/** @param {string} path @returns {Promise<any>} */
async function download(path) {
  let response, text;
  try {
    response = await fetch(path, {
      headers: { Accept: KIND }, signal: AbortSignal.timeout(1000 * SECONDS),
      credentials: 'omit', cache: 'no-cache', redirect: 'error', referrerPolicy: 'no-referrer',
    });
    text = await response.text();
  } catch {
    throw new Unreachable();
  }
  const kind = (response.headers.get('Content-Type') ?? '').split(';')[0]?.trim();
  if (!response.ok || kind !== KIND) throw new NotUnderstood(`${response.status} ${kind}`);
  hear(response.headers.get('Date'));
  try {
    return JSON.parse(text);
  } catch {
    throw new NotUnderstood('no JSON');
  }
}

/** @param {any} item */
const isTold = (item) => typeof item?.id === 'string' && typeof item.url === 'string' &&
  !Number.isNaN(Date.parse(item.date_published)) && isWords(item._mvote?.title) && isWords(item._mvote?.text);

/** @param {any} words */
const isWords = (words) => typeof words?.ko === 'string' && typeof words?.en === 'string';

/** @param {any} item @returns {Told} */
function toldOf({ id, url, date_published: at, _mvote: { kind, record, poll, department, title, text } }) {
  const { pathname, hash } = new URL(url, location.origin);
  return { id, at, path: pathname + hash, kind, record, poll, department, title, text };
}
