/**
 * The ballot: every question with its control, in this voter's own order of options.
 *
 * Before it is shown the only permit is taken, and before that whatever could lose it is said.
 */

import { el } from '../widgets/parts.js';
import { askedOf, loadWidgets, makeWidget } from '../widgets/index.js';
import { optionOrder } from '../app/derive.js';
import { Refused } from '../state/api.js';
import { SignInNeeded, isSignedIn, passFor } from '../state/identity.js';
import { inApp, stays } from '../state/in-app.js';
import { persist } from '../state/store.js';
import { canSign, markOf, renewSeed, takePermit } from '../state/permits.js';
import { counted, keepDraft } from '../state/votes.js';
import { tell } from '../shell/frame.js';
import { Elsewhere, go } from '../shell/router.js';
import { inWords, language, say } from '../words/index.js';
import { sentenceOf } from './form.js';
import { begin, isOpen, openPoll, pathOf, requireNotCast, watch } from './voting.js';

/** @typedef {import('../state/polls.js').Poll} Poll */
/** @typedef {import('../state/votes.js').Vote} Vote */
/** @typedef {import('../state/votes.js').Draft} Draft */
/** @typedef {import('../widgets/index.js').Widget} Widget */
/** @typedef {import('../widgets/question.js').Question} Question */

const NOT_ME = ['not-eligible', 'proof-too-weak', 'roll-key-missing'];
const NO_PASS = ['room-pass-needed', 'room-pass-not-valid'];

/** @type {import('../shell/router.js').Show} */
export async function showBallot(place) {
  const { poll, vote: found } = await openPoll(place);
  const { id } = poll.frozen;
  const changing = place.query.has('change') && poll.frozen.revote;
  requireNotCast(found, changing);
  if (!isOpen(poll)) throw new Elsewhere(pathOf(id));
  const vote = found?.permit ? found : await getPermit(poll, place);
  const draft = vote.draft ?? counted(vote)?.draft ?? {};
  return ballotOf(poll, vote, draft, changing);
}

/** @param {Poll} poll @param {import('../shell/router.js').Place} place @returns {Promise<Vote>} */
async function getPermit(poll, place) {
  const { id, level } = poll.frozen;
  if (level === 'secret' && !(await canSign())) throw new Elsewhere(pathOf(id, 'old'));
  const vote = await begin(poll, place);
  if (inApp() && !stays()) throw new Elsewhere(pathOf(id, 'in-app'));
  if (!(await isSignedIn())) throw new Elsewhere(pathOf(id, 'check'));
  if (level === 'open') throw new Elsewhere(pathOf(id, 'name'));
  persist();
  tell(say('wherePermit'));
  return vote.permit ? vote : permitOr(poll);
}

/**
 * The permit, or the screen that says why there is none.
 *
 * @param {Poll} poll
 * @param {{ name?: string }} [given]
 * @param {boolean} [tried] with another seed, which was somebody else's
 * @returns {Promise<Vote>}
 */
export async function permitOr(poll, given = {}, tried = false) {
  const { id } = poll.frozen;
  try {
    return await takePermit(poll, { ...given, roomPass: await passFor(id) });
  } catch (error) {
    if (!tried && error instanceof Refused && error.code === 'blinded-message-taken') {
      await renewSeed(id);
      return permitOr(poll, given, true);
    }
    if (error instanceof SignInNeeded) throw new Elsewhere(pathOf(id, 'check'));
    if (!(error instanceof Refused)) throw error;
    if (NO_PASS.includes(error.code)) throw new Elsewhere(pathOf(id, 'room'));
    if (NOT_ME.includes(error.code)) throw new Elsewhere(pathOf(id, 'why'));
    if (error.code === 'permit-already-issued' && given.name) throw error; // under another name
    if (error.code === 'permit-already-issued') throw new Elsewhere(pathOf(id, 'elsewhere'));
    if (error.code === 'consent-needed') throw new Elsewhere(pathOf(id, 'check'));
    throw error;
  }
}

/** @param {Poll} poll */
export const questionsOf = ({ frozen }) =>
  /** @type {Question[]} */ (/** @type {unknown} */ (frozen.definition.questions));

/** @param {Poll} poll @param {Vote} vote @param {Draft} draft @returns {Promise<Widget[]>} */
export async function widgetsOf(poll, vote, draft, onChange = () => {}) {
  const questions = questionsOf(poll);
  const [mark] = await Promise.all([markOf(vote), loadWidgets(questions)]);
  return Promise.all(questions.map(async (question) => {
    const ids = question.options.map(({ id }) => id);
    const order = question.shuffle ? await optionOrder(mark, question.id, ids) : ids;
    return makeWidget(question, { language: language(), order, draft: draft[question.id] ?? null, onChange });
  }));
}

/** The widgets of the questions that are asked after the answers so far. @param {Widget[]} widgets */
export function askedNow(widgets) {
  const answers = Object.fromEntries(widgets.map((one) => [one.question.id, one.answer()]));
  const asked = askedOf(widgets.map(({ question }) => question), answers);
  return widgets.filter(({ question }) => asked.includes(question));
}

/** @param {Widget[]} widgets @returns {Draft} */
export const draftOf = (widgets) => Object.fromEntries(widgets.map((one) => [one.question.id, one.draft()]));

/** @param {Poll} poll @param {Vote} vote @param {Draft} draft @param {boolean} changing */
async function ballotOf(poll, vote, draft, changing) {
  const { id } = poll.frozen;
  const kept = keeping(id);
  const widgets = await widgetsOf(poll, vote, draft, () => {
    fetchRest();
    hideUnasked(widgets);
    kept.later(() => draftOf(widgets));
  });
  hideUnasked(widgets);
  const faults = el('div', { class: 'faults', role: 'alert', tabindex: '-1', hidden: true });
  const form = el('form', { novalidate: true, submit: (event) => {
    event.preventDefault();
    review(widgets, faults, async () => {
      kept.later(() => draftOf(widgets));
      try {
        await kept.surely();
      } catch (error) {
        tellTrouble(faults, error);
        return;
      }
      await go(`${pathOf(id, 'review')}${changing ? '?change=1' : ''}`);
    });
  } },
  ...widgets.map(({ element }) => element),
  el('p', { class: 'buttons' }, el('button', { type: 'submit' }, say('review'))),
  el('p', { class: 'quiet small' }, say('draftKept')));
  const unwatch = watch(poll);
  return {
    title: say('ballotTitle'),
    crumb: { href: pathOf(id), label: inWords(poll.head.title) },
    body: [changing && el('p', { class: 'notice' }, say('changeTold')), faults, form],
    leave() {
      unwatch();
      return kept.now();
    },
  };
}

/** What comes after the ballot is fetched while it is filled in, for the net may be gone then. */
function fetchRest() {
  Promise.all([import('./review.js'), import('./waiting.js'), import('./counted.js')]).catch(() => {});
}

/** Nothing could be kept; what was filled in stays where it is. @param {HTMLElement} faults @param {unknown} error */
function tellTrouble(faults, error) {
  faults.replaceChildren(el('p', {}, sentenceOf(error)));
  faults.hidden = false;
  faults.focus();
}

/** @param {Widget[]} widgets */
function hideUnasked(widgets) {
  const asked = askedNow(widgets);
  for (const widget of widgets) widget.element.hidden = !asked.includes(widget);
}

/** @param {Widget[]} widgets @param {HTMLElement} faults @param {() => void} good */
function review(widgets, faults, good) {
  const wrong = askedNow(widgets).filter((widget) => widget.showFaults().length);
  faults.hidden = !wrong.length;
  if (!wrong.length) {
    good();
    return;
  }
  faults.replaceChildren(el('h2', {}, say('faultsTitle')), el('ul', {}, ...wrong.map((widget) =>
    el('li', {}, el('a', { href: `#${widget.element.getAttribute('aria-labelledby')}`, click: (event) => { event.preventDefault(); widget.focus(); } },
      inWords(widget.question.title)), `: ${widget.faults().join(' ')}`))));
  wrong[0]?.focus();
}

/**
 * Keep a draft a moment after the last change, and at once where the screen is left.
 *
 * @param {string} poll
 */
function keeping(poll) {
  const PAUSE = 300; // milliseconds
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {(() => Draft) | null} */
  let open = null;
  const surely = async () => {
    clearTimeout(timer);
    const draft = open?.();
    open = null;
    if (draft) await keepDraft(poll, draft);
  };
  const now = () => surely().catch(() => {}); // before the review it is said where nothing can be kept
  return {
    now,
    surely,
    /** @param {() => Draft} draft */
    later(draft) {
      open = draft;
      clearTimeout(timer);
      timer = setTimeout(now, PAUSE);
    },
  };
}
