/** A poll: what is asked and by whom, what it decides, what is secret, and whether one may vote. */

import { el } from '../widgets/parts.js';
import { now, wrongBy } from '../state/api.js';
import { isSignedIn } from '../state/identity.js';
import { counted, newest, waiting } from '../state/votes.js';
import { sharing } from '../shell/frame.js';
import { inWords, language, moment, say, span } from '../words/index.js';
import { isOpen, openPoll, pathOf, watch } from './voting.js';

/** @typedef {import('../state/polls.js').Poll} Poll */
/** @typedef {import('../state/votes.js').Vote} Vote */

const DAY = 86_400_000;
const WRONG_CLOCK = 10 * 60_000;
const ANOTHER_COUNTS = ['seq-conflict', 'stale-seq', 'revote-not-allowed'];

/** @type {import('../shell/router.js').Show} */
export async function showPoll(place) {
  const { poll, vote, kept } = await openPoll(place);
  const { frozen, head } = poll;
  const summary = /** @type {import('../app/poll.js').Words} */ (frozen.definition.summary);
  const signedIn = await isSignedIn().catch(() => false);
  return {
    title: inWords(head.title),
    crumb: { href: '/app/', label: say('toPolls') },
    body: [
      el('p', { class: 'lead' }, inWords(summary)),
      ...questionsOf(poll),
      ...actOf(poll, vote, signedIn),
      kept && el('p', { class: 'notice warn' }, say('offline')),
      factsOf(poll),
      el('p', {}, el('a', { href: `/polls/${frozen.id}?lang=${language()}` }, say('more'))),
      sharing(`/app/polls/${frozen.id}?ph=${frozen.ph.slice(0, 16)}`, inWords(head.title)),
    ],
    leave: watch(poll),
  };
}

/** What is asked, where it is not the title again. @param {Poll} poll */
function questionsOf({ frozen, head }) {
  const titles = frozen.questions.map(({ title }) => inWords(title));
  if (titles.length === 1 && titles[0] === inWords(head.title)) return [];
  return [el('ul', { class: 'rules' }, ...titles.map((title) => el('li', {}, el('strong', {}, title))))];
}

/** The one main act, and why there is none. @param {Poll} poll @param {Vote | null} vote @param {boolean} signedIn */
function actOf(poll, vote, signedIn) {
  const { id } = poll.frozen;
  const voted = counted(vote);
  if (waiting(vote)) {
    return [notice('warn', say('waitingTitle')), act(pathOf(id, 'waiting'), say('sendNow'))];
  }
  if (voted) {
    const changes = isOpen(poll) && poll.frozen.revote;
    return [
      notice('good', say('votedAlready')), act(pathOf(id, 'counted'), say('seeReceipt')),
      changes && act(`${pathOf(id, 'ballot')}?change=1`, say('changeMind'), 'second'),
    ];
  }
  const refused = newest(vote)?.refused;
  if (refused) {
    const may = isOpen(poll) && (poll.frozen.revote || !ANOTHER_COUNTS.includes(refused.code));
    const again = may ? act(pathOf(id, 'ballot'), say('vote')) : null;
    return [notice('bad', say('notCounted')), act(pathOf(id, 'not-counted'), say('whyNotCounted'), 'second'), again];
  }
  if (!isOpen(poll)) return [...whyNot(poll), vote?.draft && el('p', {}, say('fateDraft'))];
  return [
    act(pathOf(id, 'ballot'), say(vote?.draft ? 'goOn' : 'vote')),
    el('p', { class: 'quiet small' }, signedIn ? '' : `${say('startSignIn')} `, vote?.permit ? '' : say('startNote')),
  ];
}

/** @param {Poll} poll */
function whyNot({ head, frozen }) {
  const { state, opens, told: { time_zone: zone } } = head;
  const why = head.reason ? ` ${say('reason', { reason: inWords(head.reason) })}` : '';
  if (state === 'frozen') {
    const when = opens ? say('notOpen', { moment: moment(opens, zone) }) : say('notOpenByHand');
    return [notice('', when)];
  }
  if (state === 'suspended') return [notice('warn', say('isSuspended') + why)];
  if (state === 'cancelled') return [notice('warn', say('isCancelled') + why)];
  const result = state === 'published' && act(`/polls/${frozen.id}/result?lang=${language()}`, say('seeResult'));
  return [notice('', say('isOver')), result];
}

/** @param {string} kind @param {string} words */
const notice = (kind, words) => el('p', { class: `notice ${kind}` }, words);

/** @param {string} href @param {string} words @param {string} [kind] */
const act = (href, words, kind = '') => el('p', { class: 'buttons' }, el('a', { class: `button ${kind}`, href }, words));

/** @param {Poll} poll */
function factsOf(poll) {
  const { head, frozen } = poll;
  const { told } = head;
  const left = Date.parse(head.closes) - now();
  const closing = [moment(head.closes, told.time_zone),
    isOpen(poll) && left < DAY && say('closesIn', { span: span(left) }),
    wrongBy() > WRONG_CLOCK && say('clockWrong')];
  return el('dl', { class: 'facts' },
    ...fact(say('askedBy'), inWords(told.asked_by)),
    ...fact(say('closes'), el('span', { class: 'lines' }, closing.filter(Boolean).join('\n'))),
    ...fact(say('whoMay'), lines(told.audience)),
    ...fact(say('howChecked'), inWords(told.proof)),
    ...fact(say('decides'), lines(told.decision)),
    ...fact(say('privacy'), `${inWords(told.level)}: ${inWords(told.privacy)}`),
    ...fact(say('mind'), say(frozen.revote ? 'mindYes' : 'mindNo')),
    ...(told.apart.length ? fact(say('apart'), lines(told.apart)) : []),
  );
}

/** @param {import('../app/poll.js').Words[]} said */
const lines = (said) => (said.length > 1 ? el('ul', {}, ...said.map((one) => el('li', {}, inWords(one)))) : said.map(inWords).join(''));

/** @param {string} term @param {Node | string} said */
const fact = (term, said) => [el('dt', {}, term), el('dd', {}, said)];
