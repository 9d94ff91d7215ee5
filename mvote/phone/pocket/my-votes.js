/** My votes: each with its receipt, and what came of it.  The list lies on this phone alone. */

import { button, el } from '../widgets/parts.js';
import { canSign } from '../state/permits.js';
import { counted, newest, waiting } from '../state/votes.js';
import { readFeed } from '../state/feed.js';
import { listMine, listNews, look as lookAtNews } from '../state/news.js';
import { findWatch, look, stateOf } from '../state/receipts.js';
import * as store from '../state/store.js';
import { showNewsCount, tell } from '../shell/frame.js';
import { draw } from '../shell/router.js';
import { inWords, moment } from '../words/index.js';
import { pathOf } from '../screens/voting.js';
import { listOf } from './telling.js';
import { findWords, said } from './words/index.js';

/** @typedef {import('../state/news.js').Mine} Mine */
/** @typedef {import('../state/feed.js').Told} Told */
/** @typedef {import('../state/receipts.js').Watch} Watch */

const SOON = 60_000; // milliseconds; who opens this wants to know

/** @type {import('../shell/router.js').Show} */
export async function showMyVotes() {
  await findWords();
  const feed = await readFeed(SOON).catch(() => null);
  const news = feed ? await listNews() : [];
  const mine = await listMine(feed ?? []);
  const cards = await Promise.all(mine.map((one) => cardOf(one, news)));
  if (feed) await lookAtNews(feed);
  showNewsCount(0);
  return {
    title: said('mineTitle'),
    body: [
      !feed && el('p', { class: 'notice warn' }, said('feedNone')),
      await backupLine(mine),
      ...(cards.length ? cards : [el('p', {}, said('mineNone'))]),
      cards.length > 0 && (await canSign()) && el('p', { class: 'buttons' }, looking(mine)),
      el('p', {}, el('a', { href: '/app/backup' }, said('toBackup'))),
      el('p', { class: 'quiet small' }, said('mineWhy')),
    ],
  };
}

/** @param {Mine[]} mine */
async function backupLine(mine) {
  /** @type {{ leaves: string[] } | null} */
  const held = await store.get('backup');
  const missing = mine.filter(({ vote }) => vote.casts.some(({ leaf }) => !held?.leaves.includes(leaf))).length;
  return missing > 0 && el('p', { class: 'notice' }, said('notBackedUp', { n: missing }), ' ',
    el('a', { href: '/app/backup' }, said('toBackup')));
}

/** @param {Mine} mine @param {Told[]} news */
async function cardOf({ vote, told }, news) {
  const watch = await findWatch(vote.poll);
  const zone = vote.head.told.time_zone;
  const isNew = (/** @type {Told} */ one) => news.some(({ id }) => id === one.id);
  return el('section', { class: 'panel' },
    el('h2', {}, el('a', { href: pathOf(vote.poll) }, inWords(vote.head.title))),
    receiptOf(vote, watch),
    told.length > 0 && listOf(told, { zone, isNew }),
    expected(vote, told));
}

/** What is still to come. @param {Mine['vote']} vote @param {Told[]} told */
function expected(vote, told) {
  const has = (/** @type {string} */ kind) => told.some((one) => one.kind === kind);
  if (has('cancelled')) return null;
  if (!has('result')) return el('p', { class: 'quiet' }, said('noResult'));
  if (has('answer')) return null;
  return el('p', { class: 'quiet' }, said('noAnswer', { days: Number(vote.definition.answer_days) }));
}

/** @param {Mine['vote']} vote @param {Watch} watch */
function receiptOf(vote, watch) {
  const zone = vote.head.told.time_zone;
  const cast = counted(vote);
  if (waiting(vote)) return line('warn', said('sending'), pathOf(vote.poll, 'waiting'));
  if (!cast) return newest(vote)?.refused ? line('bad', said('refused'), pathOf(vote.poll, 'not-counted')) : null;
  switch (stateOf(vote, watch)) {
    case 'alarm':
      return el('p', { class: 'notice bad' }, el('strong', {}, said('alarmTag')), ' ',
        el('a', { href: pathOf(vote.poll, 'alarm') }, said('alarmSee')));
    case 'on-board':
      return line('good', watch.seen === null ? said('onBoard')
        : said('onBoardSeen', { moment: moment(new Date(watch.seen).toISOString(), zone) }), pathOf(vote.poll, 'counted'));
    case 'waiting':
      return line('', said('waiting', { moment: moment(String(cast.receipt?.include_by), zone) }), pathOf(vote.poll, 'counted'));
    default:
      return line('', said('unchecked'), pathOf(vote.poll, 'counted'));
  }
}

/** @param {string} kind @param {string} words @param {string} href */
const line = (kind, words, href) =>
  el('p', {}, el('a', { class: `tag ${kind}`, href }, said('receiptTitle')), ' ', words);

/** @param {Mine[]} mine */
function looking(mine) {
  const act = button({ class: 'second', click: async () => {
    if (act.getAttribute('aria-disabled') === 'true') return;
    act.setAttribute('aria-disabled', 'true');
    const seen = await Promise.allSettled(mine.filter(({ vote }) => counted(vote)).map(({ vote }) => look(vote.poll)));
    await draw();
    tell(said(seen.some(({ status }) => status === 'rejected') ? 'lookFailed' : 'looked'));
  } }, said('lookNow'));
  return act;
}
