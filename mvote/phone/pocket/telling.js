/** News as they are shown: what kind, when, what it says, and where it is told in full. */

import { el } from '../widgets/parts.js';
import { inWords, language, moment } from '../words/index.js';
import { said } from './words/index.js';

/** @typedef {import('../state/feed.js').Told} Told */
/** @typedef {import('./words/index.js').Key} Key */

/** @type {Record<string, Key>} */
const KINDS = {
  result: 'kindResult', cancelled: 'kindCancelled', answer: 'kindAnswer', 'interim-answer': 'kindInterim', step: 'kindStep',
  'closing-report': 'kindClosing', promise: 'kindPromise', 'promised-step': 'kindPromisedStep', 'step-moved': 'kindMoved',
  evidence: 'kindEvidence', 'step-slipped': 'kindSlipped', erratum: 'kindErratum', merged: 'kindMerged', split: 'kindSplit',
  'asked-again': 'kindAskedAgain', 'rating-summary': 'kindRatings', proposal: 'kindProposal', 'proposal-reply': 'kindProposalReply', 'question-reply': 'kindQuestionReply', 'pool-result': 'kindPoolResult',
  overdue: 'kindOverdue',
};
const LATE = ['overdue', 'step-slipped'];

/** The page on which it is told in full, in the language that is read. @param {string} path */
export function paged(path) {
  const url = new URL(path, location.origin);
  url.searchParams.set('lang', language());
  return url.pathname + url.search + url.hash;
}

/**
 * News in the order of time, the newest first.
 *
 * @param {Told[]} told
 * @param {{ zone: string, isNew?: (told: Told) => boolean }} how
 */
export const listOf = (told, { zone, isNew = () => false }) =>
  el('ol', { class: 'timeline' }, ...told.map((one) => itemOf(one, zone, isNew(one))));

/** @param {Told} told @param {string} zone @param {boolean} isNew */
function itemOf(told, zone, isNew) {
  const kind = KINDS[told.kind];
  const name = kind ? said(kind) : told.kind;
  return el('li', {},
    el('p', {}, isNew && el('span', { class: 'tag strong' }, said('newsTag')),
      el('span', { class: LATE.includes(told.kind) ? 'tag bad' : 'tag' }, name), ' ',
      el('time', { class: 'quiet small', datetime: told.at }, moment(told.at, zone))),
    el('p', { class: 'lines' }, inWords(told.text)),
    el('p', { class: 'small' }, el('a', { href: paged(told.path) }, said('readOn'),
      el('span', { class: 'only-read' }, ` · ${name}: ${inWords(told.title)}`))));
}
