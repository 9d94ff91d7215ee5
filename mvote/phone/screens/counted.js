/** “Counted”: the receipt, by which the ballot is found on the board. */

import { button, el } from '../widgets/parts.js';
import { unb64u } from '../app/bytes.js';
import { tracker as trackerOf } from '../app/receipt.js';
import { drawCode } from '../qr/draw.js';
import { receiptText } from '../state/casting.js';
import { canSign } from '../state/permits.js';
import { counted } from '../state/votes.js';
import { Elsewhere } from '../shell/router.js';
import { tell } from '../shell/frame.js';
import { inWords, language, moment, say } from '../words/index.js';
import '../words/later.js';
import { isOpen, openPoll, pathOf, requireNotCast } from './voting.js';

/** @typedef {import('../state/polls.js').Poll} Poll */
/** @typedef {import('../state/votes.js').Cast} Cast */

/** @type {import('../shell/router.js').Show} */
export async function showCounted(place) {
  const { poll, vote } = await openPoll(place);
  const { id } = poll.frozen;
  const cast = counted(vote);
  if (!cast) throw new Elsewhere(pathOf(id));
  requireNotCast(vote, true);
  const file = new Blob([receiptText(cast)], { type: 'application/json' });
  const saved = URL.createObjectURL(file);
  const tracker = spelled(trackerOf(unb64u(cast.leaf, 32)));
  const changed = (vote?.casts.filter(({ receipt }) => receipt).length ?? 0) > 1;
  const lead = place.query.has('earlier') ? 'votedAlready' : changed ? 'countedChanged' : 'countedLead';
  return {
    title: say('countedTitle'),
    crumb: { href: pathOf(id), label: inWords(poll.head.title) },
    body: [
      el('p', { class: 'notice good' }, say(lead)),
      !(await canSign()) && el('p', { class: 'notice warn' }, say('notChecked')),
      el('h2', {}, say('tracker')),
      el('p', { class: 'tracker' }, el('code', { id: 'tracker' }, tracker)),
      el('p', {}, say('trackerWhy')),
      el('div', { class: 'qr', role: 'img', 'aria-label': say('qrAlt', { tracker }) }, drawCode(linkOf(id, cast.leaf))),
      receiptActs(poll, cast, tracker, saved),
      ...next(poll, cast),
    ],
    leave: () => URL.revokeObjectURL(saved),
  };
}

/** In groups of four, as a person reads it out. @param {string} tracker */
export const spelled = (tracker) => tracker.toUpperCase().replace(/(.{4})(?=.)/g, '$1-');

/** What the QR code holds: opened on another phone, that one looks for the ballot. @param {string} poll @param {string} leaf */
export const linkOf = (poll, leaf) => `${location.origin}/app/polls/${poll}/receipt#leaf=${leaf}`;

/** @param {Poll} poll @param {Cast} cast @param {string} tracker @param {string} saved address of the file */
function receiptActs({ frozen, head }, cast, tracker, saved) {
  const saving = el('a', { class: 'button second', href: saved, download: `receipt-${frozen.id}-${cast.seq}.json`, click: () => tell(say('saved')) }, say('save'));
  const text = say('shareText', { title: inWords(head.title), tracker });
  const sharing = button({ class: 'second', click: () => shareText(text, sharing) }, say('share'));
  return el('p', { class: 'buttons' }, saving, sharing);
}

/** By the share sheet, else to the clipboard. @param {string} text @param {HTMLElement} at */
async function shareText(text, at) {
  try {
    if (navigator.share) await navigator.share({ text });
    else {
      await navigator.clipboard.writeText(text);
      at.textContent = say('shared');
      tell(say('shared'));
    }
  } catch {
    // the citizen closed the sheet, or the browser has neither
  }
}

/** @param {Poll} poll @param {Cast} cast */
function next(poll, { receipt }) {
  const { frozen, head } = poll;
  const zone = head.told.time_zone;
  const days = Number(frozen.definition.answer_days);
  const changes = frozen.revote && isOpen(poll);
  return [
    el('h2', {}, say('nextTitle')),
    receipt && el('p', {}, say('includeBy', { moment: moment(String(receipt.include_by), zone) })),
    el('p', {}, say('nextResult', { days }), ' ', el('a', { href: `/records/${head.record}?lang=${language()}` }, say('followRecord'))),
    changes && el('p', {}, say('mindUntil', { moment: moment(head.closes, zone) })),
    changes && el('p', { class: 'buttons' }, el('a', { class: 'button second', href: `${pathOf(frozen.id, 'ballot')}?change=1` }, say('changeMind'))),
  ];
}
