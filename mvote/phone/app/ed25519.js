/** Ed25519 (RFC 8032) by the browser's own WebCrypto. */

import { concat, equal, hex, unb64u, unhex, utf8 } from './bytes.js';
import { canonicalBytes } from './canonical.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {{ public: Bytes, sign: (message: Bytes) => Promise<Bytes> }} KeyPair */

export const KEY_LENGTH = 32;
export const SIGNATURE_LENGTH = 64;

const ED25519 = { name: 'Ed25519' };
const PKCS8_HEAD = unhex('302e020100300506032b657004220420'); // RFC 8410 section 7

/**
 * `y` of the points of small order, without the sign of `x`: a signature under such a key fits
 * messages that nobody signed, and programs disagree about it.
 */
const SMALL_ORDER = new Set([
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);
const SECOND_SPELLING = /^(e[d-f]|f.)(ff){30}7f$/; // y not below 2^255 - 19

// RFC 8032 section 7.1, TEST 1
const TEST_SEED = unhex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
const TEST_PUBLIC = unhex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');

/**
 * Try the cryptography that everything here rests on.
 *
 * @throws {Refusal} `no-webcrypto` (the page came over plain http), `no-ed25519` (the browser
 *   is too old)
 */
export async function checkCryptography() {
  if (!globalThis.crypto?.subtle) throw new Refusal('no-webcrypto');
  try {
    const pair = await keyPair(TEST_SEED);
    const message = utf8('mvote');
    const good = await verify(TEST_PUBLIC, message, await pair.sign(message));
    if (!good || !equal(pair.public, TEST_PUBLIC)) throw new Refusal('no-ed25519');
  } catch {
    throw new Refusal('no-ed25519');
  }
}

/** The key pair of a 32-byte seed. @param {Bytes} seed @returns {Promise<KeyPair>} */
export async function keyPair(seed) {
  const pkcs8 = concat(PKCS8_HEAD, seed);
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, ED25519, true, ['sign']);
  const jwk = await crypto.subtle.exportKey('jwk', key);
  return {
    public: unb64u(jwk.x, KEY_LENGTH),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign(ED25519, key, message)),
  };
}

/** @param {Bytes} publicKey */
function unsigned(publicKey) {
  const y = publicKey.slice();
  y[31] = /** @type {number} */ (y[31]) & 0x7f;
  return y;
}

/**
 * Whether 32 bytes spell a key that two verifiers could judge differently: a point of small
 * order, or a second spelling of any point.
 *
 * @param {Bytes} publicKey
 */
export function isWeak(publicKey) {
  const y = hex(unsigned(publicKey));
  return SMALL_ORDER.has(y) || SECOND_SPELLING.test(y);
}

/** Whether `signature` is this key's; false for what is no key. */
export async function verify(
  /** @type {Bytes} */ publicKey,
  /** @type {Bytes} */ message,
  /** @type {Bytes} */ signature,
) {
  if (isWeak(publicKey) || signature.length !== SIGNATURE_LENGTH) return false;
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, ED25519, false, ['verify']);
    return await crypto.subtle.verify(ED25519, key, signature, message);
  } catch {
    return false;
  }
}

/**
 * What is signed under a label: `label || 0x00 || JCS(content)`.
 *
 * @param {string} label
 * @param {import('./canonical.js').Json} content
 */
export const labelled = (label, content) => concat(utf8(`${label}\0`), canonicalBytes(content));
