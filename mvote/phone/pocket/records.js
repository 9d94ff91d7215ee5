/** Records in the pocket: what the city owes an answer to and by when, and results. */

import { button, el } from '../widgets/parts.js';
import { ask } from '../state/api.js';
import { readFeed } from '../state/feed.js';
import { findFollows, followTag, isFollowed, toggle } from '../state/follows.js';
import { nameCity, sharing } from '../shell/frame.js';
import { draw } from '../shell/router.js';
import { inWords, moment } from '../words/index.js';
import { listOf, paged } from './telling.js';
import { findWords, said } from './words/index.js';

/** @typedef {import('../app/poll.js').Words} Words */
/** @typedef {import('./words/index.js').Key} Key */
/** @typedef {{ id: string, department: string, title: Words, state: string, due_at: string | null, overdue: boolean }} Summary */
/** @typedef {{ zone: string, names: Record<string, Words>, follows: import('../state/follows.js').Follows }} Known */

/** @type {Record<string, Key>} */
const STATES = {
  'awaiting-result': 'awaitingResult', 'awaiting-answer': 'awaitingAnswer', answered: 'answered', closed: 'closed',
  withdrawn: 'withdrawn', discussed: 'discussed', merged: 'merged',
};
const RESULTS = 30;

/** @returns {Promise<Known>} */
async function know() {
  const [city, departments, follows] = await Promise.all([ask('/city'), ask('/departments'), findFollows(), findWords()]);
  nameCity(city.city);
  const names = Object.fromEntries(departments.items.map((/** @type {any} */ one) => [one.code, one.name]));
  return { zone: city.time_zone, names, follows };
}

/** @type {import('../shell/router.js').Show} */
export async function showRecords() {
  const [known, first] = await Promise.all([know(), ask('/records')]);
  const list = el('ul', { class: 'cards' });
  const more = button({ class: 'second', click: async () => add(await ask(`/records?after=${encodeURIComponent(next)}`)) }, said('moreRecords'));
  let next = '';
  const add = (/** @type {{ items: Summary[], next: string | null }} */ page) => {
    const rows = [...page.items].sort((one, other) => rank(one, known) - rank(other, known));
    list.append(...rows.map((row) => rowOf(row, known)));
    next = page.next ?? '';
    more.hidden = !next;
  };
  add(first);
  return {
    title: said('recordsTitle'),
    body: [
      el('p', {}, said('recordsWhy')),
      el('p', {}, el('a', { href: '/app/results' }, said('resultsTitle')), ' · ',
        el('a', { href: '/app/proposals' }, said('proposals')), ' · ', el('a', { href: '/app/my-part' }, said('myPart'))),
      list.children.length ? list : el('p', {}, said('recordsNone')),
      el('p', { class: 'buttons' }, more),
    ],
  };
}

/** What is followed first, then what is overdue. @param {Summary} row @param {Known} known */
const rank = (row, { follows }) => (isMine(row, follows) ? 0 : row.overdue ? 1 : 2);

/** @param {{ id: string, department: string }} row @param {Known['follows']} follows */
const isMine = ({ id, department }, follows) =>
  isFollowed(/** @type {any} */ ({ record: id, department }), follows);

/** @param {Summary} row @param {Known} known */
function rowOf(row, { zone, names, follows }) {
  return el('li', {},
    el('a', { class: 'title', href: `/app/records/${row.id}` }, inWords(row.title)),
    el('p', { class: 'quiet' }, ...tagsOf(row, follows),
      ` ${nameOf(row.department, names)}`,
      row.due_at ? ` · ${said('answerDue')}: ${moment(row.due_at, zone)}` : ''));
}

/** @param {Summary} row @param {Known['follows']} follows */
function tagsOf(row, follows) {
  const state = STATES[row.state];
  return [
    isMine(row, follows) && el('span', { class: 'tag strong' }, said('followed')),
    row.overdue && el('span', { class: 'tag bad' }, said('overdue')),
    el('span', { class: 'tag' }, state ? said(state) : row.state),
  ].filter((one) => one !== false);
}

/** @param {string} code @param {Record<string, Words>} names */
const nameOf = (code, names) => (names[code] ? inWords(names[code]) : code);

/** @type {import('../shell/router.js').Show} */
export async function showRecord({ given }) {
  const id = String(given.record);
  const [known, record, { tags }, feed, pools] = await Promise.all([
    know(), ask(`/records/${id}`), ask(`/records/${id}/tags`), readFeed().catch(() => []), ask(`/records/${id}/pools`),
  ]);
  const { zone, names, follows } = known;
  const title = inWords(record.title);
  const told = feed.filter((one) => one.record === id);
  return {
    title,
    crumb: { href: '/app/records', label: said('recordsTitle') },
    body: [
      el('p', {}, ...tagsOf(record, follows)),
      el('dl', { class: 'facts' },
        el('dt', {}, said('department')), el('dd', {}, nameOf(record.department, names)),
        ...(record.due_at ? [el('dt', {}, said('answerDue')), el('dd', {}, moment(record.due_at, zone))] : [])),
      followButtons(id, record.department, known),
      el('h2', {}, said('takePart')),
      waysIn(id, record, pools.items),
      el('h2', {}, said('happened')),
      told.length ? listOf(told, { zone }) : el('p', {}, said('nothingYet')),
      tags.length > 0 && el('p', {}, `${said('tags')}: `, ...tags.flatMap((/** @type {string} */ tag) =>
        [el('a', { href: `/app/topics/${encodeURIComponent(tag)}` }, `#${tag}`), ' '])),
      el('p', {}, el('a', { href: paged(`/records/${id}`) }, said('wholeRecord'))),
      sharing(`/records/${id}`, title),
    ],
  };
}

/**
 * What a citizen can do about a record, without a name.
 *
 * @param {string} id
 * @param {{ entries: { kind: string }[] }} record
 * @param {{ id: string, title: Words, state: string }[]} pools
 */
function waysIn(id, { entries }, pools) {
  const answered = entries.some(({ kind }) => kind === 'answer');
  return el('ul', {},
    ...pools.filter(({ state }) => state === 'open').map((pool) =>
      el('li', {}, el('a', { href: `/app/pools/${pool.id}` }, said('toPool', { title: inWords(pool.title) })))),
    answered && el('li', {}, el('a', { href: `/app/records/${id}/answers` }, said('rateAnswer'))),
    el('li', {}, el('a', { href: `/app/records/${id}/discussion` }, said('discuss'))));
}

/** @param {string} id @param {string} department @param {Known} known */
function followButtons(id, department, { follows, names }) {
  const name = nameOf(department, names);
  const [one, whole] = [follows.records.includes(id), follows.departments.includes(department)];
  return el('p', { class: 'buttons' },
    follower(one, said(one ? 'unfollow' : 'follow'), () => toggle('records', id)),
    follower(whole, said(whole ? 'unfollowDepartment' : 'followDepartment', { name }), () => toggle('departments', department)));
}

/** @param {boolean} on @param {string} words @param {() => Promise<unknown>} work */
const follower = (on, words, work) =>
  button({ class: on ? 'plain' : 'second', click: async () => { await work(); await draw(); } }, words);

/** Records, proposals and posts under a hashtag. @type {import('../shell/router.js').Show} */
export async function showTopic({ given }) {
  const tag = decodeURIComponent(String(given.tag));
  const [{ items }, follows] = await Promise.all([ask(`/topics/${encodeURIComponent(tag)}`), findFollows(), findWords()]);
  /** @type {string[]} */
  const records = [...new Set(items.map((/** @type {any} */ one) => one.record).filter(Boolean))];
  const on = tag in follows.tags;
  if (on) await followTag(tag, records);
  return {
    title: said('tagTitle', { tag }),
    crumb: { href: '/app/records', label: said('recordsTitle') },
    body: [
      el('p', { class: 'buttons' }, follower(on, said(on ? 'unfollowTag' : 'followTag', { name: tag }), () => followTag(tag, on ? null : records))),
      items.length ? el('ul', { class: 'cards' }, ...items.map(taggedOf)) : el('p', {}, said('tagNone')),
    ],
  };
}

/** @param {{ kind: string, item: string, record: string | null, title: Words, href: string, begins: string | null }} one */
function taggedOf({ kind, item, record, title, href, begins }) {
  const to = kind === 'record' && record ? `/app/records/${record}`
    : kind === 'proposal' ? `/app/proposals/${item}`
      : kind === 'post' && record ? `/app/records/${record}/discussion/${item}` : paged(href);
  return el('li', {}, el('a', { class: 'title', href: to }, inWords(title)), begins && el('p', { class: 'quiet' }, begins));
}

/** The newest results, from the feed that every phone downloads whole. @type {import('../shell/router.js').Show} */
export async function showResults() {
  const [feed, { time_zone: zone }] = await Promise.all([readFeed(), ask('/city'), findWords()]);
  const results = feed.filter(({ kind }) => kind === 'result').slice(0, RESULTS);
  return {
    title: said('resultsTitle'),
    crumb: { href: '/app/records', label: said('recordsTitle') },
    body: results.length ? results.map((one) => el('section', { class: 'panel' },
      el('h2', {}, el('a', { href: paged(one.path) }, inWords(one.title))),
      el('p', { class: 'quiet small' }, moment(one.at, zone)),
      el('p', { class: 'lines' }, inWords(one.text)),
      sharing(one.path, inWords(one.title)))) : [el('p', {}, said('resultsNone'))],
  };
}
