/** Yes or no, a statement, one option, several options. */

import { describe, faultsOf, limitsOf, tooMany, withChoice } from './choosing-rules.js';
import { LONG, longList } from './long-list.js';
import { button, el, frame, newId, optionParts, shownMedia } from './parts.js';
import { grouped, idsOf, shown, titleOf } from './question.js';

/** @typedef {import('./index.js').Given} Given */
/** @typedef {import('./index.js').Control} Control */
/** @typedef {import('./question.js').Question} Question */

const WORDS = {
  ko: {
    /** @param {string} title */
    chosen: (title) => `‘${title}’ 항목을 골랐습니다.`,
    /** @param {number} count @param {number} most */
    count: (count, most) => `${grouped(most)}개까지 고를 수 있습니다. 지금 ${grouped(count)}개를 골랐습니다.`,
    cleared: '답을 지웠습니다.',
  },
  en: {
    /** @param {string} title */
    chosen: (title) => `“${title}” is chosen.`,
    /** @param {number} count @param {number} most */
    count: (count, most) => `${grouped(count)} chosen of at most ${grouped(most)}.`,
    cleared: 'The answer is cleared.',
  },
};

/**
 * Two or three buttons, each pressed or not.
 *
 * @param {Given} given
 * @returns {Control}
 */
export function makeButtons({ question, language, order, draft, heading, changed }) {
  const words = WORDS[language];
  let ids = idsOf(question, draft).slice(0, 1);
  const parts = frame({ question, language, heading, how: describe(question), clear: () => choose(null) });
  const buttons = shown(question, order).map((option) => {
    const text = option.text && el('p', { class: 'hint lines', id: newId('text') }, option.text[language]);
    const made = button({ class: 'second', click: () => choose(option.id), 'aria-describedby': text?.id }, option.title[language]);
    return { id: option.id, made, below: [text, shownMedia(option.media, language)] };
  });
  parts.control.classList.add('presses');
  for (const { made, below } of buttons) parts.control.append(el('div', {}, made, ...below));
  /** @param {string | null} id */
  function choose(id) {
    ids = id === null ? [] : [id];
    draw();
    parts.say(id === null ? words.cleared : words.chosen(titleOf(question, id, language)));
    if (id === null) buttons[0]?.made.focus();
    changed();
  }
  function draw() {
    for (const { id, made } of buttons) made.setAttribute('aria-pressed', String(ids.includes(id)));
    parts.clearing.hidden = !ids.length;
  }
  draw();
  return {
    parts,
    answer: () => [...ids].sort(),
    faults: () => faultsOf(question, ids),
    tell: () => ids.map((id) => titleOf(question, id, language)),
    first: () => buttons[0]?.made,
  };
}

/**
 * Radio buttons, or checkboxes whose number is counted aloud; both searched where there are many.
 *
 * @param {Given} given
 * @returns {Control}
 */
export function makeList({ question, language, order, draft, heading, changed }) {
  const words = WORDS[language];
  const { most } = limitsOf(question);
  const several = question.type === 'multiple-choice';
  let ids = idsOf(question, draft);
  const parts = frame({ question, language, heading, how: describe(question), clear });
  const name = newId('answer');
  const items = shown(question, order).map((option) => {
    const input = el('input', {
      type: several ? 'checkbox' : 'radio', name, value: option.id, change: () => choose(option.id, input.checked),
    });
    const { inside, below } = optionParts(option, language);
    const element = el('li', {}, el('label', { class: 'choice' }, input, inside), below);
    return { id: option.id, input, element, option };
  });
  const list = el('ul', { class: 'choices' }, ...items.map(({ element }) => element));
  if (items.length >= LONG) {
    const { tools, find } = longList({ language, list, items });
    parts.control.append(parts.sayAbove(null, find), tools);
  }
  parts.control.append(list);

  /** @param {string} id @param {boolean} on */
  function choose(id, on) {
    const wanted = withChoice(question, ids, id, on);
    const full = on && wanted.length > most;
    if (!full) ids = wanted;
    draw();
    parts.say(count(id), full ? tooMany(most)[language] : '');
    if (!full) changed();
  }
  /** @param {string} id */
  const count = (id) => (several ? words.count(ids.length, most) : words.chosen(titleOf(question, id, language)));
  function clear() {
    ids = [];
    draw();
    parts.say(words.cleared);
    items[0]?.input.focus();
    changed();
  }
  function draw() {
    for (const { id, input, element } of items) {
      input.checked = ids.includes(id);
      if (!several) continue;
      const shut = !input.checked && withChoice(question, ids, id, true).length > most;
      input.setAttribute('aria-disabled', String(shut));
      element.classList.toggle('shut', shut);
    }
    parts.clearing.hidden = !ids.length;
  }
  draw();
  if (several) parts.say(words.count(ids.length, most));
  return {
    parts,
    answer: () => [...ids].sort(),
    faults: () => faultsOf(question, ids),
    tell: () => ids.map((id) => titleOf(question, id, language)),
    first: () => items[0]?.input,
  };
}
