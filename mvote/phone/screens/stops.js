/** Where the walk stops: who may not vote and why, other browsers, permits taken elsewhere. */

import { button, el } from '../widgets/parts.js';
import { ask } from '../state/api.js';
import { handOver, outside } from '../state/hand-over.js';
import { inApp, stay } from '../state/in-app.js';
import { Elsewhere, go } from '../shell/router.js';
import { tell } from '../shell/frame.js';
import { inWords, language, say } from '../words/index.js';
import '../words/later.js';
import { begin, openPoll, pathOf, reasonsOf } from './voting.js';

/** @typedef {import('../app/poll.js').Words} Words */
/** @typedef {{ code: string, sentence: Words, what_to_do: Words }} Reason */

const MOST_LOOKED_AT = 10;

/** May I vote, and why not? @type {import('../shell/router.js').Show} */
export async function showWhy(place) {
  const { poll } = await openPoll(place);
  /** @type {{ may_vote: boolean, reasons: Reason[] }} */
  const { may_vote: may, reasons } = await reasonsOf(poll);
  if (may) throw new Elsewhere(pathOf(poll.frozen.id, 'ballot'));
  return {
    title: say('notEligible'),
    crumb: { href: pathOf(poll.frozen.id), label: inWords(poll.head.title) },
    body: [
      el('div', { class: 'notice warn' }, ...reasons.map(({ sentence }) => el('p', {}, inWords(sentence)))),
      el('h2', {}, say('whatToDo')),
      el('ul', {}, ...reasons.map(({ what_to_do: todo }) => el('li', {}, inWords(todo))),
        el('li', {}, say('askReview', { department: inWords(poll.head.told.asked_by) }))),
      reasons.some(({ code }) => code === 'room') &&
        el('p', { class: 'buttons' }, el('a', { class: 'button', href: pathOf(poll.frozen.id, 'room') }, say('toRoom'))),
      el('p', { class: 'quiet small' }, say('fateNothing')),
    ],
  };
}

/** The only permit was taken with another seed. @type {import('../shell/router.js').Show} */
export async function showElsewhere(place) {
  const { poll } = await openPoll(place);
  return {
    title: say('elsewhereTitle'),
    crumb: { href: pathOf(poll.frozen.id), label: inWords(poll.head.title) },
    body: [
      el('p', { class: 'notice warn' }, say('permitElsewhere')),
      el('p', {}, say('permitElsewhereDo')),
      el('p', { class: 'buttons' }, el('a', { class: 'button second', href: '/app/backup' }, say('toRestore'))),
    ],
  };
}

/** No Ed25519: which browser works, and what works in this one. @type {import('../shell/router.js').Show} */
export async function showOld(place) {
  const { poll } = await openPoll(place);
  const others = await otherPolls();
  return {
    title: say('oldTitle'),
    crumb: { href: pathOf(poll.frozen.id), label: inWords(poll.head.title) },
    body: [
      el('p', { class: 'notice warn' }, `${say(globalThis.isSecureContext ? 'oldBrowser' : 'notHttps')} ${say('fateNothing')}`),
      el('p', {}, say('oldWhich')),
      el('p', {}, say('oldOr')),
      el('h2', {}, say('oldPolls')),
      others.length ? el('ul', {}, ...others.map(({ id, title }) => el('li', {}, el('a', { href: pathOf(id) }, inWords(title)))))
        : el('p', {}, say('oldNone')),
    ],
  };
}

/** Open polls that need no signature of the phone. @returns {Promise<{ id: string, title: Words }[]>} */
async function otherPolls() {
  try {
    const { items } = await ask('/polls?state=open');
    const polls = await Promise.all(items.slice(0, MOST_LOOKED_AT).map((/** @type {any} */ { id }) => ask(`/polls/${id}`)));
    return polls.filter(({ definition }) => definition.level !== 'secret');
  } catch {
    return [];
  }
}

/** A messenger's window. @type {import('../shell/router.js').Show} */
export async function showInApp(place) {
  const { poll } = await openPoll(place);
  const { id } = poll.frozen;
  const app = inApp();
  const vote = await begin(poll, place);
  if (!app || vote.permit) throw new Elsewhere(pathOf(id, 'ballot'));
  const url = handOver(id, vote);
  const way = outside(url, app);
  const said = el('p', { role: 'status' });
  const copying = button({ class: way ? 'second' : '', click: () => copy(url.href, said) }, say('inAppCopy'));
  return {
    title: say('inAppTitle'),
    crumb: { href: pathOf(id), label: inWords(poll.head.title) },
    body: [
      el('p', { class: 'notice warn' }, say('inAppWhy', { app: app.name[language()] })),
      el('p', { class: 'buttons' }, way && el('a', { class: 'button', href: way }, say('inAppOpen')), copying),
      said,
      el('p', {}, say('inAppHow')),
      el('p', { class: 'quiet small' }, say('fateNothing')),
      el('p', { class: 'buttons' }, button({ class: 'plain', click: () => { stay(); go(pathOf(id, 'ballot'), { replace: true }); } }, say('inAppStay'))),
    ],
  };
}

/** @param {string} text @param {HTMLElement} said */
async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = say('copied');
  } catch {
    said.replaceChildren(say('notCopied'), ' ', el('code', {}, text));
  }
  tell(said.textContent ?? '');
}
