/** One at a time, over all windows of this app (Web Locks); within one window where there are none. */

/** @type {Map<string, Promise<unknown>>} */
const lines = new Map();

/**
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function alone(name, work) {
  if (navigator.locks) {
    // a lock gives back what the work gave
    return /** @type {Promise<T>} */ (navigator.locks.request(`mvote/${name}`, work));
  }
  const before = lines.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  lines.set(name, mine.catch(() => {}));
  return mine;
}
