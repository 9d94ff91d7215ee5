/** Bytes and how they are spelled: UTF-8, hexadecimal, base64, numbers, digests. */

import { Refusal } from './refusal.js';

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const encoder = new TextEncoder();

/** @param {string} text @returns {Bytes} */
export const utf8 = (text) => encoder.encode(text);

/**
 * Decode UTF-8; a byte order mark is a character like any other.
 *
 * @param {Uint8Array} raw
 * @returns {string}
 * @throws {Refusal} `not-utf-8`
 */
export function fromUtf8(raw) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    throw new Refusal('not-utf-8');
  }
}

/** @param {...Uint8Array} parts @returns {Bytes} */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {Uint8Array} one @param {Uint8Array} other */
export function equal(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** @param {Uint8Array} raw */
export function hex(raw) {
  let text = '';
  for (const byte of raw) text += HEX[byte];
  return text;
}

/**
 * @param {string} text lower case, two digits a byte
 * @returns {Bytes}
 * @throws {Refusal} `not-hex`
 */
export function unhex(text) {
  if (text.length % 2 || !/^[0-9a-f]*$/.test(text)) throw new Refusal('not-hex');
  const raw = new Uint8Array(text.length / 2);
  for (let at = 0; at < raw.length; at += 1) raw[at] = parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return raw;
}

/** Base64 with padding (RFC 4648 section 4). @param {Uint8Array} raw */
export function b64(raw) {
  let text = '';
  for (const byte of raw) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Base64url without padding (RFC 4648 section 5). @param {Uint8Array} raw */
export function b64u(raw) {
  return b64(raw).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * Decode canonical base64 with padding.
 *
 * @param {string} text
 * @returns {Bytes}
 * @throws {Refusal} `not-base64`: also for another spelling of the same bytes
 */
export function unb64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) throw new Refusal('not-base64');
  const raw = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  if (b64(raw) !== text) throw new Refusal('not-base64');
  return raw;
}

/**
 * Decode canonical base64url without padding.
 *
 * @param {unknown} text
 * @param {number} [length] the bytes have to be that many
 * @returns {Bytes}
 * @throws {Refusal} `not-base64url`: also for another spelling of the same bytes
 */
export function unb64u(text, length) {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    throw new Refusal('not-base64url');
  }
  const raw = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
    c.charCodeAt(0),
  );
  const wrong = length !== undefined && raw.length !== length;
  if (wrong || b64u(raw) !== text) throw new Refusal('not-base64url');
  return raw;
}

/** The big-endian number that bytes spell (RFC 8017 OS2IP). @param {Uint8Array} raw */
export function toNumber(raw) {
  return BigInt(`0x${hex(raw) || '0'}`);
}

/**
 * Spell a number in `length` bytes, big-endian (RFC 8017 I2OSP).
 *
 * @param {bigint} number
 * @param {number} length
 * @returns {Bytes}
 * @throws {Refusal} `number-too-large`
 */
export function fromNumber(number, length) {
  const text = number.toString(16).padStart(2 * length, '0');
  if (text.length > 2 * length) throw new Refusal('number-too-large');
  return unhex(text);
}

/**
 * @param {'SHA-1' | 'SHA-256' | 'SHA-384'} algorithm
 * @param {Bytes} raw
 * @returns {Promise<Bytes>}
 */
export async function hash(algorithm, raw) {
  return new Uint8Array(await crypto.subtle.digest(algorithm, raw));
}

/** @param {Bytes} raw */
export const sha256 = (raw) => hash('SHA-256', raw);

/** Spell the first 80 bits in 16 characters of Crockford's base32. @param {Uint8Array} raw */
export function crockford(raw) {
  const number = toNumber(raw.slice(0, 10));
  let text = '';
  for (let shift = 75n; shift >= 0n; shift -= 5n) text += CROCKFORD[Number((number >> shift) & 31n)];
  return text;
}

/** @param {number} length @returns {Bytes} */
export const random = (length) => crypto.getRandomValues(new Uint8Array(length));
