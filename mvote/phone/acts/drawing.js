/** Which statement of an opinion pool is shown next: drawn by what is learnt from a vote on it. */

/**
 * One of them, in proportion to their weights; null of none.
 *
 * @template {{ weight: number }} T
 * @param {readonly T[]} left
 * @param {() => number} [chance] from 0 up to 1
 * @returns {T | null}
 */
export function drawNext(left, chance = Math.random) {
  const total = left.reduce((sum, { weight }) => sum + weight, 0);
  let rest = chance() * total;
  for (const one of left) {
    rest -= one.weight;
    if (rest < 0) return one;
  }
  return left.at(-1) ?? null;
}
