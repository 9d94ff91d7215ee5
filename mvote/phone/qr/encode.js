/**
 * QR codes (ISO/IEC 18004), made on the phone: whoever draws a receipt elsewhere learns it.
 *
 * Bytes in UTF-8, error correction level M (a seventh may be lost), the smallest version that
 * holds them, the mask that reads best.
 */

import { bitsOf, withCorrection } from './codewords.js';

/** @typedef {boolean[][]} Modules rows of squares, true where dark; without the quiet border */

const MASKS = [
  (/** @type {number} */ x, /** @type {number} */ y) => (x + y) % 2 === 0,
  (/** @type {number} */ _, /** @type {number} */ y) => y % 2 === 0,
  (/** @type {number} */ x) => x % 3 === 0,
  (/** @type {number} */ x, /** @type {number} */ y) => (x + y) % 3 === 0,
  (/** @type {number} */ x, /** @type {number} */ y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (/** @type {number} */ x, /** @type {number} */ y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (/** @type {number} */ x, /** @type {number} */ y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (/** @type {number} */ x, /** @type {number} */ y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];
const LEVEL_M = 0;
const FORMAT_POLYNOMIAL = 0x537;
const FORMAT_MASK = 0x5412;
const VERSION_POLYNOMIAL = 0x1f25;
const FINDER_LIKE = [true, false, true, true, true, false, true];

/** Squares whose value is fixed, and all values. */
class Grid {
  /** @param {number} version */
  constructor(version) {
    this.version = version;
    this.size = 17 + 4 * version;
    const row = () => Array(this.size).fill(false);
    /** @type {Modules} */
    this.dark = Array.from({ length: this.size }, row);
    /** @type {Modules} */
    this.fixed = Array.from({ length: this.size }, row);
  }

  /** @param {number} x @param {number} y @param {boolean} dark */
  fix(x, y, dark) {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return;
    /** @type {boolean[]} */ (this.dark[y])[x] = dark;
    /** @type {boolean[]} */ (this.fixed[y])[x] = true;
  }

  /** @param {number} x @param {number} y */
  at(x, y) {
    return this.dark[y]?.[x] === true;
  }
}

/**
 * @param {string} text
 * @returns {Modules}
 * @throws {RangeError} for more than 2,331 bytes
 */
export function encode(text) {
  const { version, words } = withCorrection(new TextEncoder().encode(text));
  const grid = new Grid(version);
  drawPatterns(grid);
  drawWords(grid, bitsOf(words));
  let [best, least] = [grid, Infinity];
  for (let mask = 0; mask < MASKS.length; mask += 1) {
    const masked = withMask(grid, mask);
    const penalty = penaltyOf(masked);
    if (penalty < least) [best, least] = [masked, penalty];
  }
  return best.dark;
}

/** @param {Grid} grid */
function drawPatterns(grid) {
  const { size, version } = grid;
  for (let at = 0; at < size; at += 1) {
    grid.fix(6, at, at % 2 === 0);
    grid.fix(at, 6, at % 2 === 0);
  }
  const far = size - 4;
  for (const [x, y] of /** @type {const} */ ([[3, 3], [far, 3], [3, far]])) drawRings(grid, x, y, 4);
  const places = alignments(version, size);
  const last = places.length - 1;
  places.forEach((x, i) => places.forEach((y, j) => {
    const corner = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
    if (!corner) drawRings(grid, x, y, 2);
  }));
  drawFormat(grid, 0);
  drawVersion(grid);
}

/** Rings around a centre: a finder within 4 squares, an alignment pattern within 2. */
function drawRings(/** @type {Grid} */ grid, /** @type {number} */ cx, /** @type {number} */ cy, /** @type {number} */ reach) {
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      grid.fix(cx + dx, cy + dy, reach === 4 ? ring !== 2 && ring !== 4 : ring !== 1);
    }
  }
}

/** Where alignment patterns stand, in both directions (Annex E). @param {number} version @param {number} size */
function alignments(version, size) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  const places = [6];
  for (let at = size - 7; places.length < count; at -= step) places.splice(1, 0, at);
  return places;
}

/** @param {number} value @param {number} polynomial @param {number} bits of the remainder */
function remainder(value, polynomial, bits) {
  let left = value;
  for (let at = 0; at < bits; at += 1) left = (left << 1) ^ ((left >> (bits - 1)) * polynomial);
  return left;
}

/** @param {Grid} grid @param {number} mask */
function drawFormat(grid, mask) {
  const data = (LEVEL_M << 3) | mask;
  const bits = ((data << 10) | remainder(data, FORMAT_POLYNOMIAL, 10)) ^ FORMAT_MASK;
  const bit = (/** @type {number} */ at) => ((bits >> at) & 1) === 1;
  const { size } = grid;
  for (let at = 0; at < 6; at += 1) grid.fix(8, at, bit(at));
  grid.fix(8, 7, bit(6));
  grid.fix(8, 8, bit(7));
  grid.fix(7, 8, bit(8));
  for (let at = 9; at < 15; at += 1) grid.fix(14 - at, 8, bit(at));
  for (let at = 0; at < 8; at += 1) grid.fix(size - 1 - at, 8, bit(at));
  for (let at = 8; at < 15; at += 1) grid.fix(8, size - 15 + at, bit(at));
  grid.fix(8, size - 8, true);
}

/** @param {Grid} grid */
function drawVersion(grid) {
  const { version, size } = grid;
  if (version < 7) return;
  const bits = (version << 12) | remainder(version, VERSION_POLYNOMIAL, 12);
  for (let at = 0; at < 18; at += 1) {
    const dark = ((bits >> at) & 1) === 1;
    const [far, near] = [size - 11 + (at % 3), Math.floor(at / 3)];
    grid.fix(far, near, dark);
    grid.fix(near, far, dark);
  }
}

/** In columns of two from the right, up and down in turn. @param {Grid} grid @param {boolean[]} bits */
function drawWords(grid, bits) {
  const { size } = grid;
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const upward = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const y = upward ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (grid.fixed[y]?.[x]) continue;
        /** @type {boolean[]} */ (grid.dark[y])[x] = bits[at] ?? false;
        at += 1;
      }
    }
  }
}

/** @param {Grid} grid @param {number} mask */
function withMask(grid, mask) {
  const flips = /** @type {(x: number, y: number) => boolean} */ (MASKS[mask]);
  const made = new Grid(grid.version);
  made.fixed = grid.fixed.map((row) => [...row]);
  made.dark = grid.dark.map((row, y) => row.map((dark, x) => (grid.fixed[y]?.[x] ? dark : dark !== flips(x, y))));
  drawFormat(made, mask);
  return made;
}

/** How badly it reads (section 7.8.3): long runs, blocks, what looks like a finder, imbalance. @param {Grid} grid */
function penaltyOf(grid) {
  const { size } = grid;
  let [penalty, dark] = [0, 0];
  for (let y = 0; y < size; y += 1) {
    const row = grid.dark[y] ?? [];
    const column = grid.dark.map((one) => one[y] === true);
    penalty += linePenalty(row) + linePenalty(column);
    dark += row.filter(Boolean).length;
    for (let x = 0; x + 1 < size && y + 1 < size; x += 1) {
      const one = grid.at(x, y);
      if (one === grid.at(x + 1, y) && one === grid.at(x, y + 1) && one === grid.at(x + 1, y + 1)) penalty += 3;
    }
  }
  return penalty + 10 * Math.floor(Math.abs((dark * 20) / (size * size) - 10));
}

/** @param {boolean[]} line */
function linePenalty(line) {
  let [penalty, run] = [0, 0];
  line.forEach((dark, at) => {
    run = at > 0 && dark === line[at - 1] ? run + 1 : 1;
    if (run === 5) penalty += 3;
    if (run > 5) penalty += 1;
    const like = FINDER_LIKE.every((one, step) => line[at + step] === one);
    if (like && (isLight(line, at - 4, at) || isLight(line, at + 7, at + 11))) penalty += 40;
  });
  return penalty;
}

/** Beyond the edge all is light. @param {boolean[]} line @param {number} from @param {number} to */
const isLight = (line, from, to) => !line.slice(Math.max(0, from), Math.max(0, to)).some(Boolean);
