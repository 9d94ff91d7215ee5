/** A signed ballot that did not reach the city yet, or of which that is not known. */

import { button, el } from '../widgets/parts.js';
import { counted, newest, waiting } from '../state/votes.js';
import { Elsewhere } from '../shell/router.js';
import { tell } from '../shell/frame.js';
import { inWords, moment, say } from '../words/index.js';
import '../words/later.js';
import { openPoll, pathOf } from './voting.js';

/** Refusals that are told otherwise than the server does, which does not know the phone. @type {Record<string, import('../words/index.js').Key>} */
const BECAUSE = {
  'poll-closed': 'notCountedClosed',
  'seq-conflict': 'notCountedOther',
  'stale-seq': 'notCountedOther',
};

let trouble = '';

/** What stood in the way of the last try. @param {string} sentence */
export function keepTrouble(sentence) {
  trouble = sentence;
}

/** @type {import('../shell/router.js').Show} */
export async function showWaiting(place) {
  const { poll, vote } = await openPoll(place);
  const { id } = poll.frozen;
  if (!waiting(vote)) {
    const end = newest(vote)?.refused ? 'not-counted' : counted(vote) ? 'counted' : '';
    throw new Elsewhere(pathOf(id, end));
  }
  const { closes, told } = poll.head;
  const sending = button({ click: async () => {
    sending.setAttribute('aria-disabled', 'true');
    tell(say('casting'));
    const { deliver } = await import('./review.js');
    await deliver(id);
    tell(say('stillWaiting'));
  } }, say('sendNow'));
  return {
    title: say('waitingTitle'),
    crumb: { href: pathOf(id), label: inWords(poll.head.title) },
    body: [
      el('div', { class: 'notice warn' }, el('p', {}, say('waitingLead')), trouble && el('p', {}, trouble)),
      el('p', {}, say('waitingSent')),
      el('p', {}, say('waitingUntil', { moment: moment(closes, told.time_zone) })),
      el('p', { class: 'buttons' }, sending),
    ],
  };
}

/** @type {import('../shell/router.js').Show} */
export async function showNotCounted(place) {
  const { poll, vote } = await openPoll(place);
  const { id } = poll.frozen;
  const refused = newest(vote)?.refused;
  if (!refused) throw new Elsewhere(pathOf(id));
  const key = BECAUSE[refused.code];
  const because = key ? say(key) : inWords(refused.sentence);
  return {
    title: say('notCountedTitle'),
    crumb: { href: pathOf(id), label: inWords(poll.head.title) },
    body: [
      el('div', { class: 'notice bad' }, el('p', {}, el('strong', {}, say('notCounted')), ' ', because),
        counted(vote) && el('p', {}, say('notCountedEarlier'))),
      counted(vote) && el('p', { class: 'buttons' }, el('a', { class: 'button', href: pathOf(id, 'counted') }, say('seeReceipt'))),
      el('p', {}, el('a', { href: '/app/' }, say('toPolls'))),
    ],
  };
}
