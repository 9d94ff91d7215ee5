/** What the app does by itself now and then: look after receipts, and see whether there are news. */

import { el } from '../widgets/parts.js';
import { listNews } from '../state/news.js';
import { lookAfterReceipts } from '../state/receipts.js';
import { showNews, showNewsCount } from '../shell/frame.js';
import { pathOf } from '../screens/voting.js';
import { findWords, said } from './words/index.js';

/** Once, and whenever the app is looked at again. */
export function keepLooking() {
  document.addEventListener('visibilitychange', () => { if (!document.hidden) lookAfter(); });
  return lookAfter();
}

/** The feed is asked for by every phone, whether anything was voted on it or not. */
async function lookAfter() {
  await Promise.allSettled([
    listNews().then((news) => showNewsCount(news.length)),
    lookAfterReceipts().then(sound),
  ]);
}

/** @param {string[]} alarms polls whose board is not as promised */
async function sound([poll]) {
  if (!poll) return;
  await findWords();
  showNews(el('p', { class: 'notice bad', role: 'alert' }, el('strong', {}, said('alarmTag')), ' ',
    el('a', { href: pathOf(poll, 'alarm') }, said('alarmSee'))));
}
