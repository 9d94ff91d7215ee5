/** The discussion under a record: what was written, and writing for, against, a question or a reply. */

import { button, el } from '../widgets/parts.js';
import { ask } from '../state/api.js';
import { deedsOf } from '../state/acts.js';
import { draw, go } from '../shell/router.js';
import { inWords, language } from '../words/index.js';
import { area, picks } from './fields.js';
import { aboutText, acting, enter, prepare, standing, writing, written } from './taking.js';
import { told } from './words/index.js';

/** @typedef {import('../app/poll.js').Words} Words */
/** @typedef {import('../state/acts.js').Part} Part */
/** @typedef {import('./words/index.js').Key} Key */
/**
 * @typedef {object} Post
 * @property {string} id
 * @property {string} record
 * @property {string} kind
 * @property {{ label: Words } | null} author
 * @property {string | null} department
 * @property {string} day
 * @property {string} state
 * @property {string | null} text
 * @property {Words | null} words
 * @property {Words | null} reason
 * @property {Post[]} [additions] of its author
 */
/** @typedef {{ post: Post, replies: Post[] }} Thread */

/** @type {Record<string, Key>} */
const KINDS = {
  for: 'kindFor', against: 'kindAgainst', question: 'kindQuestion', reply: 'kindReply', addition: 'kindAddition',
  'office-reply': 'kindOffice',
};
/** @type {Record<string, Key>} */
const STATES = { waiting: 'stateWaiting', hidden: 'stateHidden', removed: 'stateRemoved', withdrawn: 'stateWithdrawn' };
const TOP = /** @type {[string, Key][]} */ ([['for', 'kindFor'], ['against', 'kindAgainst'], ['question', 'kindQuestion']]);

/** @param {string} record @param {string} [post] */
const pathOf = (record, post = '') => `/app/records/${record}/discussion${post && `/${post}`}`;

/** @param {Part | null} part @returns {Set<string>} */
const mineOf = (part) => new Set(deedsOf(part, 'post').map(({ id }) => id).filter(Boolean));

/** @type {import('../shell/router.js').Show} */
export async function showDiscussion(place) {
  const id = String(place.given.record);
  const [, record, first] = await Promise.all([prepare(), ask(`/records/${id}`), ask(`/records/${id}/posts`)]);
  const title = told('discussionOf', { title: inWords(record.title) });
  const { part, gate } = await enter(place, id, { title: record.title, path: pathOf(id) });
  const open = !record.closed_at && !record.merged_into;
  const write = open && part ? posting(part, id) : null;
  return {
    title,
    crumb: { href: `/app/records/${id}`, label: told('toRecord') },
    body: [
      standing(part),
      el('p', {}, told('discussionWhy')),
      open ? el('p', {}, el('a', { href: '#write', click: (event) => { event.preventDefault(); document.getElementById('write')?.focus(); } }, told('writePost'))) : el('p', { class: 'notice' }, told('recordClosed')),
      ...listed(first, id, part),
      open && el('h2', { id: 'write', tabindex: '-1' }, told('writePost')),
      open ? write?.element ?? gate : null,
      el('p', {}, el('a', { href: `/records/${id}/discussion?lang=${language()}` }, told('wholePage'))),
    ],
    leave: write?.leave,
  };
}

/** @param {{ items: Thread[], next: string | null }} first @param {string} record @param {Part | null} part */
function listed(first, record, part) {
  if (!first.items.length) return [el('p', {}, told('postsNone'))];
  const list = el('div', {});
  let { next } = first;
  const more = button({ class: 'second', click: async () => add(await ask(`/records/${record}/posts?after=${encodeURIComponent(next ?? '')}`)) }, told('more'));
  const add = (/** @type {{ items: Thread[], next: string | null }} */ page) => {
    list.append(...page.items.map((one) => threadOf(one, part)));
    ({ next } = page);
    more.hidden = !next;
  };
  add(first);
  return [list, el('p', { class: 'buttons' }, more)];
}

/** @param {Thread} thread @param {Part | null} part @param {boolean} [alone] on a screen of its own */
function threadOf({ post, replies }, part, alone = false) {
  const mine = mineOf(part);
  return el('article', { class: 'thread' },
    el('h2', {}, el('span', { class: 'tag' }, kindOf(post)), ` ${nameOf(post)}`, mine.has(post.id) && ' ', mine.has(post.id) && el('span', { class: 'tag strong' }, told('mine'))),
    ...saidIn(post, mine, alone ? part : null),
    replies.length > 0 && el('ul', { class: 'plain replies' }, ...replies.map((one) => el('li', { class: one.words ? 'panel' : null },
      el('p', {}, el('span', { class: 'tag' }, kindOf(one)), ' ', el('strong', {}, nameOf(one)), mine.has(one.id) && ' ', mine.has(one.id) && el('span', { class: 'tag strong' }, told('mine'))),
      ...saidIn(one, mine, alone ? part : null)))),
    !alone && el('p', {}, el('a', { href: pathOf(post.record, post.id) }, told('toThread'), el('span', { class: 'only-read' }, ` · ${nameOf(post)}`))));
}

/** @param {Post} post */
const kindOf = ({ kind }) => (KINDS[kind] ? told(/** @type {Key} */ (KINDS[kind])) : kind);
/** @param {Post} post */
const nameOf = ({ author, department }) => (author ? inWords(author.label) : department ?? '');

/** What a post says, with what its author added, and what can be done about it. @param {Post} post @param {Set<string>} mine @param {Part | null} part @returns {(Node | string | null | false)[]} */
function saidIn(post, mine, part) {
  const { id, record, text, words, state, reason } = post;
  const why = STATES[state];
  const isMine = mine.has(id);
  return [
    words ? el('p', { class: 'lines' }, inWords(words)) : text !== null ? written('p', text)
      : el('p', { class: 'notice' }, told(why ?? 'stateHidden'), reason && ` ${inWords(reason)}`),
    el('p', { class: 'quiet small' }, post.day, !words && text !== null && !isMine && ' · ',
      !words && text !== null && !isMine && el('a', { href: aboutText('report', 'post', record, id) }, told('report'), el('span', { class: 'only-read' }, ` · ${nameOf(post)}`)),
      isMine && state === 'hidden' && el('a', { href: aboutText('appeal', 'post', record, id) }, told('appeal'))),
    ...(post.additions ?? []).flatMap((one) => [el('p', {}, el('strong', {}, kindOf(one))), ...saidIn(one, mine, part)]),
    isMine && part && !['withdrawn', 'removed'].includes(state) && withdrawing(record, id),
  ];
}

/** @param {string} record @param {string} id */
const withdrawing = (record, id) => el('details', {}, el('summary', {}, told('withdraw')), el('p', {}, told('withdrawWhy')),
  acting(record, told('withdrawSure'), {
    kind: 'danger', done: 'withdrawn',
    made: () => ({ act: 'withdraw-post', path: `/records/${record}/posts/${id}/withdrawal`, body: { post: id } }),
  }));

/** A post that stands alone. @param {Part} part @param {string} record */
function posting(part, record) {
  const draft = part.drafts.post ?? {};
  const kind = picks(told('postKind'), TOP.map(([name, key]) => [name, told(key)]), { value: draft.kind ?? '' });
  const text = area(told('postText'), draft.text ?? '', told('postHint'));
  const read = () => ({ kind: kind.values()[0] ?? '', text: text.input.value.trim() });
  return writing(part, {
    name: 'post', fields: [kind, text], read, label: told('post'), done: 'posted',
    made() {
      const said = read();
      for (const one of [kind, text]) one.tell('');
      if (!said.kind) return kind.tell(told('kindMissing')) ?? null;
      if (!said.text) return text.tell(told('textMissing')) ?? null;
      return { act: 'post', path: `/records/${record}/posts`, body: { ...said, reply_to: null } };
    },
    then: async (deed) => (deed?.id ? go(pathOf(record, deed.id)) : draw()),
  });
}

/** One thread, to reply in. @type {import('../shell/router.js').Show} */
export async function showThread(place) {
  const [record, post] = [String(place.given.record), String(place.given.post)];
  /** @type {[string, any, Thread]} */
  const [, head, thread] = await Promise.all([prepare(), ask(`/records/${record}`), ask(`/records/${record}/posts/${post}`)]);
  const { part, gate } = await enter(place, record, { title: head.title, path: pathOf(record) });
  const open = !head.closed_at && !head.merged_into && thread.post.text !== null;
  const reply = open && part ? replying(part, thread.post) : null;
  return {
    title: told('threadOf', { name: nameOf(thread.post) }),
    crumb: { href: pathOf(record), label: told('discussionOf', { title: inWords(head.title) }) },
    body: [
      standing(part),
      threadOf(thread, part, true),
      open ? reply?.element ?? gate : null,
    ],
    leave: reply?.leave,
  };
}

/** The author adds to a post, anybody else replies. @param {Part} part @param {Post} post */
function replying(part, { id, record }) {
  const kind = mineOf(part).has(id) ? 'addition' : 'reply';
  const name = `${kind}/${id}`;
  const text = area(told(kind === 'reply' ? 'replyText' : 'additionText'), part.drafts[name]?.text ?? '', told('postHint'), 4);
  return writing(part, {
    name, fields: [text], label: told(kind === 'reply' ? 'reply' : 'add'), done: 'posted',
    read: () => ({ text: text.input.value.trim() }),
    made() {
      const said = text.input.value.trim();
      text.tell(said ? '' : told('textMissing'));
      return said ? { act: 'post', path: `/records/${record}/posts`, body: { kind, reply_to: id, text: said } } : null;
    },
    then: async () => draw(),
  });
}
