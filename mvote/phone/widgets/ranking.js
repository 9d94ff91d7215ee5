/** Options in order: a tap gives the next rank, buttons and arrow keys move it; nothing is dragged. */

import { LONG, longList } from './long-list.js';
import { button, el, frame, newId, optionParts, sign } from './parts.js';
import { grouped, isNone, shown, titleOf } from './question.js';
import { tooMany } from './choosing-rules.js';
import { added, describe, faultsOf, groupsOf, joined, limitsOf, moved, placeOf, removed, written } from './ranking-rules.js';

/** @typedef {import('./index.js').Given} Given */
/** @typedef {import('./index.js').Control} Control */
/** @typedef {import('./question.js').Option} Option */
/** @typedef {import('./question.js').Question} Question */

const WORDS = {
  ko: {
    ranked: '내 순위',
    rest: '아직 순위가 없는 선택지',
    tap: '누르면 다음 순위가 됩니다.',
    none: '아직 아무것도 없습니다. 아래에서 가장 좋은 것부터 누르십시오.',
    full: '더 매길 순위가 없습니다.',
    up: '위로', down: '아래로', out: '빼기', join: '위와 같은 순위로', part: '순위 나누기',
    /** @param {number} rank */
    rank: (rank) => `${rank}위`,
    /** @param {string} title @param {number} rank @param {number} count @param {string} shared */
    now: (title, rank, count, shared) => `‘${title}’: ${rank}위${shared ? ` (같은 순위: ${shared})` : ''}. 순위를 매긴 수: ${count}개.`,
    /** @param {string} title @param {number} count */
    gone: (title, count) => `‘${title}’ 항목을 뺐습니다. 순위를 매긴 수: ${count}개.`,
    cleared: '순위를 모두 지웠습니다.',
  },
  en: {
    ranked: 'My ranking',
    rest: 'Not ranked yet',
    tap: 'Tap one to give it the next rank.',
    none: 'Nothing yet. Tap the options below, the best first.',
    full: 'There are no more ranks to give.',
    up: 'Move up', down: 'Move down', out: 'Take out', join: 'Share the rank above', part: 'No longer share the rank',
    /** @param {number} rank */
    rank: (rank) => `Rank ${rank}`,
    /** @param {string} title @param {number} rank @param {number} count @param {string} shared */
    now: (title, rank, count, shared) => `“${title}” is now rank ${rank}${shared ? `, shared with ${shared}` : ''}. ${count} ranked.`,
    /** @param {string} title @param {number} count */
    gone: (title, count) => `“${title}” is taken out. ${count} ranked.`,
    cleared: 'All ranks are cleared.',
  },
};

/** Ranks as they are spoken of: shared ones count as many as they hold. @param {readonly (readonly string[])[]} groups @param {number} place */
const rankOf = (groups, place) => groups.slice(0, place).flat().length + 1;

/** @param {Given} given @returns {Control} */
export function makeRanking({ question, language, order, draft, heading, changed }) {
  const words = WORDS[language];
  const { most, equal } = limitsOf(question);
  let groups = groupsOf(question, draft);
  const parts = frame({ question, language, heading, how: describe(question), clear });
  const level = /** @type {'h3'} */ (`h${(heading ?? 2) + 1}`);
  const [rankedId, restId] = [newId('ranked'), newId('rest')];
  const empty = el('p', { class: 'quiet' }, words.none);
  const ranked = el('ol', { class: 'ranked', 'aria-labelledby': rankedId });
  const restTitle = el(level, { id: restId, tabindex: -1 }, words.rest);
  const full = el('p', { class: 'hint' }, words.tap);
  const rest = el('ul', { class: 'choices', 'aria-labelledby': restId });
  const items = shown(question, order).map((option) => ({ id: option.id, option, ...both(option) }));
  const search = items.length >= LONG
    ? longList({ language, list: rest, items: items.map(({ id, option, unranked }) => ({ id, option, element: unranked })), apart: () => new Set(groups.flat()) })
    : null;
  parts.control.append(el(level, { id: rankedId }, words.ranked), empty, ranked, restTitle, full);
  if (search) parts.control.append(search.tools);
  parts.control.append(rest);

  /** The two forms of an option: in the ranking and outside it. @param {Option} option */
  function both(option) {
    const { id } = option;
    const title = option.title[language];
    const rank = el('span', { class: 'rank' });
    /** @param {string} name @param {string} shape @param {() => void} click @param {string} [kind] */
    const act = (name, shape, click, kind = name) => button(
      { class: 'second', 'data-act': kind, click, 'aria-label': `${title}: ${name}`, title: name }, sign(shape));
    const up = act(words.up, '↑', () => move(id, -1, 'up'), 'up');
    const down = act(words.down, '↓', () => move(id, 1, 'down'), 'down');
    const join = equal ? act(words.join, '=', () => share(id), 'join') : null;
    const out = act(words.out, '✕', () => take(id), 'out');
    const place = el('li', { keydown: (/** @type {KeyboardEvent} */ event) => pressed(event, id) },
      el('span', { class: 'what' }, rank, el('span', { class: 'title' }, title)),
      el('span', { class: 'acts' }, up, down, join, out));
    const { inside, below } = optionParts(option, language);
    const give = button({ class: 'second choice', click: () => add(id) }, inside);
    const unranked = el('li', {}, give, below);
    return { place, unranked, give, rank, up, down, join, out };
  }
  /** @param {string} id */
  const itemOf = (id) => items.find((item) => item.id === id);
  /** @param {string} id */
  function add(id) {
    if (groups.flat().length >= most && !isNone(question, id) && !groups.flat().some((one) => isNone(question, one))) {
      parts.say('', tooMany(most)[language]);
      return;
    }
    const at = items.findIndex((item) => item.id === id);
    groups = added(question, groups, id);
    update();
    told(id);
    const left = [...items.slice(at), ...items.slice(0, at)].find(({ unranked }) => unranked.isConnected && !unranked.hidden);
    (left?.give ?? itemOf(id)?.up ?? restTitle).focus();
  }
  /** @param {string} id */
  function take(id) {
    groups = removed(groups, id);
    update();
    parts.say(words.gone(titleOf(question, id, language), groups.flat().length));
    (itemOf(id)?.give ?? restTitle).focus();
  }
  /** @param {string} id @param {-1 | 1} by @param {'up' | 'down'} name */
  function move(id, by, name) {
    groups = moved(groups, id, by);
    update();
    told(id);
    itemOf(id)?.[name].focus();
  }
  /** @param {string} id */
  function share(id) {
    groups = joined(groups, id);
    update();
    told(id);
    itemOf(id)?.join?.focus();
  }
  /** @param {KeyboardEvent} event @param {string} id */
  function pressed(event, id) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowUp') move(id, -1, 'up');
    else if (event.key === 'ArrowDown') move(id, 1, 'down');
    else if (event.key === 'Delete') take(id);
    else return;
    event.preventDefault();
  }
  function clear() {
    groups = [];
    update();
    parts.say(words.cleared);
    items[0]?.give.focus();
  }
  /** @param {string} id */
  function told(id) {
    const place = placeOf(groups, id);
    const shared = (groups[place] ?? []).filter((one) => one !== id).map((one) => titleOf(question, one, language)).join(', ');
    parts.say(words.now(titleOf(question, id, language), rankOf(groups, place), groups.flat().length, shared));
  }
  function update() {
    draw();
    changed();
  }
  function draw() {
    const inOrder = groups.flat();
    ranked.replaceChildren(...inOrder.map((id) => itemOf(id)?.place ?? ''));
    rest.replaceChildren(...items.filter(({ id }) => !inOrder.includes(id)).map(({ unranked }) => unranked));
    for (const [place, group] of groups.entries()) for (const id of group) drawItem(id, place, group.length > 1);
    empty.hidden = inOrder.length > 0;
    ranked.hidden = restTitle.hidden = false;
    ranked.hidden = !inOrder.length;
    restTitle.hidden = !rest.childElementCount;
    const closed = inOrder.length >= most;
    full.hidden = !rest.childElementCount;
    full.textContent = closed ? words.full : words.tap;
    for (const { id, give } of items) give.setAttribute('aria-disabled', String(closed && !isNone(question, id)));
    parts.clearing.hidden = !inOrder.length;
    search?.refresh();
  }
  /** @param {string} id @param {number} place @param {boolean} shared */
  function drawItem(id, place, shared) {
    const item = itemOf(id);
    if (!item) return;
    const rank = rankOf(groups, place);
    item.rank.replaceChildren(el('span', { class: 'only-read' }, words.rank(rank)), sign(grouped(rank)));
    item.place.classList.toggle('shared', shared && item.place.previousElementSibling !== null);
    item.up.setAttribute('aria-disabled', String(place === 0 && !shared));
    item.down.setAttribute('aria-disabled', String(place === groups.length - 1 && !shared));
    item.join?.setAttribute('aria-disabled', String(place === 0 && !shared));
    const name = shared ? words.part : words.join;
    item.join?.setAttribute('aria-label', `${titleOf(question, id, language)}: ${name}`);
    item.join?.setAttribute('title', name);
  }
  draw();
  return {
    parts,
    answer: () => written(groups),
    faults: () => faultsOf(question, groups),
    tell: () => groups.map((group, place) =>
      `${rankOf(groups, place)}. ${group.map((id) => titleOf(question, id, language)).join(', ')}`),
    first: () => items.find(({ give }) => give.isConnected)?.give ?? restTitle,
  };
}
