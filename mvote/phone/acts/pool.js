/** An opinion pool: one statement after the other to agree with or not, and one's own. */

import { button, el } from '../widgets/parts.js';
import { ask } from '../state/api.js';
import { deedsOf, findPart } from '../state/acts.js';
import { go, draw } from '../shell/router.js';
import { sharing, tell } from '../shell/frame.js';
import { sentenceOf } from '../screens/form.js';
import { inWords, language, moment } from '../words/index.js';
import { drawNext } from './drawing.js';
import { area } from './fields.js';
import { aboutText, act, enter, prepare, standing, writing, written } from './taking.js';
import { told } from './words/index.js';

/** @typedef {import('../app/poll.js').Words} Words */
/** @typedef {import('../state/acts.js').Part} Part */
/** @typedef {{ id: string, number: number | null, by_city: boolean, text: Record<string, string>, weight: number }} Statement */
/** @typedef {{ id: string, record: string, title: Words, intro: Words, state: string, closes: string, votes_public: boolean }} Pool */

const FORM = 'pool-statement';
/** @type {[number, import('./words/index.js').Key][]} */
const VOTES = [[1, 'agree'], [-1, 'disagree'], [0, 'pass']];

/** @param {import('../shell/router.js').Place} place @param {{ statements?: boolean }} [wanted] */
async function open(place, { statements = false } = {}) {
  const id = String(place.given.pool);
  /** @type {[string, Pool, { items: Statement[] }]} */
  const [zone, pool, listed] = await Promise.all([
    prepare(), ask(`/pools/${id}`), statements ? ask(`/pools/${id}/statements`) : { items: [] },
  ]);
  const { part, gate } = await enter(place, id, { title: pool.title, path: `/app/pools/${id}` });
  return { zone, pool, statements: listed.items, part, gate };
}

/** @type {import('../shell/router.js').Show} */
export async function showPool(place) {
  const { zone, pool, statements, part, gate } = await open(place, { statements: true });
  const isOpen = pool.state === 'open';
  return {
    title: inWords(pool.title),
    crumb: { href: `/app/records/${pool.record}`, label: told('toRecord') },
    body: [
      !(isOpen && part) && standing(part),
      el('p', { class: 'lines' }, inWords(pool.intro)),
      el('p', { class: 'quiet' }, isOpen ? told('until', { moment: moment(pool.closes, zone) }) : told('poolOver')),
      ...(isOpen ? taking(pool, statements, part, gate) : []),
      el('p', {}, el('a', { href: `/pools/${pool.id}?lang=${language()}` }, told(pool.state === 'frozen' ? 'poolResult' : 'wholePage'))),
      sharing(`/pools/${pool.id}`, inWords(pool.title)),
    ],
  };
}

/** @param {Pool} pool @param {Statement[]} statements @param {Part | null} part @param {HTMLElement | null} gate */
function taking(pool, statements, part, gate) {
  const how = el('p', {}, told(pool.votes_public ? 'votesPublic' : 'votesCounted'));
  if (!part) return [el('p', {}, told('poolWhy', { n: statements.length })), how, gate];
  const add = el('p', { class: 'buttons' }, el('a', { class: 'button second', href: `/app/pools/${pool.id}/statement` }, told('addStatement')));
  return [voting(pool, statements, part), add, how];
}

/** How this phone voted, by statement; the last vote counts. @param {Part} part */
const votesOf = (part) => new Map(deedsOf(part, 'pool-vote').flatMap(({ body }) =>
  /** @type {[string, number][]} */ (Object.entries(/** @type {object} */ (body.votes)))));

/** @param {Pool} pool @param {Statement[]} statements @param {Part} part */
function voting(pool, statements, part) {
  const votes = votesOf(part);
  const card = el('section', { class: 'panel', 'aria-labelledby': 'statement' });
  const trouble = el('p', { class: 'fault', role: 'alert', hidden: true });
  const done = el('p', { class: 'quiet', role: 'status' });
  const list = el('details', {});
  const state = el('div', {}, standing(part));
  let busy = false;
  /** @param {Statement} one @param {number} vote @param {MouseEvent} event */
  const give = async (one, vote, event) => {
    if (busy || event.detail > 1) return; // the second tap of two was meant for this statement, too
    busy = true;
    trouble.hidden = true;
    try {
      const { deed } = await act(pool.id, { act: 'pool-vote', path: `/pools/${pool.id}/votes`, body: { votes: { [one.id]: vote } } }, null);
      if (deed?.refused) return await draw();
      votes.set(one.id, vote);
      state.replaceChildren(standing(await findPart(pool.id)));
      next();
    } catch (error) {
      trouble.textContent = sentenceOf(error);
      trouble.hidden = false;
    } finally {
      busy = false;
    }
  };
  /** @param {Statement | null} one @param {boolean} [focused] */
  const put = (one, focused = true) => {
    const text = el('p', { class: 'lead', id: 'statement', tabindex: '-1' }, one ? textOf(one) : told('allDone'));
    card.replaceChildren(text, ...(one ? [originOf(pool, one), choicesOf(one, votes.get(one.id), give)] : []));
    done.textContent = told('progress', { n: votes.size, all: statements.length });
    list.hidden = !votes.size;
    list.replaceChildren(el('summary', {}, told('myVotes')), given());
    if (focused) text.focus();
  };
  const next = () => put(drawNext(statements.filter(({ id }) => !votes.has(id))));
  const given = () => el('ul', { class: 'cards' }, ...statements.filter(({ id }) => votes.has(id)).map((one) => el('li', {},
    el('p', {}, textOf(one)),
    el('p', { class: 'buttons' }, el('span', { class: 'tag' }, told(VOTES.find(([vote]) => vote === votes.get(one.id))?.[1] ?? 'pass')),
      button({ class: 'plain', click: () => put(one) }, told('changeVote'))))));
  put(drawNext(statements.filter(({ id }) => !votes.has(id))), false);
  return el('div', {}, state, done, trouble, card, list);
}

/** What the city wrote in the reader's language, or what a citizen wrote. @param {Statement} one */
const textOf = ({ text }) => written('span', text[language()] ?? text.und ?? Object.values(text)[0] ?? '');

/** @param {Statement} one @param {number | undefined} before @param {(one: Statement, vote: number, event: MouseEvent) => void} give */
const choicesOf = (one, before, give) => el('div', { class: 'presses', role: 'group', 'aria-labelledby': 'statement' },
  ...VOTES.map(([vote, key]) => button({
    class: 'second', 'aria-pressed': before === undefined ? null : String(before === vote),
    click: (event) => give(one, vote, event),
  }, told(key))));

/** Who wrote it; what a citizen wrote can be reported. @param {Pool} pool @param {Statement} one */
const originOf = (pool, one) => el('p', { class: 'quiet small' },
  one.by_city ? told('byCity') : el('a', { href: aboutText('report', 'statement', pool.id, one.id) }, told('report')));

/** One's own statement. @type {import('../shell/router.js').Show} */
export async function showStatement(place) {
  const { pool, part, gate } = await open(place);
  if (pool.state !== 'open') tell(told('poolOver'));
  const text = area(told('statementText'), part?.drafts[FORM]?.text ?? '', told('statementHint'), 3);
  const made = part && writing(part, {
    name: FORM, fields: [text], label: told('addIt'), done: 'statementAdded',
    read: () => ({ text: text.input.value.trim() }),
    made() {
      const said = text.input.value.replace(/\s+/g, ' ').trim();
      text.tell(said ? '' : told('textMissing'));
      return said ? { act: 'pool-statement', path: `/pools/${pool.id}/statements`, body: { text: said } } : null;
    },
    then: async (deed) => (deed?.refused ? draw() : go(`/app/pools/${pool.id}`)),
  });
  return {
    title: told('addStatement'),
    crumb: { href: `/app/pools/${pool.id}`, label: inWords(pool.title) },
    body: [standing(part), el('p', {}, told('statementWhy')), made ? made.element : gate],
    leave: made?.leave,
  };
}
