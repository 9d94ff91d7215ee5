/**
 * The server's time: phones are wrong by days, and what is open or over is the server's to say.
 *
 * Every answer tells its time; what differs from the phone's clock is kept for when there is
 * no net.
 */

import * as store from './store.js';

const NAME = 'clock';
const LEAST_WORTH_KEEPING = 30_000; // milliseconds by which the kept difference may be off

let ahead = 0;
let kept = 0;

/** Read what was kept, at the start. */
export async function wind() {
  const found = await store.get(NAME).catch(() => null);
  if (typeof found?.ahead === 'number') ahead = kept = found.ahead;
}

/** Hear the time that an answer tells. @param {string | null} date the header `Date` */
export function hear(date) {
  const told = date ? Date.parse(date) : NaN;
  if (Number.isNaN(told)) return;
  ahead = told - Date.now();
  if (Math.abs(ahead - kept) < LEAST_WORTH_KEEPING) return;
  kept = ahead;
  store.put(NAME, { ahead }).catch(() => {}); // it is heard again with the next answer
}

/** Milliseconds since 1970 as the server counts them. */
export const now = () => Date.now() + ahead;

/** By how much the phone's own clock is wrong, in milliseconds. */
export const wrongBy = () => Math.abs(ahead);
