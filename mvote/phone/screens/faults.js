/** What went wrong, as a screen: what is the case, what happened to the vote, what to do. */

import { button, el } from '../widgets/parts.js';
import { Refused, Unreachable } from '../state/api.js';
import { PollChanged } from '../state/polls.js';
import { KeptIsGone, StorageRefused } from '../state/store.js';
import { SignInNeeded } from '../state/identity.js';
import { counted, findVote, newest, waiting } from '../state/votes.js';
import { Elsewhere, NoScreen, draw } from '../shell/router.js';
import { say } from '../words/index.js';
import '../words/later.js';
import { sentenceOf } from './form.js';
import { forgetPolls } from './voting.js';

/** @typedef {import('../shell/router.js').Place} Place */

/** @param {unknown} error @param {Place} place @returns {Promise<import('../shell/frame.js').Screen>} */
export async function showFault(error, place) {
  if (error instanceof SignInNeeded) throw new Elsewhere(`/app/sign-in?to=${encodeURIComponent(place.path)}`);
  const { title, words, again } = told(error);
  const poll = place.given.poll;
  return {
    title,
    crumb: { href: '/app/', label: say('toPolls') },
    body: [
      el('div', { class: `notice ${isCommon(error) ? 'warn' : 'bad'}` }, el('p', {}, words), poll && el('p', {}, await fateOf(poll))),
      error instanceof KeptIsGone && el('p', { class: 'buttons' }, el('a', { class: 'button second', href: '/app/backup' }, say('toRestore'))),
      again && el('p', { class: 'buttons' }, button({ click: () => tryAgain(error) }, say('again'))),
    ],
  };
}

/** Some browsers remember that a module could not be fetched until the page is loaded anew. @param {unknown} error */
function tryAgain(error) {
  forgetPolls();
  if (isNoModule(error)) location.reload();
  else draw();
}

/** @param {unknown} error @returns {{ title: string, words: string, again: boolean }} */
function told(error) {
  if (error instanceof PollChanged) return { title: say('changedTitle'), words: say('changed'), again: false };
  if (error instanceof StorageRefused) return { title: say('storageTitle'), words: say('storageRefused'), again: true };
  if (error instanceof KeptIsGone) return { title: say('goneTitle'), words: say('gone'), again: false };
  if (error instanceof NoScreen) return { title: say('faultTitle'), words: say('noScreen'), again: false };
  if (error instanceof Refused && error.code === 'poll-unknown') {
    return { title: say('faultTitle'), words: say('noPoll'), again: false };
  }
  if (isNoModule(error)) return { title: say('faultTitle'), words: say(error instanceof SyntaxError ? 'updated' : 'unreachable'), again: true };
  return { title: say('faultTitle'), words: sentenceOf(error), again: true };
}

/** A mistyped address or a line that is gone alarms nobody. @param {unknown} error */
const isCommon = (error) => error instanceof NoScreen || error instanceof Unreachable || isNoModule(error) ||
  (error instanceof Refused && error.code === 'poll-unknown');

/** A screen could not be fetched: the line is gone, or there is a new version. @param {unknown} error */
const isNoModule = (error) => (error instanceof TypeError || error instanceof SyntaxError) && /import|module/i.test(error.message);

/** What happened to the vote in a poll. @param {string} poll */
export async function fateOf(poll) {
  const vote = await findVote(poll).catch(() => null);
  if (waiting(vote)) return say('fateWaiting');
  if (counted(vote)) return say('fateCounted');
  if (newest(vote)?.refused) return say('notCounted');
  return say(vote?.draft ? 'fateDraft' : 'fateNothing');
}
