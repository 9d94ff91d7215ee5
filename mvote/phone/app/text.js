/** Texts a person wrote: visible, in Unicode form NFC. */

const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const SHOWS = /[^\s\p{Cf}\u115f\u1160\u2800\u3164\uffa0]/u;

/**
 * Whether a text may stand: not blank, at most `most` characters, NFC, without control
 * characters or signs that turn the direction of writing.
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
