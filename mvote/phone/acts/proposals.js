/** Calls for proposals and what citizens proposed. */

import { button, el } from '../widgets/parts.js';
import { grouped } from '../widgets/question.js';
import { ask } from '../state/api.js';
import { go } from '../shell/router.js';
import { form } from '../screens/form.js';
import { inWords, moment } from '../words/index.js';
import { line } from './fields.js';
import { prepare, written } from './taking.js';
import { told } from './words/index.js';

/** @typedef {import('../app/poll.js').Words} Words */
/** @typedef {{ id: string, title: string | null, text: string | null, state: string, standing: string, supports: number, until: string }} Proposal */
/** @typedef {{ id: string, title: Words, state: string, ends: string | null }} Call */

/** @type {import('../shell/router.js').Show} */
export async function showProposals({ query }) {
  const sought = query.get('words') ?? '';
  const listing = `/proposals?order=${sought ? 'supported' : 'newest'}${sought && `&words=${encodeURIComponent(sought)}`}`;
  const [zone, calls, first] = await Promise.all([prepare(), ask('/calls'), ask(listing)]);
  /** @type {Call[]} */
  const open = calls.items.filter((/** @type {Call} */ one) => one.state === 'open');
  return {
    title: told('proposalsTitle'),
    crumb: { href: '/app/records', label: told('toRecords') },
    body: [
      el('p', {}, told('proposalsWhy')),
      el('h2', {}, told('callsTitle')),
      open.length ? el('ul', { class: 'cards' }, ...open.map((call) => callOf(call, zone))) : el('p', {}, told('callsNone')),
      el('h2', {}, told(sought ? 'foundTitle' : 'newestTitle')),
      searching(sought),
      ...listed(first, listing, zone),
    ],
  };
}

/** @param {Call} call @param {string} zone */
const callOf = ({ id, title, ends }, zone) => el('li', {},
  el('a', { class: 'title', href: `/app/calls/${id}` }, inWords(title)),
  el('p', { class: 'quiet' }, ends ? told('until', { moment: moment(ends, zone) }) : told('noEnd')));

/** @param {string} sought */
function searching(sought) {
  const words = line(told('searchWords'), sought);
  return form({ fields: [words], label: told('search'), async send() {
    const asked = words.input.value.trim();
    await go(`/app/proposals${asked && `?words=${encodeURIComponent(asked)}`}`);
  } });
}

/** @param {{ items: Proposal[], next: string | null }} first @param {string} listing @param {string} zone */
function listed(first, listing, zone) {
  const list = el('ul', { class: 'cards' });
  let { next } = first;
  const more = button({ class: 'second', click: async () => add(await ask(`${listing}&after=${encodeURIComponent(next ?? '')}`)) }, told('more'));
  const add = (/** @type {{ items: Proposal[], next: string | null }} */ page) => {
    list.append(...page.items.map((one) => rowOf(one, zone)));
    ({ next } = page);
    more.hidden = !next;
  };
  add(first);
  return first.items.length ? [list, el('p', { class: 'buttons' }, more)] : [el('p', {}, told('proposalsNone'))];
}

/** @param {Proposal} proposal @param {string} zone */
export function rowOf({ id, title, state, supports, until }, zone) {
  const link = el('a', { class: 'title', href: `/app/proposals/${id}` }, title ? written('span', title) : told('notShown'));
  return el('li', {}, link,
    el('p', { class: 'quiet' }, told('supports', { n: grouped(supports) }),
      state === 'collecting' && until ? ` · ${told('until', { moment: moment(until, zone) })}` : ` · ${told('over')}`));
}
