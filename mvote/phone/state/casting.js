/**
 * Casting: a ballot is signed and kept before it is sent, and sent until there is an answer.
 */

import { NONCE_LENGTH, leafOf, makeBallot, readBallot } from '../app/ballot.js';
import { b64u, fromUtf8, random, unb64u } from '../app/bytes.js';
import { canonicalText, sendableBytes } from '../app/canonical.js';
import { checkReceipt, readReceipt } from '../app/receipt.js';
import { Refused, ask, understood } from './api.js';
import { canSign } from './permits.js';
import { KeptIsGone, alone } from './store.js';
import { changed, getVote, waiting } from './votes.js';

/** @typedef {import('../app/canonical.js').JsonObject} JsonObject */
/** @typedef {import('./polls.js').Poll} Poll */
/** @typedef {import('./votes.js').Cast} Cast */
/** @typedef {import('./votes.js').Reviewed} Reviewed */
/** @typedef {import('./votes.js').Vote} Vote */

/** Another window or an earlier tap cast already; `cast` is what it made. */
export class AlreadyCast extends Error {
  /** @param {Cast} cast */
  constructor(cast) {
    super('already-cast');
    this.name = 'AlreadyCast';
    this.cast = cast;
  }
}

/**
 * Sign a ballot and keep it; from now on it is that one and no other, whatever happens.
 *
 * @param {Poll} poll
 * @param {Reviewed} reviewed
 * @param {number} after the `seq` that the voter saw as the newest; 0: none
 * @returns {Promise<Vote>}
 * @throws {AlreadyCast} another window was faster
 */
export function signBallot(poll, { draft, ans, texts }, after) {
  return changed(poll.frozen.id, async (vote) => {
    const last = vote.casts.filter(({ refused }) => !refused).at(-1);
    if (last && last.seq > after) throw new AlreadyCast(last);
    if (!vote.permit) throw new KeptIsGone();
    const seq = (vote.casts.at(-1)?.seq ?? 0) + 1;
    const { bytes, leaf } = await makeOut(poll, vote, ans, seq);
    /** @type {Cast} */
    const cast = { seq, body: bodyOf(bytes, texts), leaf: b64u(leaf), draft, receipt: null, refused: null };
    return { ...vote, draft: null, casts: [...vote.casts, cast] };
  });
}

/** @param {Poll} poll @param {Vote} vote @param {JsonObject} answers @param {number} seq */
async function makeOut(poll, vote, answers, seq) {
  const { id, ph, level } = poll.frozen;
  const permit = /** @type {JsonObject} */ (vote.permit);
  if (level === 'secret') {
    return makeBallot(unb64u(vote.seed, 32), { poll: id, ph, answers, permits: [permit], seq });
  }
  const ballot = { v: 1, poll: id, ph, seq, nonce: b64u(random(NONCE_LENGTH)), ans: answers, permit };
  const bytes = sendableBytes(ballot);
  readBallot(ballot, bytes.length);
  return { bytes, leaf: await leafOf(bytes) };
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {JsonObject} beside */
function bodyOf(bytes, beside) {
  const ballot = fromUtf8(bytes);
  if (!Object.keys(beside).length) return ballot;
  return `${ballot.slice(0, -1)},"texts":${canonicalText(beside)}}`;
}

/**
 * Send the ballot that waits, and keep its receipt; sent again, it is the same ballot.
 *
 * @param {string} poll
 * @returns {Promise<Vote>}
 * @throws {import('./api.js').Unreachable | import('./api.js').NotUnderstood | Refused} it still waits, or may be
 *   there already; a refusal that is for good is kept and not thrown
 */
export function sendBallot(poll) {
  return alone(`send/${poll}`, async () => {
    const vote = await getVote(poll);
    const cast = waiting(vote);
    if (!cast) return vote;
    /** @type {Partial<Cast>} */
    let after;
    try {
      after = { receipt: await receiptOf(vote, cast) };
    } catch (error) {
      if (!(error instanceof Refused) || !isForGood(error)) throw error;
      after = { refused: { code: error.code, sentence: error.sentence } };
    }
    return changed(poll, (now) =>
      ({ ...now, casts: now.casts.map((one) => (one.leaf === cast.leaf ? { ...one, ...after } : one)) }));
  });
}

/**
 * After a 429 or a fault of the server the ballot may lie there already; and whoever does not
 * know the address or the method has not looked at the ballot.
 *
 * @param {Refused} refused
 */
function isForGood({ status, code }) {
  const unheard = status >= 500 || [401, 404, 405, 408, 425, 429].includes(status);
  return code === 'poll-unknown' || !(unheard || ['poll-suspended', 'poll-not-yet-open'].includes(code));
}

/** @param {Vote} vote @param {Cast} cast @returns {Promise<JsonObject>} */
async function receiptOf({ poll, definition }, { body, leaf }) {
  const answer = await ask(`/polls/${poll}/ballots`, { method: 'POST', body, repeat: true });
  const mine = unb64u(leaf, 32);
  return understood(async () => {
    if (!(await canSign())) return readReceipt(answer).content && answer;
    const boardKey = unb64u(definition.board_key, 32);
    await checkReceipt(answer, { boardKey, poll, leaf: mine });
    return answer;
  });
}

/** A receipt as it is kept in a file. @param {Cast} cast */
export const receiptText = (cast) => canonicalText(cast.receipt);
