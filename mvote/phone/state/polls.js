/**
 * A poll as this phone knows it: what was frozen, checked against its hash, and where it stands.
 */

import { IDENTIFIER } from '../app/exact.js';
import { readPoll } from '../app/poll.js';
import { Refusal } from '../app/refusal.js';
import { NotUnderstood, ask } from './api.js';

/** @typedef {import('../app/canonical.js').JsonObject} JsonObject */
/** @typedef {import('../app/poll.js').Words} Words */
/** @typedef {import('../app/poll.js').Poll} Frozen */
/**
 * What a voter is told, in sentences made by the server from the poll; `people` is the address
 * of the people wing, null where it is this one; `questions`: how each is answered, by its id.
 *
 * @typedef {object} Told
 * @property {Words} city
 * @property {string} time_zone
 * @property {string | null} people
 * @property {Words} asked_by
 * @property {Words[]} audience
 * @property {Words} proof
 * @property {Words[]} decision
 * @property {Words} level
 * @property {Words} privacy
 * @property {Words[]} apart
 * @property {Record<string, Words[]>} questions
 */
/**
 * What the server says of a poll beside its definition, as it came.
 *
 * @typedef {object} Head
 * @property {string} id
 * @property {Words} title
 * @property {string} state
 * @property {Words} phase
 * @property {string | null} opens
 * @property {string} closes
 * @property {Words | null} reason
 * @property {string} record
 * @property {{ number: number, about: string, text: Words }[]} notes
 * @property {Told} told
 */
/**
 * @typedef {object} Poll
 * @property {Frozen} frozen
 * @property {Head} head
 * @property {string} base of the people wing, for `ask`
 */

const LINK_DIGITS = 16; // fewer would let somebody make a poll that fits a link

/** The poll is not the one that the link or the printed code was made for. */
export class PollChanged extends Error {
  constructor() {
    super('poll-changed');
    this.name = 'PollChanged';
  }
}

/**
 * Fetch a poll and hold it to its hash.
 *
 * @param {string} id
 * @param {{ roomPass?: string | null }} [shown]
 * @returns {Promise<Poll>}
 * @throws {import('./api.js').Refused | import('./api.js').Unreachable | NotUnderstood}
 */
export async function fetchPoll(id, { roomPass = null } = {}) {
  if (!IDENTIFIER.test(id)) throw new NotUnderstood('no poll id');
  /** @type {Record<string, string>} */
  const headers = roomPass ? { 'Room-Pass': roomPass } : {};
  const answer = await ask(`/polls/${id}`, { headers });
  const { definition, ph, ...head } = answer ?? {};
  const poll = await asPoll(definition, head);
  if (poll.frozen.id !== id || ph !== poll.frozen.ph) throw new NotUnderstood('another poll');
  return poll;
}

/**
 * @param {JsonObject} definition
 * @param {Head} head
 * @returns {Promise<Poll>}
 * @throws {NotUnderstood}
 */
export async function asPoll(definition, head) {
  try {
    const frozen = await readPoll(definition);
    if (!head.told || !head.state || !head.closes) throw new Refusal('malformed', { field: 'told' });
    return { frozen, head, base: head.told.people ?? '' };
  } catch (error) {
    if (error instanceof Refusal || error instanceof TypeError) throw new NotUnderstood(error.message);
    throw error;
  }
}

/**
 * Hold a poll to the beginning of the hash that stood in the link.
 *
 * @param {Poll} poll
 * @param {string | null} digits
 * @throws {PollChanged}
 */
export function requireSame({ frozen }, digits) {
  if (digits === null || digits === '') return;
  const fits = digits.length >= LINK_DIGITS && frozen.ph.startsWith(digits.toLowerCase());
  if (!fits) throw new PollChanged();
}
