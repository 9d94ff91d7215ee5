/** What the widgets are made of. No markup is ever read from a text, and no style is set. */

import { grouped } from './question.js';

/** @typedef {import('./question.js').Language} Language */
/** @typedef {import('./question.js').Media} Media */
/** @typedef {import('./question.js').Option} Option */
/** @typedef {import('./question.js').Question} Question */
/** @typedef {import('./question.js').Words} Words */
/** @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Given */

let made = 0;

/** An id that no other element of the document has. @param {string} name */
export const newId = (name) => `${name}-${++made}`;

/**
 * An element. Functions listen to the event of their name, true is an empty attribute; what
 * is false, null or undefined is left out.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, Given>} [given]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** A button that does not send a form. @param {Record<string, Given>} given @param {...(Node | string)} children */
export const button = (given, ...children) => el('button', { type: 'button', ...given }, ...children);

/** A sign for the eye alone. @param {string} sign */
export const sign = (sign) => el('span', { 'aria-hidden': 'true' }, sign);

const MEDIA = { picture: { ko: '사진 보기', en: 'See the picture' }, video: { ko: '영상 보기', en: 'Watch the video' } };

/**
 * A picture of the city's own site, or a link to whatever lies elsewhere (looking at it would
 * tell somebody else) or moves; the words that say what is to be seen stand beside a link.
 *
 * @param {Media | undefined} media
 * @param {Language} language
 */
export function shownMedia(media, language) {
  if (!media) return null;
  const alt = media.alt[language];
  if (media.kind === 'picture' && media.href.startsWith('/')) {
    return el('figure', {}, el('img', { src: media.href, alt, loading: 'lazy', decoding: 'async' }));
  }
  const label = media.kind === 'video' ? MEDIA.video : MEDIA.picture;
  const link = el('a', { href: media.href, rel: 'noreferrer noopener', target: '_blank' }, label[language]);
  return el('p', { class: 'small' }, link, ` · ${alt}`);
}

const MORE = { ko: '자세히', en: 'More' };
const SHORT_TEXT = 140;
const LONG_TITLE = 90;

/**
 * What stands beside the control of an option: its title, its cost and a short text inside the
 * label, a long text and pictures below it.
 *
 * @param {Option} option
 * @param {Language} language
 */
export function optionParts({ title, cost, text, media }, language) {
  const said = text?.[language] ?? '';
  const brief = said.length <= SHORT_TEXT;
  const inside = el('span', {},
    el('span', { class: title[language].length > LONG_TITLE ? 'title long' : 'title' }, title[language]),
    cost !== undefined && el('span', { class: 'cost' }, grouped(cost)),
    brief && said !== '' && el('span', { class: 'hint lines' }, said));
  const more = !brief && el('details', {},
    el('summary', {}, MORE[language], el('span', { class: 'only-read' }, ` · ${title[language]}`)),
    el('p', { class: 'lines small' }, said));
  const picture = shownMedia(media, language);
  return { inside, below: more || picture ? el('div', { class: 'beside' }, more, picture) : null };
}

const BLANK = { ko: '비워 둘 수 있습니다.', en: 'It may be left blank.' };
const CLEAR = { ko: '답 지우기', en: 'Clear the answer' };

/**
 * The frame of every widget: title, picture, how to answer, room for faults and for what is
 * read aloud after each change.
 *
 * `say` puts a sentence there; `control` is where the widget puts its own parts, and
 * `clearing` the button that takes the answer back.
 *
 * @param {{ question: Question, language: Language, how: Words, heading?: number, clear: () => void }} given
 */
export function frame({ question, language, how, heading = 2, clear }) {
  const [titleId, howId, faultId] = [newId('title'), newId('how'), newId('fault')];
  const level = /** @type {'h2'} */ (`h${heading}`);
  const title = el(level, { id: titleId, class: 'ask', tabindex: -1 }, question.title[language]);
  const fault = el('p', { class: 'fault', id: faultId, hidden: true });
  const said = el('p', { class: 'said', role: 'status' });
  const refused = el('p', { class: 'refused', role: 'status' });
  const control = el('div', { class: 'control' });
  const clearing = button({ class: 'plain', click: clear, hidden: true }, CLEAR[language]);
  const hint = `${how[language]}${question.blank ? ` ${BLANK[language]}` : ''}`;
  const element = el('div',
    { class: `widget ${question.type}`, role: 'group', 'aria-labelledby': titleId, 'aria-describedby': `${howId} ${faultId}` },
    title, shownMedia(question.media, language), el('p', { class: 'hint', id: howId }, hint),
    fault, control, said, refused, el('p', { class: 'clear' }, clearing));
  /** What the answer comes to now, and why the last tap changed nothing. @param {string} sentence @param {string} [why] */
  const say = (sentence, why = '') => {
    if (said.textContent !== sentence) said.textContent = sentence;
    if (refused.textContent !== why) refused.textContent = why;
  };
  /** @param {readonly string[]} faults */
  const tellFaults = (faults) => {
    fault.textContent = faults.join(' ');
    fault.hidden = !faults.length;
    element.classList.toggle('wrong', faults.length > 0);
  };
  /** Keep what is said in sight above a long control. @param {HTMLElement | null} gauge @param {HTMLElement | null} [find] a button */
  const sayAbove = (gauge, find) => el('div', { class: 'ledger' }, said, find, gauge, refused);
  return { element, control, title, say, sayAbove, tellFaults, clearing, titleId, howId };
}

/** @typedef {ReturnType<typeof frame>} Frame */
