/** What the department answered, to be rated once from 1 to 5, and asking again. */

import { el } from '../widgets/parts.js';
import { ask } from '../state/api.js';
import { deedsOf } from '../state/acts.js';
import { draw } from '../shell/router.js';
import { inWords, language, moment } from '../words/index.js';
import { area, picks } from './fields.js';
import { enter, prepare, standing, writing } from './taking.js';
import { told } from './words/index.js';

/** @typedef {import('../app/poll.js').Words} Words */
/** @typedef {import('../state/acts.js').Part} Part */
/** @typedef {import('../shell/router.js').Place} Place */
/** @typedef {import('./words/index.js').Key} Key */
/** @typedef {{ number: number, kind: string, poll: string | null, at: string, digest: string, body: Record<string, any> }} Entry */
/** @typedef {{ poll: string, answer: string, scope: string, fewest: number, ratings: number | null, mean: string | null }} Ratings */
/** @typedef {{ poll: string, scope: string, needed: number, owed: boolean }} Asked */
/** @typedef {{ entry: Entry, title: Words, rated: Ratings, asked: Asked }} Answer */

const STARS = /** @type {[string, Key][]} */ ([['5', 'stars5'], ['4', 'stars4'], ['3', 'stars3'], ['2', 'stars2'], ['1', 'stars1']]);

/** @type {import('../shell/router.js').Show} */
export async function showAnswers(place) {
  const id = String(place.given.record);
  const [zone, record, replies] = await Promise.all([prepare(), ask(`/records/${id}`), ask(`/records/${id}/replies`)]);
  const answers = answersIn(record.entries, replies);
  const parts = await entered(place, [...new Set(answers.map(({ rated }) => rated.scope))], record.title);
  const shown = answers.map((one) => answerOf(one, parts.get(one.rated.scope) ?? null, zone, answers.length > 1));
  return {
    title: told('answersTitle'),
    crumb: { href: `/app/records/${id}`, label: inWords(record.title) },
    body: [
      standing(...[...parts.values()].map(({ part }) => part)),
      !answers.length && el('p', {}, told('answersNone')),
      ...shown.map(({ element }) => element),
      ...[...parts.values()].map(({ gate }) => gate),
      el('p', {}, el('a', { href: `/records/${id}?lang=${language()}` }, told('wholePage'))),
    ],
    leave: async () => { for (const { leave } of shown) await leave(); },
  };
}

/** The newest answer about each poll. @param {Entry[]} entries @param {{ ratings: Ratings[], asked: Asked[] }} replies @returns {Answer[]} */
const answersIn = (entries, { ratings, asked }) => ratings.flatMap((rated) => {
  const entry = entries.find(({ digest }) => digest === rated.answer);
  const again = asked.find(({ poll }) => poll === rated.poll);
  const about = entries.find(({ kind, poll }) => kind === 'poll' && poll === rated.poll);
  return entry && again ? [{ entry, rated, asked: again, title: about?.body.title ?? { ko: '', en: '' } }] : [];
});

/** @typedef {{ part: Part | null, gate: HTMLElement | null }} Entered */

/** After a merger answers of several records may stand in one. @param {Place} place @param {string[]} scopes @param {Words} title */
async function entered(place, scopes, title) {
  /** @type {Map<string, Entered>} */
  const found = new Map();
  for (const scope of scopes) found.set(scope, await enter(place, scope, { title, path: place.path }));
  return found;
}

/** @param {Answer} answer @param {Entered | null} entered @param {string} zone @param {boolean} named */
function answerOf({ entry, title, rated, asked }, entered, zone, named) {
  const part = entered?.part;
  const forms = part ? [rating(part, rated), again(part, asked)] : [];
  const element = el('section', {},
    el('h2', {}, named && title.ko ? inWords(title) : told('answerOf')),
    el('p', { class: 'quiet small' }, moment(entry.at, zone)),
    el('p', { class: 'lines panel' }, inWords(entry.body.text)),
    el('p', { class: 'quiet' }, rated.ratings === null ? told('ratingsFew', { n: rated.fewest }) : told('ratings', { n: rated.ratings, mean: String(rated.mean) })),
    ...forms.map((one) => one.element));
  return { element, leave: async () => { for (const { leave } of forms) await leave(); } };
}

const stay = async () => {};

/** @param {Part} part @param {Ratings} rated @returns {{ element: HTMLElement, leave: () => Promise<void> }} */
function rating(part, { poll, answer, scope }) {
  const given = deedsOf(part, 'rate').find(({ body }) => body.answer === answer);
  if (given) return { element: el('p', { class: 'notice good' }, told('youRated', { stars: Number(given.body.stars) })), leave: stay };
  const name = `rate/${answer}`;
  const draft = part.drafts[name] ?? {};
  const stars = picks(told('rateTitle'), STARS.map(([value, key]) => [value, told(key)]), { value: draft.stars ?? '', hint: told('rateOnce') });
  const reason = area(told('rateReason'), draft.reason ?? '', told('reasonPublic'), 3);
  const read = () => ({ stars: stars.values()[0] ?? '', reason: reason.input.value.trim() });
  return writing(part, {
    name, fields: [stars, reason], read, label: told('rate'), done: 'rated',
    made() {
      const said = read();
      stars.tell(said.stars ? '' : told('starsMissing'));
      if (!said.stars) return null;
      const body = { poll, answer, stars: Number(said.stars), reason: said.reason };
      return { act: 'rate', path: `/records/${scope}/ratings`, body };
    },
    then: async () => draw(),
  });
}

/** @param {Part} part @param {Asked} asked @returns {{ element: HTMLElement, leave: () => Promise<void> }} */
function again(part, { poll, scope, needed, owed }) {
  if (owed) return { element: el('p', { class: 'notice' }, told('againOwed')), leave: stay };
  if (deedsOf(part, 'ask-again').some(({ body }) => body.poll === poll)) {
    return { element: el('p', { class: 'notice good' }, told('youAsked')), leave: stay };
  }
  const name = `ask-again/${poll}`;
  const draft = part.drafts[name]?.reason ?? '';
  const reason = area(told('againReason'), draft, told('reasonPublic'), 3);
  const made = writing(part, {
    name, fields: [reason], label: told('askAgain'), done: 'asked',
    read: () => ({ reason: reason.input.value.trim() }),
    made: () => ({ act: 'ask-again', path: `/records/${scope}/asking-again`, body: { poll, reason: reason.input.value.trim() } }),
    then: async () => draw(),
  });
  const element = el('details', { open: draft !== '' }, el('summary', {}, told('againTitle')), el('p', {}, told('againWhy', { n: needed })), made.element);
  return { element, leave: made.leave };
}
