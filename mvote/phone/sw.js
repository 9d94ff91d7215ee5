/** The worker as a module: it keeps the app, and sends ballots that wait while it is closed. */

import './files.js';
import './sw-cache.js';
import './sw-push.js';
import { SYNC, sendAll } from './state/outbox.js';

/** @type {any} */ (self).addEventListener('sync', (/** @type {any} */ event) => {
  if (event.tag !== SYNC) return;
  event.waitUntil(sendAll().then(({ left }) => {
    if (left) throw new Error('some ballots wait still'); // the browser tries again later
  }));
});
