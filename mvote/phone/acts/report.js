/** Reporting a text to the moderators, and an author's appeal against what they decided. */

import { el } from '../widgets/parts.js';
import { ask } from '../state/api.js';
import { deedsOf } from '../state/acts.js';
import { NoScreen, draw, go } from '../shell/router.js';
import { inWords } from '../words/index.js';
import { area, picks } from './fields.js';
import { enter, prepare, standing, writing, written } from './taking.js';
import { told } from './words/index.js';

/** @typedef {import('../app/poll.js').Words} Words */
/** @typedef {import('../state/acts.js').Part} Part */
/** @typedef {{ kind: string, scope: string, item: string }} Text */
/** @typedef {{ title: Words, text: string | null, back: string }} Found `back` is the screen where it stands */

/** Where each kind of text stands. @type {Record<string, (text: Text) => Promise<Found>>} */
const FIND = {
  async post({ scope, item }) {
    const [{ title }, { post, replies }] = await Promise.all([ask(`/records/${scope}`), ask(`/records/${scope}/posts/${item}`)]);
    const all = [post, ...replies].flatMap((one) => [one, ...one.additions]);
    const text = all.find(({ id }) => id === item)?.text ?? null;
    return { title, text, back: `/app/records/${scope}/discussion/${post.id}` };
  },
  async proposal({ scope, item }) {
    const [{ title }, proposal] = await Promise.all([ask(`/calls/${scope}`), ask(`/proposals/${item}`)]);
    const text = proposal.title === null ? null : `${proposal.title}\n\n${proposal.text}`;
    return { title, text, back: `/app/proposals/${item}` };
  },
  async statement({ scope, item }) {
    const [{ title }, { items }] = await Promise.all([ask(`/pools/${scope}`), ask(`/pools/${scope}/statements`)]);
    const found = items.find((/** @type {any} */ one) => one.id === item);
    return { title, text: found ? String(Object.values(found.text)[0]) : null, back: `/app/pools/${scope}` };
  },
};

/** @param {import('../shell/router.js').Place} place */
async function open(place) {
  const { kind, scope, item } = /** @type {Text} */ (place.given);
  const find = FIND[kind];
  if (!find) throw new NoScreen(place.path);
  const [, found] = await Promise.all([prepare(), find({ kind, scope, item })]);
  const { part, gate } = await enter(place, scope, { title: found.title, path: found.back });
  return { text: { kind, scope, item }, found, part, gate };
}

/** What is meant, in its own words. @param {Found} found */
const quoted = ({ text }) => text !== null && el('blockquote', { class: 'panel' }, written('p', text));

/** @type {import('../shell/router.js').Show} */
export async function showReport(place) {
  const [{ text, found, part, gate }, { items }] = await Promise.all([open(place), ask('/moderation/categories')]);
  const sent = deedsOf(part, 'report').some(({ body }) => body.item === text.item);
  const form = part && !sent ? reporting(part, text, found, items) : null;
  return {
    title: told('reportTitle'),
    crumb: { href: found.back, label: inWords(found.title) },
    body: [
      standing(part), quoted(found),
      el('p', {}, told('reportWhy')),
      sent ? el('p', { class: 'notice good' }, told('reportedBefore')) : form?.element ?? gate,
    ],
    leave: form?.leave,
  };
}

/** @param {Part} part @param {Text} text @param {Found} found @param {{ category: string, words: Words }[]} categories */
function reporting(part, { kind, item }, found, categories) {
  const name = `report/${item}`;
  const why = picks(told('reportReasons'), categories.map((one) => [one.category, inWords(one.words)]), { several: true });
  const more = area(told('reportMore'), part.drafts[name]?.text ?? '', told('reportMoreHint'), 3);
  return writing(part, {
    name, fields: [why, more], label: told('sendReport'), done: 'reported',
    read: () => ({ text: more.input.value.trim() }),
    made() {
      const chosen = why.values();
      why.tell(chosen.length ? '' : told('reasonMissing'));
      if (!chosen.length) return null;
      const body = { kind, item, categories: chosen, text: more.input.value.trim() };
      return { act: 'report', path: `/moderation/${kind}/${item}/reports`, body };
    },
    then: async (deed) => (deed?.refused ? draw() : go(found.back)),
  });
}

/** @type {import('../shell/router.js').Show} */
export async function showAppeal(place) {
  const { text: { kind, item }, found, part, gate } = await open(place);
  const { standing: stands } = await ask(`/moderation/${kind}/${item}`);
  const name = `appeal/${item}`;
  const why = area(told('appealText'), part?.drafts[name]?.text ?? '', told('appealHint'));
  const form = part && writing(part, {
    name, fields: [why], label: told('sendAppeal'), done: 'appealed',
    read: () => ({ text: why.input.value.trim() }),
    made() {
      const text = why.input.value.trim();
      why.tell(text ? '' : told('textMissing'));
      return text ? { act: 'appeal', path: `/moderation/${kind}/${item}/appeals`, body: { kind, item, text } } : null;
    },
    then: async (deed) => (deed?.refused ? draw() : go(found.back)),
  });
  return {
    title: told('appealTitle'),
    crumb: { href: found.back, label: inWords(found.title) },
    body: [
      standing(part),
      stands.reason && el('p', { class: 'notice' }, inWords(stands.reason)),
      el('p', {}, told('appealWhy')),
      form ? form.element : gate,
    ],
    leave: form?.leave,
  };
}
