/**
 * Ballots: what a phone casts, read strictly and named by its leaf hash.
 *
 * With blind permits, one of every issuer, the ballot key signs it; a pseudonym permit stands
 * for itself:
 *
 *     {"v":1, "poll", "ph", "seq":1, "bk", "nonce", "ans":{"q1":["a"]}, "permit":[{…}], "sig"}
 *     {"v":1, "poll", "ph", "seq":1,       "nonce", "ans":{"q1":["a"]}, "permit":{…}}
 */

import { b64u, concat, hex, random, sha256 } from './bytes.js';
import { canonicalBytes, sendableBytes } from './canonical.js';
import { ballotKey } from './derive.js';
import { KEY_LENGTH, SIGNATURE_LENGTH, isWeak, labelled, verify } from './ed25519.js';
import { IDENTIFIER, SHA256_HEX, fault, isPlain, list, matching, object, raw, record, version, whole } from './exact.js';
import { isBlindGood, isPseudonymGood, readBlindPermit, readPseudonymPermit } from './permit.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./canonical.js').Json} Json */
/** @typedef {import('./canonical.js').JsonObject} JsonObject */
/** @typedef {import('./permit.js').Issuers} Issuers */

/**
 * `holder` is the same for all ballots of one voter in one poll and different for every
 * other voter; `answers` are as sent.
 *
 * @typedef {object} Ballot
 * @property {string} poll
 * @property {string} ph
 * @property {number} seq
 * @property {string} holder
 * @property {JsonObject} answers
 * @property {import('./permit.js').PseudonymPermit | null} pseudonym
 * @property {{ bk: Bytes, permits: import('./permit.js').BlindPermit[], sig: Bytes, content: JsonObject } | null} signed
 */

export const LABEL = 'mvote-ballot-v1';
export const NONCE_LENGTH = 16;
export const MAX_SEQ = 1000;
export const MAX_BYTES = 64 * 1024;
const MAX_PERMITS = 4;
const MAX_QUESTIONS = 100;
const MAX_ANSWER_TEXT = 256;
const MAX_ANSWER_DEPTH = 3;
const KEYS = ['v', 'poll', 'ph', 'seq', 'nonce', 'ans', 'permit'];
const SECRET_KEYS = [...KEYS, 'bk', 'sig'];
const LEAF = Uint8Array.of(0);

/**
 * Make out and sign a ballot.  Keep its bytes: a retry has to send them again, and a vote
 * changed later needs a higher `seq`.
 *
 * @param {Bytes} seed
 * @param {{ poll: string, ph: string, answers: JsonObject, permits: JsonObject[], seq?: number, nonce?: Bytes }} made
 * @returns {Promise<{ bytes: Bytes, leaf: Bytes }>}
 * @throws {Refusal} `malformed-json` for an answer that no ballot can hold, `malformed`
 */
export async function makeBallot(seed, made) {
  const { poll, ph, answers, permits, seq = 1, nonce = random(NONCE_LENGTH) } = made;
  const key = await ballotKey(seed, ph);
  /** @type {JsonObject} */
  const content = {
    v: 1, poll, ph, seq, bk: b64u(key.public), nonce: b64u(nonce), ans: answers, permit: permits,
  };
  const ballot = { ...content, sig: b64u(await key.sign(labelled(LABEL, content))) };
  const bytes = sendableBytes(ballot);
  readBallot(ballot, bytes.length);
  return { bytes, leaf: await leafOf(bytes) };
}

/** The leaf hash of canonical bytes (RFC 9162 section 2.1.1). @param {Uint8Array} canonical */
export const leafOf = (canonical) => sha256(concat(LEAF, canonical));

/**
 * Read the form of a ballot strictly; signatures, poll and answers are not yet checked.
 *
 * @param {Json} value
 * @param {number} [length] of its canonical bytes, where the caller has them
 * @returns {Ballot}
 * @throws {Refusal} `malformed`, `ballot-too-large`
 */
export function readBallot(value, length) {
  const isSecret = Array.isArray(object(value, 'ballot').permit);
  const fields = record(value, 'ballot', isSecret ? SECRET_KEYS : KEYS);
  version(fields);
  raw(fields, 'nonce', NONCE_LENGTH);
  const signed = isSecret ? readSigned(fields) : null;
  const pseudonym = signed ? null : readPseudonymPermit(fields.permit ?? null);
  if ((length ?? canonicalBytes(fields).length) > MAX_BYTES) throw new Refusal('ballot-too-large');
  return {
    poll: matching(fields, 'poll', IDENTIFIER),
    ph: matching(fields, 'ph', SHA256_HEX),
    seq: whole(fields, 'seq', 1, MAX_SEQ),
    holder: hex(signed?.bk ?? pseudonym?.mark ?? new Uint8Array(0)),
    answers: readAnswers(fields.ans),
    pseudonym,
    signed,
  };
}

/** @param {JsonObject} fields */
function readSigned(fields) {
  const content = { ...fields };
  delete content.sig;
  const permits = list(fields.permit, 'permit').map(readBlindPermit);
  if (!permits.length || permits.length > MAX_PERMITS) fault('permit');
  const bk = raw(fields, 'bk', KEY_LENGTH);
  if (isWeak(bk)) fault('bk');
  return { bk, permits, sig: raw(fields, 'sig', SIGNATURE_LENGTH), content };
}

/** @param {Json | undefined} value */
function readAnswers(value) {
  const answers = object(value, 'ans');
  const questions = Object.keys(answers);
  if (questions.length > MAX_QUESTIONS) fault('ans');
  for (const question of questions) {
    const answer = answers[question];
    const fits = Array.isArray(answer) && answer.every((item) => mayStand(item, MAX_ANSWER_DEPTH - 1));
    if (!IDENTIFIER.test(question) || !fits) fault(`ans.${question}`);
  }
  return answers;
}

/**
 * Texts, whole numbers and short lists of them.
 *
 * @param {Json} item
 * @param {number} depth
 * @returns {boolean}
 */
function mayStand(item, depth) {
  if (typeof item === 'string') return isPlain(item, MAX_ANSWER_TEXT);
  if (Array.isArray(item)) return depth > 0 && item.every((inner) => mayStand(inner, depth - 1));
  return typeof item === 'number' && Number.isSafeInteger(item);
}

/**
 * Whether the ballot's own key signed it; a ballot with a pseudonym permit needs no signature.
 *
 * @param {Ballot} ballot
 */
export async function isSignatureGood({ signed }) {
  return signed === null || verify(signed.bk, labelled(LABEL, signed.content), signed.sig);
}

/**
 * Whether the ballot is for this poll and spends a good permit of every issuer, in their order.
 *
 * @param {Ballot} ballot
 * @param {{ poll: string, ph: string, level: string, issuers: Issuers }} frozen
 */
export async function isBallotPermitted(ballot, { poll, ph, level, issuers }) {
  if (ballot.poll !== poll || ballot.ph !== ph) return false;
  const { pseudonym, signed } = ballot;
  if (pseudonym) return level !== 'secret' && isPseudonymGood(pseudonym, { ph, level, issuers });
  const kids = [...issuers.blind.keys()];
  if (!signed || level !== 'secret' || signed.permits.length !== kids.length) return false;
  const good = await Promise.all(signed.permits.map((permit, place) =>
    permit.kid === kids[place] && isBlindGood(permit, { ph, bk: signed.bk, issuers })));
  return good.every(Boolean);
}
