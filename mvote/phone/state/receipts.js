/**
 * Receipts look after themselves: each ballot is looked for on its board, and the board watched.
 *
 * At most once an hour a poll, and once a day where its ballots were found, the phone asks for
 * the newest checkpoint, holds it to the one it kept, and looks for its ballots among at least
 * 256 leaves.  What a board never may do is kept with its evidence and is no fault to be tried
 * again: the citizen is told, and may complain with the receipt.
 */

import { BoardAlarm, findBallot, requireExtends, requireIncluded, tellablePrefix } from '../app/board.js';
import { b64u, unb64u } from '../app/bytes.js';
import { openCheckpoint, readCheckpoint } from '../app/checkpoint.js';
import { readReceipt } from '../app/receipt.js';
import { NotUnderstood, Refused, ask, now, understood } from './api.js';
import { canSign } from './permits.js';
import { passFor } from './identity.js';
import * as store from './store.js';
import { counted, findVote, getVote, listVotes } from './votes.js';

/** @typedef {import('../app/checkpoint.js').Checkpoint} Checkpoint */
/** @typedef {import('../app/receipt.js').Receipt} Receipt */
/** @typedef {import('./votes.js').Vote} Vote */
/**
 * `leaf` is the ballot that is missing, null where the board itself is not in order; `late`:
 * it stood there after all, when the citizen had complained.
 *
 * @typedef {object} Alarm
 * @property {BoardAlarm['code']} code
 * @property {readonly string[]} evidence
 * @property {string | null} leaf
 * @property {number} at
 * @property {boolean} [late]
 */
/**
 * What was seen of a board.  Times are milliseconds since 1970 by the server's clock.
 *
 * @typedef {object} Watch
 * @property {1} v
 * @property {string | null} checkpoint the newest one, as it was signed
 * @property {Record<string, number>} places where each ballot stands, by its leaf
 * @property {number | null} asked when the board was asked last
 * @property {number | null} seen when it was found in order last
 * @property {Alarm | null} alarm
 * @property {import('./complaints.js').Complaint | null} complaint
 */
/** @typedef {'none' | 'unchecked' | 'waiting' | 'on-board' | 'alarm'} State */

export const PREFIX = 'receipt/';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DOUBT = 3 * DAY; // by how much the server's clock may lie behind the phone's
/** @type {Watch} */
const NOTHING = { v: 1, checkpoint: null, places: {}, asked: null, seen: null, alarm: null, complaint: null };

/** @param {string} poll @returns {Promise<Watch>} */
export const findWatch = async (poll) => (await store.get(PREFIX + poll)) ?? NOTHING;

/** @param {string} poll @param {(watch: Watch) => Watch} change */
export async function keepWatch(poll, change) {
  return store.alone(`watch/${poll}`, async () => {
    const watch = change(await findWatch(poll));
    await store.put(PREFIX + poll, watch);
    return watch;
  });
}

/**
 * What is known of the ballot that counts: `unchecked` until its board was asked, `waiting` until
 * it stands there.
 *
 * @param {Vote | null} vote
 * @param {Watch} watch
 * @returns {State}
 */
export function stateOf(vote, watch) {
  const cast = counted(vote);
  if (!cast) return 'none';
  if (watch.alarm) return 'alarm';
  if (cast.leaf in watch.places) return 'on-board';
  return watch.seen === null ? 'unchecked' : 'waiting';
}

/** Whether it is time to ask a board again. @param {Vote} vote @param {Watch} watch */
function isDue(vote, watch) {
  if (!counted(vote) || watch.alarm) return false;
  const found = vote.casts.every(({ receipt, leaf }) => !receipt || leaf in watch.places);
  return watch.asked === null || Math.abs(now() - watch.asked) >= (found ? DAY : HOUR);
}

/** Look at every board whose time it is. @returns {Promise<string[]>} polls with a new alarm */
export async function lookAfterReceipts() {
  /** @type {string[]} */
  const alarms = [];
  if (!(await canSign())) return alarms;
  for (const poll of await listVotes()) {
    const [vote, watch] = [await findVote(poll), await findWatch(poll)];
    if (!vote || !isDue(vote, watch)) continue;
    const after = await look(poll).catch(() => null); // no answer is no alarm
    if (after?.alarm) alarms.push(poll);
  }
  return alarms;
}

/**
 * Look at the board of a poll now; an alarm stays.
 *
 * @param {string} poll
 * @returns {Promise<Watch>}
 * @throws {Refused | import('./api.js').Unreachable | import('./api.js').NotUnderstood}
 */
export function look(poll) {
  return store.alone(`look/${poll}`, async () => {
    const [vote, watch] = [await getVote(poll), await findWatch(poll)];
    if (watch.alarm || !counted(vote)) return watch;
    const asked = now();
    await keepWatch(poll, (held) => ({ ...held, asked }));
    try {
      const found = await lookAt(vote, watch);
      return await keepWatch(poll, (held) => ({ ...held, ...found, seen: now() }));
    } catch (error) {
      if (!(error instanceof BoardAlarm)) throw error;
      const { code, evidence } = error;
      const leaf = error instanceof Missing ? error.leaf : null;
      return keepWatch(poll, (held) => ({ ...held, alarm: { code, evidence, leaf, at: now() } }));
    }
  });
}

/** The ballot of one receipt is not where it was promised to be. */
class Missing extends BoardAlarm {
  /** @param {BoardAlarm} alarm @param {string} leaf */
  constructor({ code, evidence }, leaf) {
    super(code, evidence);
    this.leaf = leaf;
  }
}

/**
 * A complaint was answered by "it is there": see for oneself, by the same proof as ever.
 *
 * @param {string} poll
 * @returns {Promise<boolean>} whether the ballot stands there now
 */
export async function lookOnceMore(poll) {
  const [vote, watch] = [await getVote(poll), await findWatch(poll)];
  const { alarm } = watch;
  if (alarm?.code !== 'ballot-missing') return false;
  try {
    const found = await lookAt(vote, watch);
    await keepWatch(poll, (held) => ({ ...held, ...found, seen: now(), alarm: null }));
    return true;
  } catch (error) {
    if (error instanceof BoardAlarm) return false;
    throw error;
  }
}

/** @param {Vote} vote @param {Watch} watch */
async function lookAt(vote, watch) {
  const receipts = vote.casts.flatMap(({ receipt }) => (receipt ? [readReceipt(receipt)] : []));
  const [{ origin }] = /** @type {[Receipt]} */ (receipts);
  const board = await boardOf(vote, origin);
  const kept = watch.checkpoint ? await openCheckpoint(watch.checkpoint, board.signer) : null;
  let newest = await extend(board, kept, await board.checkpoint());
  const places = { ...watch.places };
  for (const receipt of receipts) {
    const leaf = b64u(receipt.leaf);
    if (leaf in places) continue;
    const found = await board.find(receipt, newest.size);
    newest = await extend(board, newest, found.checkpoint);
    if (found.position !== null) places[leaf] = found.position;
    else requireInTime(receipt, found, leaf);
  }
  return { checkpoint: newest.text, places };
}

/**
 * By the server's clock; one that lies far behind the phone's does not put an alarm off.
 *
 * @param {Receipt} receipt
 * @param {{ checkpoint: Checkpoint, position: number | null }} found
 * @param {string} leaf
 */
function requireInTime(receipt, found, leaf) {
  try {
    requireIncluded(receipt, found, new Date(Math.max(now(), Date.now() - DOUBT)));
  } catch (error) {
    throw error instanceof BoardAlarm ? new Missing(error, leaf) : error;
  }
}

/**
 * Where anybody's ballot stands, of which only the leaf is known; null where it does not.
 *
 * @param {import('./polls.js').Poll} poll
 * @param {import('../app/bytes.js').Bytes} leaf
 * @throws {BoardAlarm}
 */
export async function lookFor({ frozen: { id, definition } }, leaf) {
  const vote = { poll: id, definition };
  const text = await (await boardOf(vote, '')).asked('checkpoint', true);
  const { origin } = await understood(() => readCheckpoint(text).checkpoint);
  if (!origin.endsWith(`/polls/${id}`)) throw new NotUnderstood('another board');
  const board = await boardOf(vote, origin);
  const { size } = await understood(() => openCheckpoint(text, board.signer));
  return (await board.find({ leaf }, size)).position;
}

/** @typedef {Awaited<ReturnType<typeof boardOf>>} Board */

/** A board as it answers. @param {Pick<Vote, 'poll' | 'definition'>} vote @param {string} origin */
async function boardOf({ poll, definition }, origin) {
  const signer = { boardKey: unb64u(definition.board_key, 32), origin };
  const pass = await passFor(poll);
  /** @type {Record<string, string>} */
  const headers = pass ? { 'Room-Pass': pass } : {};
  /** @param {string} path @param {boolean} [plain] */
  const asked = (path, plain = false) => ask(`/polls/${poll}/board/${path}`, { headers, plain });
  return {
    signer,
    asked,
    checkpoint: async () => {
      const answer = await asked('checkpoint', true);
      return understood(() => openCheckpoint(answer, signer));
    },
    /** @param {Pick<Receipt, 'leaf'>} receipt @param {number} size */
    async find({ leaf }, size) {
      const prefix = tellablePrefix(leaf, size);
      const answer = await asked(prefix ? `leaves/${prefix}` : 'leaves');
      return understood(() => findBallot(answer, leaf, signer));
    },
  };
}

/**
 * The later of two checkpoints, proved to extend the earlier; a board that refuses to prove it
 * has not proved it.
 *
 * @param {Board} board
 * @param {Checkpoint | null} kept
 * @param {Checkpoint} shown
 */
async function extend(board, kept, shown) {
  if (!kept) return shown;
  if (kept.size === shown.size) return requireExtends(kept, shown, null);
  const [from, to] = [kept.size, shown.size].sort((one, other) => one - other);
  const answer = await board.asked(`consistency?from=${from}&to=${to}`).catch((error) => {
    if (error instanceof Refused && error.status < 500 && error.status !== 429) return null;
    throw error;
  });
  return requireExtends(kept, shown, answer);
}
