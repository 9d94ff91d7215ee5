/**
 * Permits: "one eligible citizen, this poll".
 *
 * A blind permit, `{"kid", "pre", "sig"}`, signs `pre || "mvote-permit-v1" || 0x00 || ph || bk`
 * without its issuer having seen it.  A pseudonym permit, `{"v", "ph", "kid", "mark", "name"?,
 * "sig"}`, carries a mark that its issuer made.
 */

import { b64u, concat, unb64u, unhex, utf8 } from './bytes.js';
import { MODULUS_BITS, blind, finalise, readIssuer, verify as verifyBlind } from './blind.js';
import { PREFIX_LENGTH, ballotKey, blinding } from './derive.js';
import { KEY_LENGTH, SIGNATURE_LENGTH, labelled, verify as verifyEd25519 } from './ed25519.js';
import { KEY_ID, SHA256_HEX, fault, isPlain, list, matching, raw, record, text, version } from './exact.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./canonical.js').Json} Json */
/** @typedef {import('./canonical.js').JsonObject} JsonObject */
/** @typedef {import('./blind.js').Issuer} Issuer */
/** @typedef {{ kid: string, pre: Bytes, sig: Bytes }} BlindPermit */
/**
 * `named`: with the name that its voter chose; `content` is what is signed.
 *
 * @typedef {object} PseudonymPermit
 * @property {string} ph
 * @property {string} kid
 * @property {Bytes} mark
 * @property {boolean} named
 * @property {Bytes} sig
 * @property {JsonObject} content
 */
/** @typedef {{ alg: 'Ed25519', kid: string, x: Bytes }} Ed25519Issuer */
/** @typedef {{ blind: Map<string, Issuer>, pseudonym: Map<string, Ed25519Issuer> }} Issuers */

const LABEL = utf8('mvote-permit-v1\0');
const PSEUDONYM_LABEL = 'mvote-pseudonym-v1';
const MAX_NAME = 80;
const PERMIT_KEYS = ['kid', 'pre', 'sig'];
const PSEUDONYM_KEYS = ['v', 'ph', 'kid', 'mark', 'sig'];

/** @param {Bytes} pre @param {string} ph @param {Bytes} bk */
export const permitMessage = (pre, ph, bk) => concat(pre, LABEL, unhex(ph), bk);

/**
 * What to send to the people side: the same seed gives the same request.
 *
 * @param {Bytes} seed
 * @param {string} ph
 * @param {Issuer} issuer
 */
export async function requestPermit(seed, ph, issuer) {
  const [{ pre, salt, r }, key] = await Promise.all([
    blinding(seed, ph, issuer), ballotKey(seed, ph),
  ]);
  const { blinded } = await blind(issuer, permitMessage(pre, ph, key.public), salt, r);
  return { kid: issuer.kid, blinded_msg: b64u(blinded) };
}

/**
 * Make the permit out of the issuer's answer; a permit that would not be taken is none.
 *
 * @param {Bytes} seed
 * @param {string} ph
 * @param {Issuer} issuer
 * @param {Json} answer `{"kid", "blind_sig"}`
 * @throws {Refusal} `malformed`, `signature-not-valid`
 */
export async function finishPermit(seed, ph, issuer, answer) {
  const fields = record(answer, 'permit', ['kid', 'blind_sig']);
  if (fields.kid !== issuer.kid) fault('kid');
  const [{ pre, salt, r }, key] = await Promise.all([
    blinding(seed, ph, issuer), ballotKey(seed, ph),
  ]);
  const message = permitMessage(pre, ph, key.public);
  const { inverse } = await blind(issuer, message, salt, r);
  const sig = await finalise(issuer, message, unb64u(fields.blind_sig), inverse);
  return { kid: issuer.kid, pre: b64u(pre), sig: b64u(sig) };
}

/** @param {Json} value @returns {BlindPermit} */
export function readBlindPermit(value) {
  const fields = record(value, 'permit', PERMIT_KEYS);
  const sig = raw(fields, 'sig');
  if (!MODULUS_BITS.includes(8 * sig.length)) fault('sig');
  return {
    kid: matching(fields, 'kid', KEY_ID),
    pre: raw(fields, 'pre', PREFIX_LENGTH),
    sig,
  };
}

/** @param {Json} value @returns {PseudonymPermit} */
export function readPseudonymPermit(value) {
  const fields = record(value, 'permit', PSEUDONYM_KEYS, ['name']);
  version(fields);
  const named = Object.hasOwn(fields, 'name');
  if (named) {
    const name = text(fields, 'name');
    if (!isPlain(name, MAX_NAME) || name !== name.trim()) fault('name');
  }
  const content = { ...fields };
  delete content.sig;
  return {
    ph: matching(fields, 'ph', SHA256_HEX),
    kid: matching(fields, 'kid', KEY_ID),
    mark: raw(fields, 'mark', 32),
    named,
    sig: raw(fields, 'sig', SIGNATURE_LENGTH),
    content,
  };
}

/**
 * Whether an issuer of this poll signed the permit for this poll and this ballot key.
 *
 * @param {BlindPermit} permit
 * @param {{ ph: string, bk: Bytes, issuers: Issuers }} poll
 */
export async function isBlindGood(permit, { ph, bk, issuers }) {
  const issuer = issuers.blind.get(permit.kid);
  return issuer !== undefined &&
    verifyBlind(issuer, permitMessage(permit.pre, ph, bk), permit.sig);
}

/**
 * Whether an issuer of this poll signed the pseudonym; names stand at level `open` only.
 *
 * @param {PseudonymPermit} permit
 * @param {{ ph: string, level: string, issuers: Issuers }} poll
 */
export async function isPseudonymGood(permit, { ph, level, issuers }) {
  const issuer = issuers.pseudonym.get(permit.kid);
  if (!issuer || permit.ph !== ph || (permit.named && level !== 'open')) return false;
  return verifyEd25519(issuer.x, labelled(PSEUDONYM_LABEL, permit.content), permit.sig);
}

/**
 * The issuer keys of a frozen poll.
 *
 * @param {Json[]} values
 * @returns {Promise<Issuers>}
 * @throws {Refusal} `malformed`
 */
export async function readIssuers(values) {
  /** @type {Issuers} */
  const issuers = { blind: new Map(), pseudonym: new Map() };
  for (const value of values) {
    if (Object.hasOwn(/** @type {object} */ (value ?? {}), 'x')) {
      const issuer = readEd25519Issuer(value);
      issuers.pseudonym.set(issuer.kid, issuer);
    } else {
      const issuer = await readIssuer(value);
      issuers.blind.set(issuer.kid, issuer);
    }
  }
  const read = issuers.blind.size + issuers.pseudonym.size;
  if (!read) throw new Refusal('malformed', { field: 'issuer' });
  if (read !== values.length) fault('kid');
  return issuers;
}

/**
 * The keys that issue permits for a poll; those of its level, and one where permits are blind.
 *
 * @param {import('./poll.js').Poll} poll
 * @throws {import('./refusal.js').Refusal} `malformed`
 */
export async function issuersOf({ definition, level }) {
  const issuers = await readIssuers(list(definition.issuer, 'issuer'));
  const secret = level === 'secret';
  if (secret ? issuers.pseudonym.size || issuers.blind.size > 1 : issuers.blind.size) fault('issuer');
  return issuers;
}

/** @param {Json} value @returns {Ed25519Issuer} */
function readEd25519Issuer(value) {
  const fields = record(value, 'issuer', ['kid', 'alg', 'x', 'operator']);
  if (fields.alg !== 'Ed25519') fault('alg');
  const kid = matching(fields, 'kid', KEY_ID);
  return { alg: 'Ed25519', kid, x: raw(fields, 'x', KEY_LENGTH) };
}
