/** The app: its screens by address, what it sends by itself, and its new versions. */

import { drawFrame, showNet } from './shell/frame.js';
import { draw, route, start } from './shell/router.js';
import { keepUpToDate } from './shell/versions.js';
import { wind } from './state/clock.js';
import { keepSending } from './state/outbox.js';
import { showBallot } from './screens/ballot.js';
import { showCheck, showSignIn } from './screens/check.js';
import { showCounted } from './screens/counted.js';
import { showFault } from './screens/faults.js';
import { showPoll } from './screens/poll.js';
import { showReview } from './screens/review.js';
import { showNotCounted, showWaiting } from './screens/waiting.js';
import { findLanguage } from './words/index.js';

route('/app', async () => (await import('./screens/polls.js')).showPolls);
route('/app/polls/:poll', async () => showPoll);
route('/app/polls/:poll/check', async () => showCheck);
route('/app/polls/:poll/ballot', async () => showBallot);
route('/app/polls/:poll/review', async () => showReview);
route('/app/polls/:poll/counted', async () => showCounted);
route('/app/polls/:poll/waiting', async () => showWaiting);
route('/app/polls/:poll/not-counted', async () => showNotCounted);
route('/app/polls/:poll/name', async () => (await import('./screens/asking.js')).showName);
route('/app/polls/:poll/room', async () => (await import('./screens/asking.js')).showRoom);
route('/app/polls/:poll/why', async () => (await import('./screens/stops.js')).showWhy);
route('/app/polls/:poll/elsewhere', async () => (await import('./screens/stops.js')).showElsewhere);
route('/app/polls/:poll/old', async () => (await import('./screens/stops.js')).showOld);
route('/app/polls/:poll/in-app', async () => (await import('./screens/stops.js')).showInApp);
route('/app/sign-in', async () => showSignIn);

const anew = () => {
  drawFrame(anew);
  draw();
};

findLanguage();
drawFrame(anew);
await wind();
await start(showFault);
addEventListener('online', () => showNet(true));
addEventListener('offline', () => showNet(false));
keepSending((polls) => {
  if (polls.some((poll) => location.pathname.startsWith(`/app/polls/${poll}`))) draw();
});
keepUpToDate();
