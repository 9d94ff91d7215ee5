/** Polls that are open now, those in which this phone voted marked. */

import { el } from '../widgets/parts.js';
import { ask } from '../state/api.js';
import { counted, findVote, listVotes, waiting } from '../state/votes.js';
import { inWords, moment, say } from '../words/index.js';
import '../words/later.js';
import { pathOf } from './voting.js';
import { nameCity } from '../shell/frame.js';

/** @typedef {import('../state/polls.js').Head} Head */

/** @type {import('../shell/router.js').Show} */
export async function showPolls() {
  const [{ items }, city] = await Promise.all([ask('/polls?state=open'), ask('/city')]);
  nameCity(city.city);
  const rows = await Promise.all((await mineFirst(items)).map((head) => rowOf(head, city.time_zone)));
  return {
    title: say('pollsTitle'),
    body: [
      rows.length ? el('ul', { class: 'cards' }, ...rows) : el('p', {}, say('noPolls')),
      el('p', {}, el('a', { href: '/app/results' }, say('allPolls'))),
    ],
  };
}

/** Those that were begun on this phone stand first. @param {Head[]} heads */
async function mineFirst(heads) {
  const held = await listVotes().catch(() => /** @type {string[]} */ ([]));
  const isOther = (/** @type {Head} */ { id }) => Number(!held.includes(id));
  return [...heads].sort((one, other) => isOther(one) - isOther(other));
}

/** @param {Head} head @param {string} zone */
async function rowOf(head, zone) {
  const vote = await findVote(head.id).catch(() => null);
  const tag = waiting(vote) ? el('span', { class: 'tag warn' }, say('waitingTag'))
    : counted(vote) && el('span', { class: 'tag good' }, say('votedTag'));
  return el('li', {},
    el('a', { class: 'title', href: pathOf(head.id) }, inWords(head.title)),
    el('p', { class: 'quiet' }, tag, say('until', { moment: moment(head.closes, zone) })));
}
