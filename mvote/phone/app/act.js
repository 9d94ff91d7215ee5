/**
 * Acts: what a citizen does within one scope, signed by a key that only its permit vouches for.
 *
 *     {"v":1, "scope", "sh", "act":"support", "seq":1, "bk", "nonce", "body":{…},
 *      "permit":[{kid, pre, sig}], "sig"}
 *
 * The permit is asked for and finished as for a secret poll (permit.js), with the scope's hash
 * `sh` in the place of the poll's.  `seq` grows from act to act: the phone stores it with the
 * seed, and the bytes of an act until they are answered, for a retry has to send them again.
 */

import { b64u, hex, random } from './bytes.js';
import { canonicalBytes, digest, sendableBytes } from './canonical.js';
import { ballotKey } from './derive.js';
import { KEY_LENGTH, SIGNATURE_LENGTH, isWeak, labelled, verify } from './ed25519.js';
import { IDENTIFIER, SHA256_HEX, fault, list, matching, object, raw, record, version, whole } from './exact.js';
import { isBlindGood, readBlindPermit } from './permit.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./canonical.js').Json} Json */
/** @typedef {import('./canonical.js').JsonObject} JsonObject */
/** @typedef {import('./permit.js').Issuers} Issuers */

/**
 * `holder` is one citizen's pseudonym within this scope and nowhere else.
 *
 * @typedef {object} Act
 * @property {string} scope
 * @property {string} sh
 * @property {string} act
 * @property {number} seq
 * @property {string} holder
 * @property {JsonObject} body
 * @property {Bytes} bk
 * @property {import('./permit.js').BlindPermit} permit
 * @property {Bytes} sig
 * @property {JsonObject} content
 */

export const LABEL = 'mvote-act-v1';
export const NONCE_LENGTH = 16;
export const MAX_BYTES = 64 * 1024;
const ACT = /^[a-z][a-z0-9-]{0,31}$/;
const KEYS = ['v', 'scope', 'sh', 'act', 'seq', 'bk', 'nonce', 'body', 'permit', 'sig'];

/** The hash of a scope's definition, `sh`. @param {Json} definition */
export const scopeHash = (definition) => digest(definition);

/**
 * Make out and sign an act.  Keep its bytes until they are answered.
 *
 * @param {Bytes} seed
 * @param {{ scope: string, sh: string, act: string, body: JsonObject, permit: JsonObject, seq: number, nonce?: Bytes }} made
 * @returns {Promise<Bytes>}
 * @throws {Refusal} `malformed-json` for a body that no act can hold, `malformed`, `act-too-large`
 */
export async function makeAct(seed, made) {
  const { scope, sh, act, body, permit, seq, nonce = random(NONCE_LENGTH) } = made;
  const key = await ballotKey(seed, sh);
  /** @type {JsonObject} */
  const content = {
    v: 1, scope, sh, act, seq, bk: b64u(key.public), nonce: b64u(nonce), body, permit: [permit],
  };
  const signed = { ...content, sig: b64u(await key.sign(labelled(LABEL, content))) };
  const bytes = sendableBytes(signed);
  readAct(signed, bytes.length);
  return bytes;
}

/**
 * Read the form of an act strictly; permit and signature are not yet checked.
 *
 * @param {Json} value
 * @param {number} [length] of its canonical bytes, where the caller has them
 * @returns {Act}
 * @throws {Refusal} `malformed`, `act-too-large`
 */
export function readAct(value, length) {
  const fields = record(value, 'act', KEYS);
  version(fields);
  const bk = raw(fields, 'bk', KEY_LENGTH);
  if (isWeak(bk)) fault('bk');
  raw(fields, 'nonce', NONCE_LENGTH);
  const body = object(fields.body, 'body');
  const [permit, ...more] = list(fields.permit, 'permit').map(readBlindPermit);
  if (!permit || more.length) fault('permit');
  if ((length ?? canonicalBytes(fields).length) > MAX_BYTES) throw new Refusal('act-too-large');
  const content = { ...fields };
  delete content.sig;
  return {
    scope: matching(fields, 'scope', IDENTIFIER),
    sh: matching(fields, 'sh', SHA256_HEX),
    act: matching(fields, 'act', ACT),
    seq: whole(fields, 'seq', 1, Number.MAX_SAFE_INTEGER),
    holder: hex(bk),
    body,
    bk,
    permit: /** @type {import('./permit.js').BlindPermit} */ (permit),
    sig: raw(fields, 'sig', SIGNATURE_LENGTH),
    content,
  };
}

/**
 * Whether it is this act in this scope, permitted by one of its issuers, and signed.
 *
 * @param {Act} act
 * @param {{ scope: string, sh: string, act: string, issuers: Issuers }} taken
 */
export async function isActGood(act, taken) {
  const { scope, sh, issuers } = taken;
  if (act.scope !== scope || act.sh !== sh || act.act !== taken.act) return false;
  return await isBlindGood(act.permit, { ph: sh, bk: act.bk, issuers }) &&
    verify(act.bk, labelled(LABEL, act.content), act.sig);
}
