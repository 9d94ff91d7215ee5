/** One proposal: what it says, how far it has come, and support for it. */

import { el } from '../widgets/parts.js';
import { grouped } from '../widgets/question.js';
import { ask } from '../state/api.js';
import { deedsOf, findPart } from '../state/acts.js';
import { Elsewhere } from '../shell/router.js';
import { sharing } from '../shell/frame.js';
import { inWords, language, moment } from '../words/index.js';
import { aboutText, act, acting, enter, keptScreen, plainly, prepare, standing, written } from './taking.js';
import { told } from './words/index.js';

/** @typedef {import('../app/poll.js').Words} Words */
/** @typedef {import('../state/acts.js').Part} Part */
/** @typedef {{ id: string, name: Words, supports: number }} Stage */
/**
 * @typedef {object} Proposal
 * @property {string} id
 * @property {string} call
 * @property {string | null} title
 * @property {string | null} text
 * @property {string} until
 * @property {string} state
 * @property {string} standing
 * @property {Words | null} reason
 * @property {number} supports
 * @property {string | null} record
 * @property {string | null} merged_into
 * @property {Stage[]} stages
 * @property {{ id: string, at: string }[]} stages_reached
 */

/** @type {import('../shell/router.js').Show} */
export async function showProposal(place) {
  const id = String(place.given.proposal);
  /** @type {[string, Proposal]} */
  const [zone, proposal] = await Promise.all([prepare(), ask(`/proposals/${id}`)]);
  const title = proposal.title ?? told('notShown');
  const author = await findPart(proposal.call).catch(() => null);
  const isMine = deedsOf(author, 'propose').some((one) => one.id === id);
  const { part, gate, tapped } = await enter(place, id, { title: plainly(title), path: place.path }, 'support');
  if (tapped && proposal.state === 'collecting' && proposal.text !== null) {
    const { part: after } = await act(id, supportOf(id, true), 'supported');
    if (!after) return keptScreen(id);
    throw new Elsewhere(place.path);
  }
  return {
    title,
    crumb: { href: '/app/proposals', label: told('proposalsTitle') },
    body: [
      standing(part, author),
      ...shown(proposal, isMine),
      el('h2', {}, told('supportsTitle')),
      el('p', {}, told('supports', { n: grouped(proposal.supports) }), ` · ${proposal.state === 'collecting' ? told('until', { moment: moment(proposal.until, zone) }) : told('over')}`),
      ...supporting(proposal, part, gate),
      stagesOf(proposal, zone),
      ...furtherOf(proposal, isMine),
      isMine && author && proposal.state === 'collecting' && takingBack(proposal, author),
      sharing(`/proposals/${id}`, title),
    ],
  };
}

/** @param {Proposal} proposal @param {boolean} isMine */
function shown({ id, call, text, standing: stands, reason, merged_into: into }, isMine) {
  const appeals = isMine && stands === 'hidden';
  return [
    isMine && el('p', {}, el('span', { class: 'tag strong' }, told('mine'))),
    text === null ? el('div', { class: 'notice warn' }, el('p', {}, told('notShownWhy')), reason && el('p', { class: 'lines' }, inWords(reason)),
      appeals && el('p', {}, el('a', { href: aboutText('appeal', 'proposal', call, id) }, told('appeal')))) : written('p', text),
    into && el('p', { class: 'notice' }, told('mergedInto'), ' ', el('a', { href: `/app/proposals/${into}` }, told('goesOn'))),
  ];
}

/** @param {string} id @param {boolean} support */
const supportOf = (id, support) => ({ act: 'support', path: `/proposals/${id}/supports`, body: { support } });

/** @param {Proposal} proposal @param {Part | null} part @param {HTMLElement | null} gate */
function supporting({ id, state, text }, part, gate) {
  if (state !== 'collecting') return [];
  if (!part) return [gate];
  const on = deedsOf(part, 'support').at(-1)?.body.support === true;
  if (!on && text === null) return [];
  return on
    ? [el('p', { class: 'notice good' }, told('youSupport')), acting(id, told('supportBack'), { kind: 'second', made: () => supportOf(id, false), done: 'supportGone' })]
    : [acting(id, told('support'), { made: () => supportOf(id, true), done: 'supported' })];
}

/** @param {Proposal} proposal @param {string} zone */
function stagesOf({ stages, stages_reached: reached }, zone) {
  if (!stages.length) return null;
  const at = Object.fromEntries(reached.map((one) => [one.id, one.at]));
  return el('div', {}, el('h3', {}, told('stagesTitle')),
    el('ul', {}, ...stages.map(({ id, name, supports }) => el('li', {}, told('stageFrom', { n: grouped(supports), name: inWords(name) }),
      at[id] && ` · ${told('reached', { moment: moment(String(at[id]), zone) })}`))));
}

/** @param {Proposal} proposal @param {boolean} isMine */
function furtherOf({ id, call, record, text, standing: stands }, isMine) {
  return [
    record && el('p', {}, el('a', { href: `/app/records/${record}` }, told('toRecord'))),
    el('p', {}, el('a', { href: `/app/calls/${call}` }, told('toCall')), ' · ',
      el('a', { href: `/proposals/${id}?lang=${language()}` }, told('wholePage'))),
    text !== null && stands === 'published' && !isMine && el('p', {}, el('a', { href: aboutText('report', 'proposal', call, id) }, told('report'))),
  ];
}

/** @param {Proposal} proposal @param {Part} author */
function takingBack({ id, call }, author) {
  const gone = deedsOf(author, 'withdraw-proposal').some(({ body }) => body.proposal === id);
  if (gone) return null;
  return el('details', {}, el('summary', {}, told('takeBack')), el('p', {}, told('takeBackWhy')),
    acting(call, told('takeBackSure'), {
      kind: 'danger', done: 'tookBack',
      made: () => ({ act: 'withdraw-proposal', path: `/proposals/${id}/withdrawal`, body: { proposal: id } }),
    }));
}
