/**
 * Reading what another program sent: exactly these keys, exactly these types, one spelling,
 * so that nothing unsigned, unhashed or doubly spelled rides along.
 */

import { unb64u } from './bytes.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./canonical.js').Json} Json */
/** @typedef {import('./canonical.js').JsonObject} JsonObject */

export const IDENTIFIER = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/;
export const KEY_ID = /^[A-Za-z0-9_-]{1,64}$/;
export const SHA256_HEX = /^[0-9a-f]{64}$/;
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const SHOWS = /[^\s\p{Cf}\u115f\u1160\u2800\u3164\uffa0]/u;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** @param {string} field @returns {never} */
export function fault(field) {
  throw new Refusal('malformed', { field: field.slice(0, 80) });
}

/**
 * An object with all of `required` and nothing beyond `optional`.
 *
 * @param {Json | undefined} value
 * @param {string} what
 * @param {readonly string[]} required
 * @param {readonly string[]} [optional]
 * @returns {JsonObject}
 */
export function record(value, what, required, optional = []) {
  const fields = object(value, what);
  for (const key of required) if (!Object.hasOwn(fields, key)) fault(key);
  for (const key of Object.keys(fields)) {
    if (!required.includes(key) && !optional.includes(key)) fault(key);
  }
  return fields;
}

/** @param {Json | undefined} value @param {string} what @returns {JsonObject} */
export function object(value, what) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return fault(what);
  return value;
}

/** @param {Json | undefined} value @param {string} what @returns {Json[]} */
export function list(value, what) {
  return Array.isArray(value) ? value : fault(what);
}

/** @param {JsonObject} value @param {string} field @returns {string} */
export function text(value, field) {
  const found = value[field];
  return typeof found === 'string' ? found : fault(field);
}

/** @param {JsonObject} value @param {string} field @returns {boolean} */
export function truth(value, field) {
  const found = value[field];
  return typeof found === 'boolean' ? found : fault(field);
}

/**
 * @param {JsonObject} value
 * @param {string} field
 * @param {number} [least]
 * @param {number} [most]
 * @returns {number}
 */
export function whole(value, field, least = 0, most = Number.MAX_SAFE_INTEGER) {
  const found = value[field];
  if (typeof found !== 'number' || !Number.isSafeInteger(found)) return fault(field);
  return found >= least && found <= most ? found : fault(field);
}

/** The field `v` is the integer 1. @param {JsonObject} value */
export const version = (value) => whole(value, 'v', 1, 1);

/** @param {JsonObject} value @param {string} field @param {RegExp} pattern @returns {string} */
export function matching(value, field, pattern) {
  const found = text(value, field);
  return pattern.test(found) ? found : fault(field);
}

/**
 * A time that was, in the one spelling `2030-01-31T18:00:00Z`.
 *
 * @param {JsonObject} value
 * @param {string} field
 */
export function time(value, field) {
  const found = matching(value, field, TIME);
  const at = new Date(found);
  const spelled = Number.isNaN(at.getTime()) ? '' : at.toISOString().replace('.000Z', 'Z');
  return spelled === found && !found.startsWith('0000') ? found : fault(field);
}

/**
 * `length` bytes in canonical base64url.
 *
 * @param {JsonObject} value
 * @param {string} field
 * @param {number} [length]
 */
export function raw(value, field, length) {
  try {
    return unb64u(value[field], length);
  } catch {
    return fault(field);
  }
}

/**
 * Whether a text that a person wrote may stand: not blank, at most `most` characters, Unicode
 * form NFC, without control characters or signs that turn the direction of writing.
 *
 * @param {string} value
 * @param {number} most
 * @param {boolean} [lines] whether it may have several lines
 */
export function isPlain(value, most, lines = false) {
  const line = lines ? value.replaceAll('\n', '') : value;
  return SHOWS.test(value) && !FORBIDDEN.test(line) &&
    [...value].length <= most && value.normalize('NFC') === value;
}
