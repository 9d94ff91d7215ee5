/**
 * The service worker: it keeps one whole version of the app for when there is no net.
 *
 * A new version waits until no ballot is on its way; then it takes over at the next start, while
 * nobody has touched the page, or when the citizen says so.
 */

import { button } from '../widgets/parts.js';
import { findVote, listVotes, waiting } from '../state/votes.js';
import { say } from '../words/index.js';
import '../words/later.js';
import { showNews } from './frame.js';

const SCOPE = '/app/';

/** Begin to keep the app, and to look for new versions. */
export async function keepUpToDate() {
  if (!navigator.serviceWorker) return;
  const had = navigator.serviceWorker.controller !== null;
  try {
    const registration = await register();
    navigator.serviceWorker.addEventListener('controllerchange', () => { if (had) location.reload(); });
    const { waiting: next, installing } = registration;
    if (next && !navigator.userActivation?.hasBeenActive && !(await isBusy())) next.postMessage('take-over');
    else offer(registration);
    const follow = (/** @type {ServiceWorker | null} */ coming) =>
      coming?.addEventListener('statechange', () => offer(registration));
    follow(installing); // it was found before this began to listen
    registration.addEventListener('updatefound', () => follow(registration.installing));
    if (had) await registration.update();
  } catch {
    // without a worker the app works as long as there is a net
  }
}

/** As a module where the browser can, so that ballots go while the app is closed. */
async function register() {
  const { serviceWorker } = navigator;
  try {
    return await serviceWorker.register('/app/sw.js', { scope: SCOPE, type: 'module' });
  } catch {
    return serviceWorker.register('/app/sw-plain.js', { scope: SCOPE });
  }
}

/** @param {ServiceWorkerRegistration} registration */
async function offer({ waiting: next, active }) {
  if (!next || !active) return;
  /** @type {HTMLButtonElement} */
  const taking = button({ class: 'second', click: async () => {
    if (await isBusy()) showNews(say('updateWaits'), ' ', taking);
    else next.postMessage('take-over');
  } }, say('update'));
  showNews(say('updated'), ' ', taking);
}

/** Whether a ballot is on its way. */
async function isBusy() {
  const votes = await Promise.all((await listVotes()).map((poll) => findVote(poll)));
  return votes.some((vote) => waiting(vote) !== null);
}
