/**
 * The frame around every screen: the city's name, where one is, the language, and one heading.
 *
 * A screen is a title and what stands below it.  Showing one moves the focus to its heading, so
 * that a screen reader reads on there; what happens later is said in the live region.
 */

import { button, el } from '../widgets/parts.js';
import { choose, language, inWords, say } from '../words/index.js';

/** @typedef {import('../app/poll.js').Words} Words */
/**
 * `crumb`: where one level up is; `leave` runs before another screen is shown.
 *
 * @typedef {object} Screen
 * @property {string} title
 * @property {(Node | string | null | false | undefined)[]} body
 * @property {{ href: string, label: string }} [crumb]
 * @property {() => void | Promise<void>} [leave]
 */

const KEPT = 'mvote-city';
const TYPE = 'mvote-type';
const LARGE = 'large';

/** As it was heard last, so that the head does not change its name at every start. @type {Words | null} */
let city = kept();
let first = true;

const root = () => /** @type {HTMLElement} */ (document.getElementById('app'));
const main = () => /** @type {HTMLElement} */ (document.getElementById('main'));

/**
 * Draw the frame in the chosen language; `redraw` shows the screen anew in another.
 *
 * @param {(name: 'ko' | 'en') => void} redraw
 */
export function drawFrame(redraw) {
  const languages = el('span', { class: 'words', role: 'group', 'aria-label': say('languages') },
    ...[['ko', '한국어'], ['en', 'English']].map(([name, label]) => languageOf(name, label, redraw)));
  root().replaceChildren(
    el('a', { class: 'skip', href: '#main', click: skip }, say('skip')),
    el('header', { class: 'site' }, el('div', { class: 'wide' },
      el('a', { class: 'name', href: '/app/' }, city ? inWords(city) : say('city')), languages,
      el('nav', { 'aria-label': say('menu') },
        el('a', { href: '/app/' }, say('polls')),
        el('a', { href: '/app/my-votes' }, say('mine'), ' ', el('span', { id: 'count', class: 'tag strong', hidden: true })),
        el('a', { href: '/app/records' }, say('records')),
        el('a', { href: '/app/settings' }, say('settings'))))),
    el('p', { id: 'net', class: 'wide notice warn', role: 'status', hidden: navigator.onLine !== false }, say('offline')),
    el('main', { class: 'wide', id: 'main' }, el('p', { class: 'quiet' }, say('loading'))),
    el('div', { id: 'news', class: 'wide', role: 'status' }),
    el('p', { id: 'said', class: 'only-read', role: 'status' }),
    el('footer', { class: 'foot' }, el('div', { class: 'wide' }, el('p', {}, say('limits')))),
  );
}

/** @param {string | undefined} name @param {string | undefined} label @param {(name: 'ko' | 'en') => void} redraw */
function languageOf(name, label, redraw) {
  const own = /** @type {'ko' | 'en'} */ (name);
  if (own === language()) return el('span', { 'aria-current': 'true', lang: own }, label);
  return button({ class: 'plain', lang: own, click: async () => { await choose(own); redraw(own); } }, String(label));
}

/** The link at the head of the page; as a link it would be another screen. @param {Event} event */
function skip(event) {
  event.preventDefault();
  heading()?.focus();
}

const heading = () => main().querySelector('h1');

/** Tell whose polls these are. @param {Words} words */
export function nameCity(words) {
  city = words;
  try {
    localStorage.setItem(KEPT, JSON.stringify(words));
  } catch {
    // it is heard again at the next start
  }
  const name = root().querySelector('.site .name');
  if (name) name.textContent = inWords(words);
}

/** @returns {Words | null} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? 'null');
  } catch {
    return null;
  }
}

/** The part of the app to which an address belongs, as the head leads there. @param {string} path */
function partOf(path) {
  if (/^\/app\/(records|topics|results|proposals|calls|pools|report|appeal|my-part)/.test(path)) return '/app/records';
  if (/^\/app\/(my-votes|backup)/.test(path)) return '/app/my-votes';
  return path.startsWith('/app/settings') ? '/app/settings' : '/app/';
}

/** Say in the head in which part of the app one is. */
function markPart() {
  for (const link of root().querySelectorAll('.site nav a')) {
    if (link.getAttribute('href') === partOf(location.pathname)) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

/** Show a screen. @param {Screen} screen */
export function show({ title, body, crumb }) {
  document.title = `${title} · ${city ? inWords(city) : say('city')}`;
  markPart();
  const up = crumb && el('p', { class: 'crumbs' }, el('a', { href: crumb.href }, `‹ ${crumb.label}`));
  const head = el('h1', { tabindex: '-1' }, title);
  main().replaceChildren(...(up ? [up] : []), head);
  for (const part of body) if (part) main().append(part);
  main().removeAttribute('aria-busy');
  if (!first) {
    scrollTo(0, 0);
    head.focus({ preventScroll: true });
  }
  first = false;
}

/** Say that something is on its way; what stood there may not be used meanwhile. */
export function showBusy() {
  main().setAttribute('aria-busy', 'true');
}

/** Say something aloud without showing it. @param {string} words */
export function tell(words) {
  const said = document.getElementById('said');
  if (said) said.textContent = words;
}

/** A line at the foot that stays until it is replaced. @param {...(Node | string)} parts */
export function showNews(...parts) {
  document.getElementById('news')?.replaceChildren(...parts);
}

/** How many news there are that were not looked at. @param {number} count */
export function showNewsCount(count) {
  const tag = document.getElementById('count');
  if (tag) {
    tag.hidden = !count;
    tag.replaceChildren(`${count}`, el('span', { class: 'only-read' }, ` ${say('newsCount')}`));
  }
  const own = /** @type {any} */ (navigator);
  (count ? own.setAppBadge?.(count) : own.clearAppBadge?.())?.catch(() => {});
}

/** Whether there is a net. @param {boolean} online */
export function showNet(online) {
  const net = document.getElementById('net');
  if (net) net.hidden = online;
}

/** Large type: chosen once, kept on the phone, set before the first screen is drawn. */
export const isLarge = () => document.documentElement.dataset.type === LARGE;

/** As it was chosen earlier. */
export function findType() {
  try {
    if (localStorage.getItem(TYPE) === LARGE) document.documentElement.dataset.type = LARGE;
  } catch {
    // the size of the browser's own type stands
  }
}

/** @param {boolean} large */
export function chooseType(large) {
  if (large) document.documentElement.dataset.type = LARGE;
  else delete document.documentElement.dataset.type;
  try {
    localStorage.setItem(TYPE, large ? LARGE : '');
  } catch {
    // it is chosen for this visit
  }
}

/** A button by which a poll, a result or a record is shared; what it opens is fetched then. @param {string} path @param {string} title */
export function sharing(path, title) {
  const place = el('div', {});
  const act = button({ class: 'second', 'aria-expanded': 'false', click: async () => {
    const { sharingOf } = await import('../pocket/sharing.js');
    const open = place.childElementCount > 0;
    place.replaceChildren(...(open ? [] : [await sharingOf(path, title)]));
    act.setAttribute('aria-expanded', String(!open));
  } }, say('shareThis'), el('span', { class: 'only-read' }, ` · ${title}`));
  return el('div', {}, el('p', { class: 'buttons' }, act), place);
}
