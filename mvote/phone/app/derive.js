/**
 * Everything a phone needs in one poll, derived from one seed of that poll.
 *
 * The seed (32 random bytes) is stored first; whatever is lost afterwards comes out again,
 * bit for bit, so that every step may be repeated.  HKDF-SHA-256 (RFC 5869) with salt
 * `mvote-v1` and info `label || 0x00 || ph`, behind it the key id where a secret belongs to
 * one issuer key.
 */

import { b64u, concat, hex, random, sha256, toNumber, unhex, utf8 } from './bytes.js';
import { SALT_LENGTH } from './blind.js';
import { keyPair } from './ed25519.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./ed25519.js').KeyPair} KeyPair */
/** @typedef {{ pre: Bytes, salt: Bytes, r: bigint }} Blinding */

export const SEED_LENGTH = 32;
export const PREFIX_LENGTH = 32;
const EXCESS = 16; // bytes beyond the modulus, so that r is even but for 2^-128
const SALT = utf8('mvote-v1');

/** A seed for one poll; store it before anything else. */
export const newSeed = () => random(SEED_LENGTH);

/**
 * @param {Bytes} seed
 * @param {string} label
 * @param {string} ph 64 hexadecimal digits
 * @param {string} kid empty where the secret belongs to no issuer key
 * @param {number} length in bytes
 */
async function hkdf(seed, label, ph, kid, length) {
  if (seed.length !== SEED_LENGTH) throw new Refusal('malformed', { field: 'seed' });
  const info = concat(utf8(`${label}\0`), unhex(ph), utf8(kid));
  const key = await crypto.subtle.importKey('raw', seed, 'HKDF', false, ['deriveBits']);
  const hkdfOf = { name: 'HKDF', hash: 'SHA-256', salt: SALT, info };
  return new Uint8Array(await crypto.subtle.deriveBits(hkdfOf, key, 8 * length));
}

/** The key that signs this voter's ballots in this poll. @param {Bytes} seed @param {string} ph */
export const ballotKey = async (seed, ph) =>
  keyPair(await hkdf(seed, 'ballot-key', ph, '', 32));

/**
 * What blinds the permit.  `r` lies evenly between 2 and n - 2.
 *
 * @param {Bytes} seed
 * @param {string} ph
 * @param {{ kid: string, n: bigint, length: number }} issuer
 * @returns {Promise<Blinding>}
 */
export async function blinding(seed, ph, issuer) {
  const { kid, n, length } = issuer;
  const excess = toNumber(await hkdf(seed, 'blind', ph, kid, length + EXCESS));
  return {
    pre: await hkdf(seed, 'pre', ph, kid, PREFIX_LENGTH),
    salt: await hkdf(seed, 'salt', ph, kid, SALT_LENGTH),
    r: (excess % (n - 3n)) + 2n,
  };
}

/** The mark that the order of options hangs on. @param {Bytes} seed @param {string} ph */
export const orderMark = async (seed, ph) => b64u(await hkdf(seed, 'order', ph, '', 32));

/**
 * The order in which a phone shows the options of a question: by
 * `SHA-256(mark "|" question id "|" option id)`.  It is made on the phone, for an order or a seed
 * sent by the server would tag the voter.
 *
 * @param {string} mark base64url, as it stands in a pseudonym permit or comes from the seed
 * @param {string} question
 * @param {readonly string[]} options
 * @returns {Promise<string[]>}
 */
export async function optionOrder(mark, question, options) {
  const keyed = await Promise.all(
    options.map(async (option) => {
      const place = hex(await sha256(utf8(`${mark}|${question}|${option}`)));
      return { option, place };
    }),
  );
  return keyed.sort((one, other) => (one.place < other.place ? -1 : 1)).map(({ option }) => option);
}
