/**
 * My vote in one poll, from the seed to the receipt; every step may be repeated.
 *
 *     seed stored -> permit (permits.js) -> ballot signed and stored -> sent -> receipt stored (casting.js)
 *
 * One record a poll lies on this phone, encrypted.  A step reads the record anew inside a lock
 * of its poll, so that a double tap or a second window finds what the first one did; what goes
 * over the net has a lock of its own, so that nobody waits for it who only looks.
 */

import { b64u, random, unb64u } from '../app/bytes.js';
import { asPoll } from './polls.js';
import * as store from './store.js';

/** @typedef {import('../app/canonical.js').JsonObject} JsonObject */
/** @typedef {import('./polls.js').Poll} Poll */
/**
 * A ballot that was signed.  `body` is what is sent, byte for byte; `leaf` its name on the
 * board; `refused` why it will never be counted.
 *
 * @typedef {object} Cast
 * @property {number} seq
 * @property {string} body
 * @property {string} leaf base64url
 * @property {Draft} draft the answers as the widgets keep them
 * @property {JsonObject | null} receipt
 * @property {{ code: string, sentence: import('../app/poll.js').Words } | null} refused
 */
/** @typedef {Record<string, import('../widgets/index.js').Draft>} Draft by the question's id */
/**
 * What the voter reviewed: `ans` goes into the ballot, `texts` travel beside it, `draft` stays.
 *
 * @typedef {object} Reviewed
 * @property {Draft} draft
 * @property {JsonObject} ans
 * @property {JsonObject} texts
 */
/**
 * @typedef {object} Vote
 * @property {1} v
 * @property {string} poll
 * @property {string} ph
 * @property {string} seed base64url; everything secret comes from it
 * @property {JsonObject} definition
 * @property {import('./polls.js').Head} head as it was heard last
 * @property {JsonObject | null} permit
 * @property {Draft | null} draft
 * @property {Cast[]} casts the last one is the newest
 */

export const PREFIX = 'vote/';
const SEED_LENGTH = 32;

/** @param {string} poll @returns {Promise<Vote | null>} */
export const findVote = (poll) => store.get(PREFIX + poll);

/** The polls of which this phone keeps something. */
export const listVotes = async () => (await store.names(PREFIX)).map((name) => name.slice(PREFIX.length));

/** The poll as it was kept, for when there is no net. @param {Vote} vote */
export const keptPoll = (vote) => asPoll(vote.definition, vote.head);

/** @param {Vote | null} vote */
export const newest = (vote) => vote?.casts.at(-1) ?? null;

/** The newest ballot that the board took. @param {Vote | null} vote */
export const counted = (vote) => vote?.casts.filter((cast) => cast.receipt).at(-1) ?? null;

/** A ballot that waits to be sent. @param {Vote | null} vote */
export function waiting(vote) {
  const last = newest(vote);
  return last && !last.receipt && !last.refused ? last : null;
}

/**
 * Keep what was heard of a poll, and the seed before anything is asked for it.
 *
 * @param {Poll} poll
 * @param {string | null} [handed] a seed from another browser; the own one goes before it
 * @returns {Promise<Vote>}
 */
export function beginVote({ frozen, head }, handed = null) {
  return store.alone(`poll/${frozen.id}`, async () => {
    const held = await findVote(frozen.id);
    const same = held?.ph === frozen.ph ? held : null;
    /** @type {Vote} */
    const vote = same ?? {
      v: 1, poll: frozen.id, ph: frozen.ph, seed: b64u(readSeed(handed) ?? random(SEED_LENGTH)),
      definition: frozen.definition, head, permit: null, draft: null, casts: [],
    };
    const other = readSeed(handed);
    if (other && !vote.permit && !vote.casts.length) vote.seed = b64u(other);
    return save({ ...vote, head });
  });
}

/** @param {string | null} spelled */
function readSeed(spelled) {
  try {
    return spelled === null ? null : unb64u(spelled, SEED_LENGTH);
  } catch {
    return null;
  }
}

/** Hear where a poll stands now, where something of it is kept. @param {Poll} poll */
export function hearOf({ frozen, head }) {
  return store.alone(`poll/${frozen.id}`, async () => {
    const held = await findVote(frozen.id);
    if (!held || held.ph !== frozen.ph) return null;
    return save({ ...held, head });
  });
}

/** @param {Vote} vote */
async function save(vote) {
  await store.put(PREFIX + vote.poll, vote);
  return vote;
}

/** @param {string} poll @param {(vote: Vote) => Vote | Promise<Vote>} change */
export function changed(poll, change) {
  return store.alone(`poll/${poll}`, async () => save(await change(await getVote(poll))));
}

/**
 * @param {string} poll
 * @throws {store.KeptIsGone}
 */
export async function getVote(poll) {
  const found = await findVote(poll);
  if (!found) throw new store.KeptIsGone();
  return found;
}

/** @param {string} poll @param {Draft | null} draft */
export const keepDraft = (poll, draft) => changed(poll, (vote) => ({ ...vote, draft }));
