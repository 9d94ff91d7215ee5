/**
 * The app: its screens by address, what it sends by itself, and its new versions.
 *
 * Every screen is fetched when it is gone to; the server hints at the modules of the first one.
 */

import { drawFrame, findType, showNet } from './shell/frame.js';
import { draw, later, route, start } from './shell/router.js';
import { wind } from './state/api.js';
import { names } from './state/store.js';
import { findVote, listVotes, waiting } from './state/votes.js';
import { findLanguage } from './words/index.js';

const QUIET = 3_000; // milliseconds that the first screen has the line for itself
const LATER = 8_000; // milliseconds after which receipts and news are looked after

route('/app', async () => (await import('./screens/polls.js')).showPolls);
route('/app/polls/:poll', async () => (await import('./screens/poll.js')).showPoll);
route('/app/polls/:poll/ballot', async () => (await import('./screens/ballot.js')).showBallot);
route('/app/polls/:poll/check', async () => (await import('./screens/check.js')).showCheck);
route('/app/polls/:poll/review', async () => (await import('./screens/review.js')).showReview);
route('/app/polls/:poll/counted', async () => (await import('./screens/counted.js')).showCounted);
route('/app/polls/:poll/waiting', async () => (await import('./screens/waiting.js')).showWaiting);
route('/app/polls/:poll/not-counted', async () => (await import('./screens/waiting.js')).showNotCounted);
route('/app/polls/:poll/name', async () => (await import('./screens/asking.js')).showName);
route('/app/polls/:poll/room', async () => (await import('./screens/asking.js')).showRoom);
route('/app/polls/:poll/why', async () => (await import('./screens/stops.js')).showWhy);
route('/app/polls/:poll/elsewhere', async () => (await import('./screens/stops.js')).showElsewhere);
route('/app/polls/:poll/old', async () => (await import('./screens/stops.js')).showOld);
route('/app/polls/:poll/in-app', async () => (await import('./screens/stops.js')).showInApp);
route('/app/polls/:poll/receipt', async () => (await import('./pocket/receipt.js')).showReceipt);
route('/app/polls/:poll/alarm', async () => (await import('./pocket/alarm.js')).showAlarm);
route('/app/my-votes', async () => (await import('./pocket/my-votes.js')).showMyVotes);
route('/app/backup', async () => (await import('./pocket/backup.js')).showBackup);
route('/app/records', async () => (await import('./pocket/records.js')).showRecords);
route('/app/records/:record', async () => (await import('./pocket/records.js')).showRecord);
route('/app/topics/:tag', async () => (await import('./pocket/records.js')).showTopic);
route('/app/results', async () => (await import('./pocket/records.js')).showResults);
route('/app/settings', async () => (await import('./pocket/settings.js')).settingsWith(anew));
route('/app/sign-in', async () => (await import('./screens/check.js')).showSignIn);
later(() => import('./acts/routes.js'));

const anew = () => {
  drawFrame(anew);
  draw();
};

/** What waits goes now and whenever there is a net again; the code for it is fetched only then. */
async function sendWhatWaits() {
  const votes = await Promise.all((await listVotes()).map((poll) => findVote(poll)));
  if (!votes.some(waiting) && !(await names('act/')).length) return;
  const { keepSending } = await import('./state/outbox.js');
  keepSending((sent) => {
    if (sent.some((id) => location.pathname.includes(id)) && !isWriting()) draw();
  });
}

/** Where the line is gone by then, it is done at the next start. @param {number} pause @param {() => Promise<unknown>} work */
const afterwards = (pause, work) => setTimeout(() => { work().catch(() => {}); }, pause);

/** Whoever writes is not to lose the place by a screen that is drawn anew. */
const isWriting = () => document.activeElement?.matches('textarea, input[type="text"]') ?? false;

findType();
await Promise.all([findLanguage(), wind()]);
drawFrame(anew);
addEventListener('online', () => showNet(true));
addEventListener('offline', () => showNet(false));
await start(async (error, place) => (await import('./screens/faults.js')).showFault(error, place));
sendWhatWaits().catch(() => {}); // where nothing can be kept, nothing waits
addEventListener('mvote-waiting', () => { sendWhatWaits().catch(() => {}); });
afterwards(QUIET, () => import('./screens/ballot.js')); // where most go next
afterwards(QUIET, async () => (await import('./shell/versions.js')).keepUpToDate());
afterwards(LATER, async () => (await import('./pocket/looking-after.js')).keepLooking());
