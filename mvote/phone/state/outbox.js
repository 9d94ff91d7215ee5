/**
 * Ballots and acts that wait on this phone go whenever there is a way: at the start, when the net is
 * back, when the app is looked at, and now and then as long as one waits.
 */

import { findPart, isWaiting, listParts, sendActs } from './acts.js';
import { sendBallot } from './casting.js';
import { findVote, listVotes, waiting } from './votes.js';

const EVERY = 20_000; // milliseconds between tries while the app is open
export const SYNC = 'mvote-ballots';

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {(() => Promise<void>) | null} */
let again = null;

/**
 * Send what waits.
 *
 * @returns {Promise<{ left: number, sent: string[] }>} in how many polls and scopes something
 *   waits still, and those in which it arrived or was refused
 */
export async function sendAll() {
  let left = 0;
  /** @type {string[]} */
  const sent = [];
  for (const poll of await listVotes()) {
    const vote = await findVote(poll).catch(() => null);
    if (!waiting(vote)) continue;
    const after = await sendBallot(poll).catch(() => null);
    if (after && !waiting(after)) sent.push(poll);
    else left += 1;
  }
  for (const scope of await listParts()) {
    const part = await findPart(scope).catch(() => null);
    if (!part?.deeds.some(isWaiting)) continue;
    if (await sendActs(scope).catch(() => null)) sent.push(scope);
    else left += 1;
  }
  return { left, sent };
}

/**
 * Keep sending, and do it at once where it is called again for something else; `heard` is called
 * with the polls and scopes in which nothing waits any more.
 *
 * @param {(sent: string[]) => void} heard
 */
export function keepSending(heard) {
  if (again) {
    again();
    return;
  }
  const round = async () => {
    clearTimeout(timer);
    const { left, sent } = await sendAll().catch(() => ({ left: 1, sent: [] }));
    if (sent.length) heard(sent);
    if (left) {
      askForSync();
      timer = setTimeout(round, EVERY);
    }
  };
  again = round;
  addEventListener('online', round);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) round(); });
  round();
}

/** Where the browser can, it wakes the service worker once there is a net, the app closed or not. */
export async function askForSync() {
  try {
    const ready = await navigator.serviceWorker?.getRegistration('/app/');
    await /** @type {any} */ (ready)?.sync?.register(SYNC);
  } catch {
    // it goes at the next start
  }
}
