/** The Merkle tree of RFC 9162 section 2.1, by SHA-256. */

import { concat, equal, sha256 } from './bytes.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */

const NODE = Uint8Array.of(1);
const AT_ONCE = 4096;

/** @param {Bytes} left @param {Bytes} right */
export const nodeHash = (left, right) => sha256(concat(NODE, left, right));

/** A tree over leaf hashes that are all there; gives the root at any size it had. */
export class Tree {
  /** @param {Bytes[][]} levels level k holds the roots of the complete subtrees of 2^k leaves */
  constructor(levels) {
    this.levels = levels;
  }

  /**
   * @param {Bytes[]} leaves
   * @param {(done: number) => void} [onProgress]
   */
  static async of(leaves, onProgress = () => {}) {
    const levels = [leaves];
    for (let below = leaves, done = 0; below.length > 1;) {
      /** @type {Bytes[]} */
      const level = [];
      const pairs = below.length >> 1;
      for (let at = 0; at < pairs; at += AT_ONCE) {
        const some = below.slice(2 * at, 2 * Math.min(pairs, at + AT_ONCE));
        level.push(...(await nodesOver(some)));
        onProgress((done += some.length / 2));
      }
      levels.push(level);
      below = level;
    }
    return new Tree(levels);
  }

  get size() {
    return /** @type {Bytes[]} */ (this.levels[0]).length;
  }

  /** The root over the first `size` leaves. @param {number} [size] @returns {Promise<Bytes>} */
  async root(size = this.size) {
    if (size < 0 || size > this.size) throw new Refusal('size-not-reached', { size });
    if (size === 0) return sha256(new Uint8Array(0));
    const parts = [];
    for (let level = 0, left = size; left > 0; level += 1, left = Math.floor(left / 2)) {
      if (left % 2) parts.push(/** @type {Bytes} */ (this.levels[level]?.[left - 1]));
    }
    let [root, ...rest] = /** @type {[Bytes, ...Bytes[]]} */ (parts);
    for (const part of rest) root = await nodeHash(part, root);
    return root;
  }
}

/** @param {Bytes[]} below an even number */
function nodesOver(below) {
  const made = [];
  for (let at = 0; at < below.length; at += 2) {
    made.push(nodeHash(/** @type {Bytes} */ (below[at]), /** @type {Bytes} */ (below[at + 1])));
  }
  return Promise.all(made);
}

/** @param {...number} numbers */
function requireSizes(...numbers) {
  if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) {
    throw new Refusal('proof-not-valid');
  }
}

/**
 * The root that an inclusion proof leads to (RFC 9162 section 2.1.3.2).
 *
 * @param {Bytes} leaf
 * @param {number} index
 * @param {number} size
 * @param {readonly Bytes[]} proof
 * @returns {Promise<Bytes>}
 * @throws {Refusal} `proof-not-valid`
 */
export async function rootOfInclusion(leaf, index, size, proof) {
  requireSizes(index, size);
  if (index >= size) throw new Refusal('proof-not-valid');
  let [node, last, root] = [BigInt(index), BigInt(size) - 1n, leaf];
  for (const part of proof) {
    if (last === 0n) throw new Refusal('proof-not-valid');
    if (node & 1n || node === last) {
      root = await nodeHash(part, root);
      while (!(node & 1n) && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else {
      root = await nodeHash(root, part);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  if (last !== 0n) throw new Refusal('proof-not-valid');
  return root;
}

/**
 * Whether a leaf lies in the tree.
 *
 * @param {{ leaf: Bytes, index: number, size: number, root: Bytes, proof: readonly Bytes[] }} claim
 */
export async function isIncluded({ leaf, index, size, root, proof }) {
  try {
    return equal(await rootOfInclusion(leaf, index, size, proof), root);
  } catch {
    return false;
  }
}

/**
 * Whether the later tree holds the whole earlier one in its place (RFC 9162 section 2.1.4.2).
 *
 * @param {{ size: number, root: Bytes }} earlier
 * @param {{ size: number, root: Bytes }} later
 * @param {readonly Bytes[]} proof
 */
export async function isExtended(earlier, later, proof) {
  requireSizes(earlier.size, later.size);
  if (earlier.size === later.size) return proof.length === 0 && equal(earlier.root, later.root);
  if (earlier.size === 0 || earlier.size > later.size) return false;
  let [node, last] = [BigInt(earlier.size) - 1n, BigInt(later.size) - 1n];
  while (node & 1n) [node, last] = [node >> 1n, last >> 1n];
  const path = node === 0n ? [earlier.root, ...proof] : [...proof];
  const first = path.shift();
  if (!first) return false;
  let [oldRoot, newRoot] = [first, first];
  for (const part of path) {
    if (last === 0n) return false;
    if (node & 1n || node === last) {
      oldRoot = await nodeHash(part, oldRoot);
      newRoot = await nodeHash(part, newRoot);
      while (!(node & 1n) && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else {
      newRoot = await nodeHash(newRoot, part);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && equal(oldRoot, earlier.root) && equal(newRoot, later.root);
}
