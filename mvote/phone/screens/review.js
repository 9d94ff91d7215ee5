/** One look at all answers, and one tap that casts them. */

import { button, el } from '../widgets/parts.js';
import { collect } from '../widgets/collect.js';
import { Refused } from '../state/api.js';
import { StorageRefused } from '../state/store.js';
import { AlreadyCast, sendBallot, signBallot } from '../state/casting.js';
import { findVote, newest, waiting } from '../state/votes.js';
import { Elsewhere, go } from '../shell/router.js';
import { tell } from '../shell/frame.js';
import { inWords, moment, say } from '../words/index.js';
import '../words/later.js';
import { sentenceOf } from './form.js';
import { askedNow, draftOf, widgetsOf } from './ballot.js';
import { keepTrouble } from './waiting.js';
import { isOpen, openPoll, pathOf, requireNotCast, watch } from './voting.js';

/** @typedef {import('../state/polls.js').Poll} Poll */
/** @typedef {import('../widgets/index.js').Widget} Widget */

/** @type {import('../shell/router.js').Show} */
export async function showReview(place) {
  const { poll, vote } = await openPoll(place);
  const { id, revote } = poll.frozen;
  const changing = place.query.has('change') && revote;
  requireNotCast(vote, changing);
  if (!isOpen(poll)) throw new Elsewhere(pathOf(id));
  if (!vote?.permit || !vote.draft) throw new Elsewhere(pathOf(id, 'ballot'));
  const widgets = await widgetsOf(poll, vote, vote.draft);
  const asked = askedNow(widgets);
  if (asked.some((widget) => widget.faults().length)) throw new Elsewhere(pathOf(id, 'ballot'));
  const seen = newest(vote)?.seq ?? 0;
  const ballot = `${pathOf(id, 'ballot')}${changing ? '?change=1' : ''}`;
  const { told, closes } = poll.head;
  const trouble = el('p', { class: 'notice bad', role: 'alert', hidden: true });
  const casting = button({ click: () => cast(poll, widgets, asked, seen, casting, trouble) }, say('cast'));
  return {
    title: say('reviewTitle'),
    crumb: { href: ballot, label: say('changeAnswers') },
    body: [
      el('dl', { class: 'facts answers' }, ...asked.flatMap(answerOf)),
      el('p', { class: 'buttons' }, el('a', { class: 'button second', href: ballot }, say('changeAnswers'))),
      el('p', {}, revote ? say('mindUntil', { moment: moment(closes, told.time_zone) }) : say('mindNo')),
      trouble,
      el('div', { class: 'dock' }, el('p', { class: 'buttons' }, casting)),
      el('p', {}, say('castTold')),
      el('p', { class: 'quiet small' }, `${inWords(told.level)}: ${inWords(told.privacy)}`),
    ],
    leave: watch(poll),
  };
}

/** @param {Widget} widget */
function answerOf(widget) {
  const said = widget.tell();
  const reason = widget.reason();
  return [
    el('dt', {}, inWords(widget.question.title)),
    el('dd', {}, ...(said.length ? said : [say('blank')]).map((line) => el('p', { class: 'lines' }, el('strong', {}, line))),
      reason && el('p', { class: 'small lines' }, `${say('reasonGiven')}: ${reason}`)),
  ];
}

/**
 * Sign, keep, send.  Whatever happens after signing, it is this one ballot.
 *
 * @param {Poll} poll
 * @param {Widget[]} widgets
 * @param {Widget[]} asked
 * @param {number} seen
 * @param {HTMLButtonElement} casting
 * @param {HTMLElement} trouble where it is said that nothing could be signed
 */
async function cast(poll, widgets, asked, seen, casting, trouble) {
  if (casting.getAttribute('aria-disabled') === 'true') return;
  casting.setAttribute('aria-disabled', 'true');
  casting.textContent = say('casting');
  tell(say('casting'));
  const { id } = poll.frozen;
  try {
    const { ans, texts } = await collect(asked);
    await signBallot(poll, { draft: draftOf(widgets), ans, texts: /** @type {any} */ (texts) }, seen);
  } catch (error) {
    if (!(error instanceof AlreadyCast)) {
      trouble.textContent = `${sentenceOf(error)} ${say('fateDraft')}`;
      trouble.hidden = false;
      casting.textContent = say('cast');
      casting.removeAttribute('aria-disabled');
      return;
    }
    await deliver(id, '?earlier=1');
    return;
  }
  await deliver(id);
}

/**
 * Send what is signed and go where that leads.
 *
 * @param {string} id
 * @param {string} [earlier] tells the receipt's screen that another window cast it
 */
export async function deliver(id, earlier = '') {
  try {
    const vote = await sendBallot(id);
    await go(pathOf(id, newest(vote)?.refused ? 'not-counted' : `counted${earlier}`), { replace: true });
  } catch (error) {
    keepTrouble(error instanceof Refused || error instanceof StorageRefused ? sentenceOf(error) : '');
    const vote = await findVote(id).catch(() => null);
    if (waiting(vote)) dispatchEvent(new Event('mvote-waiting'));
    await go(pathOf(id, 'waiting'), { replace: true });
  }
}
