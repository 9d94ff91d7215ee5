/**
 * Blind RSA signatures, the phone's side: RFC 9474 RSABSSA-SHA384-PSS-Randomized.
 *
 * The prefix of 32 bytes that "Randomized" asks for stands at the head of the message already
 * (see permit.js).  The RFC writes EMSA-PSS-ENCODE(msg, bit_len(n)); its vectors, RFC 8017 and
 * every library use bit_len(n) - 1.
 */

import { b64u, concat, fromNumber, hash, hex, sha256, toNumber, unb64u, utf8 } from './bytes.js';
import { canonicalText } from './canonical.js';
import { KEY_ID, fault, matching, record, text } from './exact.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {{ kid: string, operator: string, n: bigint, length: number, bits: number, key: CryptoKey }} Issuer */

export const ALGORITHM = 'RSABSSA-SHA384-PSS-Randomized';
export const SALT_LENGTH = 48;
export const MODULUS_BITS = [2048, 3072, 4096];
const E = 65537n;
const HASH_LENGTHS = { 'SHA-1': 20, 'SHA-384': 48 };

/** @param {bigint} base @param {bigint} exponent @param {bigint} n */
function power(base, exponent, n) {
  let [made, square, left] = [1n, base % n, exponent];
  while (left > 0n) {
    if (left & 1n) made = (made * square) % n;
    square = (square * square) % n;
    left >>= 1n;
  }
  return made;
}

/**
 * @param {bigint} number
 * @param {bigint} n
 * @throws {Refusal} `not-invertible`
 */
export function invert(number, n) {
  let [r0, r1, s0, s1] = [n, number % n, 0n, 1n];
  while (r1 > 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [s0, s1] = [s1, s0 - quotient * s1];
  }
  if (r0 !== 1n) throw new Refusal('not-invertible');
  return ((s0 % n) + n) % n;
}

/**
 * RFC 8017 appendix B.2.1.
 *
 * @param {'SHA-1' | 'SHA-384'} algorithm
 * @param {Bytes} seed
 * @param {number} length
 */
async function mask(algorithm, seed, length) {
  let made = new Uint8Array(0);
  for (let counter = 0; made.length < length; counter += 1) {
    made = concat(made, await hash(algorithm, concat(seed, fromNumber(BigInt(counter), 4))));
  }
  return made.slice(0, length);
}

/**
 * EMSA-PSS-ENCODE (RFC 8017 section 9.1.1).
 *
 * @param {Bytes} message
 * @param {number} bits
 * @param {Bytes} salt
 * @param {'SHA-1' | 'SHA-384'} [algorithm]
 * @throws {Refusal} `modulus-too-short`
 */
export async function encodePss(message, bits, salt, algorithm = 'SHA-384') {
  const [length, digestLength] = [Math.ceil(bits / 8), HASH_LENGTHS[algorithm]];
  const padding = length - salt.length - digestLength - 2;
  if (padding < 0) throw new Refusal('modulus-too-short');
  const inner = concat(new Uint8Array(8), await hash(algorithm, message), salt);
  const digest = await hash(algorithm, inner);
  const block = concat(new Uint8Array(padding), Uint8Array.of(1), salt);
  const masked = await mask(algorithm, digest, block.length);
  block.forEach((byte, at) => { masked[at] = /** @type {number} */ (masked[at]) ^ byte; });
  masked[0] = /** @type {number} */ (masked[0]) & (0xff >> (8 * length - bits));
  return concat(masked, digest, Uint8Array.of(0xbc));
}

/** The name of a key: 128 bits of its JWK thumbprint (RFC 7638). @param {string} n base64url */
export async function kidOf(n) {
  const thumbprint = await sha256(utf8(canonicalText({ e: 'AQAB', kty: 'RSA', n })));
  return hex(thumbprint).slice(0, 32);
}

/**
 * Read one issuer key of a frozen poll.
 *
 * @param {import('./canonical.js').Json} value
 * @returns {Promise<Issuer>}
 * @throws {Refusal} `malformed`
 */
export async function readIssuer(value) {
  const fields = record(value, 'issuer', ['kid', 'alg', 'n', 'e', 'operator']);
  if (fields.alg !== ALGORITHM) fault('alg');
  if (fields.e !== Number(E)) fault('e');
  const [kid, spelled] = [matching(fields, 'kid', KEY_ID), text(fields, 'n')];
  const n = readModulus(spelled);
  if (kid !== (await kidOf(spelled))) fault('kid');
  return { ...(await importKey(n)), kid, operator: text(fields, 'operator') };
}

/** @param {string} spelled */
function readModulus(spelled) {
  const raw = unb64u(spelled);
  const n = toNumber(raw);
  const bits = 8 * raw.length;
  if (!MODULUS_BITS.includes(bits) || n >> BigInt(bits - 1) !== 1n || !(n & 1n)) fault('n');
  return n;
}

/**
 * A public key of any size, as the vectors need it; `readIssuer` is the strict way in.
 *
 * @param {bigint} n
 */
export async function importKey(n) {
  const bits = n.toString(2).length;
  const length = Math.ceil(bits / 8);
  const jwk = { kty: 'RSA', n: b64u(fromNumber(n, length)), e: 'AQAB', alg: 'PS384', ext: true };
  const pss = { name: 'RSA-PSS', hash: 'SHA-384' };
  const key = await crypto.subtle.importKey('jwk', jwk, pss, true, ['verify']);
  return { n, bits, length, key };
}

/** @typedef {Pick<Issuer, 'n' | 'bits' | 'length' | 'key'>} PublicKey */

/**
 * Blind a message (RFC 9474 section 4.2).
 *
 * @param {PublicKey} key
 * @param {Bytes} message
 * @param {Bytes} salt
 * @param {bigint} r
 * @throws {Refusal} `not-invertible`
 */
export async function blind(key, message, salt, r) {
  const encoded = toNumber(await encodePss(message, key.bits - 1, salt));
  const inverse = invert(r, key.n);
  invert(encoded, key.n);
  return { blinded: fromNumber((encoded * power(r, E, key.n)) % key.n, key.length), inverse };
}

/**
 * Take the blinding off and verify (RFC 9474 section 4.4).
 *
 * @param {PublicKey} key
 * @param {Bytes} message
 * @param {Bytes} blindSignature
 * @param {bigint} inverse
 * @param {number} [saltLength]
 * @throws {Refusal} `signature-not-valid`
 */
export async function finalise(key, message, blindSignature, inverse, saltLength = SALT_LENGTH) {
  if (blindSignature.length !== key.length) throw new Refusal('signature-not-valid');
  const signature = fromNumber((toNumber(blindSignature) * inverse) % key.n, key.length);
  if (!(await verify(key, message, signature, saltLength))) throw new Refusal('signature-not-valid');
  return signature;
}

/**
 * RSASSA-PSS verification; false for what is no signature.
 *
 * @param {Pick<PublicKey, 'key' | 'length'>} key
 * @param {Bytes} message
 * @param {Bytes} signature
 * @param {number} [saltLength]
 */
export async function verify(key, message, signature, saltLength = SALT_LENGTH) {
  if (signature.length !== key.length) return false;
  try {
    const pss = { name: 'RSA-PSS', saltLength };
    return await crypto.subtle.verify(pss, key.key, signature, message);
  } catch {
    return false;
  }
}
