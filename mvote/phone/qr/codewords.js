/** What stands in a QR code: the bytes, filled up, in blocks with Reed-Solomon words (section 7.5). */

/** Words of correction in a block, by version, at level M (table 9). */
const CORRECTION = [
  0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
  26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
];
/** Blocks, by version, at level M. */
const BLOCKS = [
  0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
  17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
];
const MOST_VERSION = 40;
const BYTES = 0b0100;
const FILL = [0xec, 0x11];
const FIELD = 0x11d;

/** How many words a version holds in all. @param {number} version */
function wordsOf(version) {
  let squares = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const count = Math.floor(version / 7) + 2;
    squares -= (25 * count - 10) * count - 55;
    if (version >= 7) squares -= 36;
  }
  return Math.floor(squares / 8);
}

/** @param {number} version */
const perBlock = (version) => /** @type {number} */ (CORRECTION[version]);
/** @param {number} version */
const blocksOf = (version) => /** @type {number} */ (BLOCKS[version]);
/** @param {number} version */
const dataOf = (version) => wordsOf(version) - perBlock(version) * blocksOf(version);

/**
 * The words of the smallest version that holds these bytes, in the order in which they are drawn.
 *
 * @param {Uint8Array} bytes
 * @throws {RangeError}
 */
export function withCorrection(bytes) {
  for (let version = 1; version <= MOST_VERSION; version += 1) {
    const counting = version < 10 ? 8 : 16;
    const needed = 4 + counting + 8 * bytes.length;
    if (needed <= 8 * dataOf(version)) return { version, words: interleaved(filled(bytes, counting, dataOf(version)), version) };
  }
  throw new RangeError('too long for a QR code');
}

/** @param {Uint8Array} bytes @param {number} counting bits of the length @param {number} most */
function filled(bytes, counting, most) {
  /** @type {boolean[]} */
  const bits = [];
  append(bits, BYTES, 4);
  append(bits, bytes.length, counting);
  for (const byte of bytes) append(bits, byte, 8);
  append(bits, 0, Math.min(4, 8 * most - bits.length));
  append(bits, 0, -bits.length & 7);
  const words = [];
  for (let at = 0; at < bits.length; at += 8) {
    words.push(bits.slice(at, at + 8).reduce((word, bit) => 2 * word + Number(bit), 0));
  }
  for (let at = 0; words.length < most; at += 1) words.push(/** @type {number} */ (FILL[at % 2]));
  return words;
}

/** @param {boolean[]} bits @param {number} value @param {number} length */
function append(bits, value, length) {
  for (let at = length - 1; at >= 0; at -= 1) bits.push(((value >> at) & 1) === 1);
}

/** @param {readonly number[]} words */
export function bitsOf(words) {
  /** @type {boolean[]} */
  const bits = [];
  for (const word of words) append(bits, word, 8);
  return bits;
}

/** One word of each block in turn, then one of correction of each in turn. @param {number[]} data @param {number} version */
function interleaved(data, version) {
  const [blocks, correction] = [blocksOf(version), perBlock(version)];
  const shorter = Math.floor(data.length / blocks);
  const firstLonger = blocks - (data.length % blocks);
  const divisor = generator(correction);
  const parts = [];
  for (let block = 0, at = 0; block < blocks; block += 1) {
    const length = shorter + (block >= firstLonger ? 1 : 0);
    const own = data.slice(at, at + length);
    parts.push({ own, check: remainder(own, divisor) });
    at += length;
  }
  const words = [];
  for (let at = 0; at <= shorter; at += 1) for (const { own } of parts) words.push(own[at]);
  for (let at = 0; at < correction; at += 1) for (const { check } of parts) words.push(check[at]);
  return words.filter((word) => word !== undefined);
}

/** In the field of 256 elements. @param {number} one @param {number} other */
function times(one, other) {
  let made = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    made = (made << 1) ^ ((made >> 7) * FIELD);
    made ^= ((other >> bit) & 1) * one;
  }
  return made;
}

/** The product of (x - 2^i), without its leading 1. @param {number} degree */
function generator(degree) {
  const made = Array(degree - 1).fill(0).concat(1);
  let root = 1;
  for (let step = 0; step < degree; step += 1) {
    for (let at = 0; at < degree; at += 1) made[at] = times(made[at], root) ^ (made[at + 1] ?? 0);
    root = times(root, 2);
  }
  return made;
}

/** @param {readonly number[]} data @param {readonly number[]} divisor */
function remainder(data, divisor) {
  const left = divisor.map(() => 0);
  for (const word of data) {
    const factor = word ^ /** @type {number} */ (left.shift());
    left.push(0);
    divisor.forEach((one, at) => { left[at] = /** @type {number} */ (left[at]) ^ times(one, factor); });
  }
  return left;
}
