/** What the QR code of a receipt leads to: whether that ballot stands on its board, on any phone. */

import { el } from '../widgets/parts.js';
import { BoardAlarm } from '../app/board.js';
import { unb64u } from '../app/bytes.js';
import { tracker } from '../app/receipt.js';
import { lookFor } from '../state/receipts.js';
import { inWords } from '../words/index.js';
import { spelled } from '../screens/counted.js';
import { openPoll, pathOf } from '../screens/voting.js';
import { findWords, said } from './words/index.js';

/** @type {import('../shell/router.js').Show} */
export async function showReceipt(place) {
  await findWords();
  const { poll } = await openPoll(place);
  const leaf = readLeaf(place.secret.get('leaf'));
  return {
    title: said('findTitle'),
    crumb: { href: pathOf(poll.frozen.id), label: inWords(poll.head.title) },
    body: leaf ? [
      el('p', { class: 'tracker' }, el('code', {}, spelled(tracker(leaf)))),
      await found(poll, leaf),
    ] : [el('p', { class: 'notice bad' }, said('findWrong'))],
  };
}

/** @param {string | null} given */
function readLeaf(given) {
  try {
    return given === null ? null : unb64u(given, 32);
  } catch {
    return null;
  }
}

/** @param {import('../state/polls.js').Poll} poll @param {import('../app/bytes.js').Bytes} leaf */
async function found(poll, leaf) {
  try {
    const position = await lookFor(poll, leaf);
    if (position === null) return el('p', { class: 'notice warn' }, said('findNo'));
    return el('p', { class: 'notice good' }, said('findYes', { position }));
  } catch (error) {
    if (!(error instanceof BoardAlarm)) throw error;
    return el('p', { class: 'notice bad' }, said('unproved'));
  }
}
