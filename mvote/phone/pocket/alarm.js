/** A board that is not as promised: what is wrong, the evidence, and one tap to complain. */

import { button, el } from '../widgets/parts.js';
import { Refused } from '../state/api.js';
import { complain, hearAnswer } from '../state/complaints.js';
import { findWatch, lookOnceMore } from '../state/receipts.js';
import { getVote } from '../state/votes.js';
import { tell } from '../shell/frame.js';
import { Elsewhere, draw, go } from '../shell/router.js';
import { inWords, moment } from '../words/index.js';
import { sentenceOf } from '../screens/form.js';
import { findWords, said } from './words/index.js';

/** @typedef {import('../state/receipts.js').Watch} Watch */
/** @typedef {import('../state/votes.js').Vote} Vote */

/** @type {import('../shell/router.js').Show} */
export async function showAlarm({ given }) {
  await findWords();
  const poll = String(given.poll);
  await hearAnswer(poll).catch(() => {}); // what was heard before is shown
  const [vote, watch] = [await getVote(poll), await findWatch(poll)];
  const { alarm } = watch;
  if (!alarm) throw new Elsewhere('/app/my-votes');
  const zone = vote.head.told.time_zone;
  const file = URL.createObjectURL(new Blob([evidenceOf(vote, watch)], { type: 'application/json' }));
  return {
    title: said('alarmTitle'),
    crumb: { href: '/app/my-votes', label: said('mineTitle') },
    body: [
      el('p', { class: 'lead' }, inWords(vote.head.title)),
      el('div', { class: 'notice bad' }, el('p', {}, whatIsWrong(vote, alarm)),
        el('p', {}, said('alarmKept', { moment: moment(new Date(alarm.at).toISOString(), zone) }))),
      ...dispute(vote, watch),
      el('p', { class: 'buttons' }, el('a', { class: 'button second', href: file, download: `board-${poll}.json` }, said('evidence'))),
      el('p', { class: 'quiet small' }, said('evidenceWhy')),
    ],
    leave: () => URL.revokeObjectURL(file),
  };
}

/** @param {Vote} vote @param {NonNullable<Watch['alarm']>} alarm */
function whatIsWrong(vote, { code, leaf }) {
  if (code === 'board-rewritten') return said('rewritten');
  if (code === 'proof-not-valid') return said('unproved');
  const receipt = vote.casts.find((cast) => cast.leaf === leaf)?.receipt;
  return said('missing', { moment: moment(String(receipt?.include_by), vote.head.told.time_zone) });
}

/** @param {Vote} vote @param {Watch} watch */
function dispute(vote, { alarm, complaint }) {
  if (complaint) return [complaintOf(vote, complaint)];
  if (alarm?.code !== 'ballot-missing') return [];
  const trouble = el('p', { class: 'notice bad', role: 'alert', hidden: true });
  const act = button({ click: async () => {
    if (act.getAttribute('aria-disabled') === 'true') return;
    act.setAttribute('aria-disabled', 'true');
    try {
      await complain(vote.poll);
      await draw();
    } catch (error) {
      if (error instanceof Refused && error.code === 'ballot-on-board' && (await lookOnceMore(vote.poll).catch(() => false))) {
        await go('/app/my-votes', { replace: true });
        tell(said('foundAfterAll'));
        return;
      }
      trouble.textContent = sentenceOf(error);
      trouble.hidden = false;
    } finally {
      act.removeAttribute('aria-disabled');
    }
  } }, said('complain'));
  return [el('p', {}, said('complainWhy')), trouble, el('p', { class: 'buttons' }, act)];
}

/** @param {Vote} vote @param {NonNullable<Watch['complaint']>} complaint */
function complaintOf(vote, { signed, due, upheld, answer }) {
  const until = moment(due, vote.head.told.time_zone);
  return el('div', { class: 'notice good' },
    el('p', {}, said('complained', { number: String(signed.complaint), moment: until })),
    answer && el('p', {}, el('strong', {}, said(upheld ? 'upheld' : 'notUpheld')), ' ', inWords(answer)));
}

/** What proves it, without what was chosen. @param {Vote} vote @param {Watch} watch */
function evidenceOf({ poll, ph, casts, definition }, { alarm, complaint }) {
  const receipts = casts.flatMap(({ receipt }) => (receipt ? [receipt] : []));
  return JSON.stringify({ v: 1, kind: 'mvote-evidence', poll, ph, board_key: definition.board_key, ...alarm, receipts, complaint: complaint?.signed ?? null }, null, 1);
}
