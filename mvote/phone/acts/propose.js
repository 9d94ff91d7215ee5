/** A call for proposals, and proposing: what is like it is shown before anything is sent. */

import { button, el } from '../widgets/parts.js';
import { ask } from '../state/api.js';
import { draw, go } from '../shell/router.js';
import { show } from '../shell/frame.js';
import { form } from '../screens/form.js';
import { inWords, language, moment } from '../words/index.js';
import { area, chooser, line } from './fields.js';
import { rowOf } from './proposals.js';
import { enter, prepare, standing, writing, written } from './taking.js';
import { told } from './words/index.js';

/** @typedef {import('../app/poll.js').Words} Words */
/** @typedef {import('../shell/frame.js').Screen} Screen */
/** @typedef {import('../state/acts.js').Part} Part */
/** @typedef {import('../state/acts.js').Draft} Draft */
/** @typedef {{ id: string, name: Words }} Named */
/** @typedef {{ id: string, title: Words, state: string, ends: string | null, definition: { rules: Words, per_citizen: number, topics: Named[], districts: Named[] } }} Call */

const FORM = 'propose';

/** @type {import('../shell/router.js').Show} */
export async function showCall(place) {
  const id = String(place.given.call);
  /** @type {[string, Call]} */
  const [zone, call] = await Promise.all([prepare(), ask(`/calls/${id}`)]);
  const open = call.state === 'open';
  const { part, gate } = await enter(place, id, { title: call.title, path: place.path });
  const wish = open && part ? wishing(call, part, zone) : null;
  return {
    title: inWords(call.title),
    crumb: { href: '/app/proposals', label: told('proposalsTitle') },
    body: [
      standing(part),
      el('p', { class: 'lines' }, inWords(call.definition.rules)),
      el('p', { class: 'quiet' }, open ? (call.ends ? told('until', { moment: moment(call.ends, zone) }) : told('noEnd')) : told('callOver')),
      open && el('p', {}, told('perCitizen', { n: call.definition.per_citizen })),
      open ? wish?.element ?? gate : null,
      part && mineOf(part),
      el('p', {}, el('a', { href: `/calls/${id}?lang=${language()}` }, told('wholePage'))),
    ],
    leave: wish?.leave,
  };
}

/** What was proposed from this phone. @param {Part} part */
function mineOf(part) {
  const mine = part.deeds.filter(({ act: name, id }) => name === 'propose' && id);
  if (!mine.length) return null;
  return el('div', {}, el('h2', {}, told('mineTitle')), el('ul', {}, ...mine.map(({ id, body }) =>
    el('li', {}, el('a', { href: `/app/proposals/${id}` }, written('span', String(body.title)))))));
}

/** @param {Call} call @param {Part} part @param {string} zone */
function wishing({ id, definition }, part, zone) {
  const draft = part.drafts[FORM] ?? {};
  const title = line(told('wishTitle'), draft.title ?? '', told('wishTitleHint'));
  const text = area(told('wishText'), draft.text ?? '', told('wishTextHint'), 7);
  const topic = choiceOf(told('topic'), definition.topics, draft.topic ?? '');
  const district = choiceOf(told('district'), definition.districts, draft.district ?? '', told('districtAll'));
  const read = () => ({
    title: title.input.value.trim(), text: text.input.value.trim(),
    topic: topic?.input.value ?? '', district: district?.input.value ?? '',
  });
  return writing(part, {
    name: FORM, read, label: told('lookFirst'), done: 'proposed',
    fields: [title, text, ...(topic ? [topic] : []), ...(district ? [district] : [])],
    made() {
      const body = read();
      for (const one of [title, text, topic]) one?.tell('');
      if (!body.title) return title.tell(told('titleMissing')) ?? null;
      if (!body.text) return text.tell(told('textMissing')) ?? null;
      if (topic && !body.topic) return topic.tell(told('topicMissing')) ?? null;
      return { act: 'propose', path: `/calls/${id}/proposals`, body };
    },
    review: async ({ body }, send) => show(await likeIt(body, send, zone)),
    then: async (deed) => (deed?.id ? go(`/app/proposals/${deed.id}`) : draw()),
  });
}

/** @param {string} label @param {Named[]} named @param {string} value @param {string} [none] */
const choiceOf = (label, named, value, none = told('choose')) => (named.length
  ? chooser(label, [['', none], ...named.map(({ id, name }) => /** @type {[string, string]} */ ([id, inWords(name)]))], value)
  : null);

/**
 * What was proposed already, and one's own as it would be sent.
 *
 * @param {import('../app/canonical.js').JsonObject} body
 * @param {() => Promise<void>} send
 * @param {string} zone
 * @returns {Promise<Screen>}
 */
async function likeIt({ title, text }, send, zone) {
  const found = await ask(`/proposals/similar?text=${encodeURIComponent(String(title))}`)
    .then(({ items }) => items, () => null);
  return {
    title: told('similarTitle'),
    body: [
      found === null ? el('p', { class: 'notice warn' }, told('similarNot'))
        : el('p', {}, told(found.length ? 'similarWhy' : 'similarNone')),
      found?.length > 0 && el('ul', { class: 'cards' }, ...found.map((/** @type {any} */ one) => rowOf(one, zone))),
      el('h2', {}, told('yours')),
      el('div', { class: 'panel' }, el('p', {}, written('strong', String(title))), written('p', String(text))),
      el('p', {}, told('proposeWhy')),
      form({ fields: [], label: told('proposeIt'), send }),
      el('p', { class: 'buttons' }, button({ class: 'second', click: () => draw() }, told('changeIt'))),
    ],
  };
}
