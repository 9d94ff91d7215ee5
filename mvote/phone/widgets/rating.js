/** Options rated on one scale, one below the other or as a table. */

import { LONG, longList } from './long-list.js';
import { el, frame, newId, optionParts } from './parts.js';
import { grouped, shown } from './question.js';
import { isShort, labelOf, makeScale, valuesOf } from './scale.js';
import { describe, faultsOf, limitsOf, scaleOf, scoresOf, written } from './scoring-rules.js';

/** @typedef {import('./index.js').Given} Given */
/** @typedef {import('./index.js').Control} Control */
/** @typedef {import('./question.js').Option} Option */

const WORDS = {
  ko: {
    item: '항목',
    /** @param {number} count @param {number} all */
    count: (count, all) => `${grouped(all)}개 가운데 ${grouped(count)}개를 평가했습니다.`,
    cleared: '평가를 모두 지웠습니다.',
  },
  en: {
    item: 'Item',
    /** @param {number} count @param {number} all */
    count: (count, all) => `${grouped(count)} of ${grouped(all)} rated.`,
    cleared: 'All ratings are cleared.',
  },
};

/** What ratings below one another and in a table have in common. @param {Given} given */
function begin({ question, language, draft, heading, changed }) {
  const words = WORDS[language];
  const scale = scaleOf(question);
  const scores = scoresOf(question, draft);
  const parts = frame({ question, language, heading, how: describe(question), clear });
  /** @type {((score: number | undefined) => void)[]} */
  const setters = [];
  const say = () => parts.say(words.count(scores.size, question.options.length));
  /** @param {string} id @param {number | undefined} score */
  function rate(id, score) {
    if (score === undefined) scores.delete(id);
    else scores.set(id, score);
    draw();
    say();
    changed();
  }
  function clear() {
    scores.clear();
    for (const set of setters) set(undefined);
    draw();
    parts.say(words.cleared);
    parts.title.focus();
    changed();
  }
  const draw = () => { parts.clearing.hidden = !scores.size; };
  const tell = () => question.options.flatMap(({ id, title }) => {
    const score = scores.get(id);
    return score === undefined || Number.isNaN(score) ? [] : [`${title[language]}: ${labelOf(scale, score, language)}`];
  });
  draw();
  say();
  const answer = () => written(scores);
  return { words, scale, scores, parts, setters, rate, control: { parts, answer, faults: () => faultsOf(question, scores), tell } };
}

/** @param {Given} given @returns {Control} */
export function makeRating(given) {
  const { question, language, order } = given;
  const { scale, scores, parts, setters, rate, control } = begin(given);
  /** @type {HTMLElement | undefined} */
  let first;
  const items = shown(question, order).map((option) => {
    const labelId = newId('option');
    const { inside, below } = optionParts(option, language);
    inside.id = labelId;
    const one = makeScale({
      language, scale, labelId, label: option.title[language], value: scores.get(option.id),
      stars: question.config.scale === 'stars', changed: (score) => rate(option.id, score),
    });
    setters.push(one.set);
    first ??= one.first;
    return { id: option.id, option, element: el('li', { class: 'rated' }, inside, one.element, below) };
  });
  const list = el('ul', { class: 'plain' }, ...items.map(({ element }) => element));
  if (items.length >= LONG) {
    const { tools, find } = longList({ language, list, items });
    parts.control.append(parts.sayAbove(null, find), tools);
  }
  parts.control.append(list);
  return { ...control, first: () => first };
}

/**
 * A table with headings where the scale is short; on a narrow screen each item gets its own
 * lines, and the cells keep their names.  Explicit roles keep it a table however it is laid out.
 *
 * @param {Given} given
 * @returns {Control}
 */
export function makeMatrix(given) {
  if (!isShort(scaleOf(given.question)) || limitsOf(given.question).most < 1) return makeRating(given);
  const { question, language, order } = given;
  const { words, scale, scores, parts, setters, rate, control } = begin(given);
  const values = valuesOf(scale);
  const rows = shown(question, order).map((option) => matrixRow(option));
  const headings = values.map((value) => el('th', { scope: 'col', role: 'columnheader', class: 'number' }, labelOf(scale, value, language)));
  const table = el('table', { class: 'matrix', role: 'table', 'aria-labelledby': parts.titleId },
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, el('th', { scope: 'col', role: 'columnheader' }, words.item), ...headings)),
    el('tbody', { role: 'rowgroup' }, ...rows.map(({ element }) => element)));
  parts.control.append(table);

  /** @param {Option} option */
  function matrixRow(option) {
    const name = newId('row');
    const title = option.title[language];
    const cells = values.map((value) => {
      const said = labelOf(scale, value, language);
      const input = el('input', {
        type: 'radio', name, 'aria-label': `${title}: ${said}`, change: () => { set(value); rate(option.id, value); },
        keydown: (/** @type {KeyboardEvent} */ event) => pressed(event, option.id, value),
      });
      const element = el('td', { role: 'cell' }, el('label', { class: 'pick' }, input, el('span', { 'aria-hidden': 'true' }, said)));
      return { value, input, element };
    });
    /** @param {number | undefined} score */
    function set(score) {
      for (const { value, input, element } of cells) {
        input.checked = value === score;
        element.firstElementChild?.classList.toggle('on', value === score);
      }
    }
    set(scores.get(option.id));
    setters.push(set);
    const { inside, below } = optionParts(option, language);
    const element = el('tr', { role: 'row' }, el('th', { scope: 'row', role: 'rowheader' }, inside, below), ...cells.map((cell) => cell.element));
    return { id: option.id, cells, set, element };
  }
  /** Arrow keys walk over the cells without choosing; Space chooses, Delete takes back. @param {KeyboardEvent} event @param {string} id @param {number} value */
  function pressed(event, id, value) {
    const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [0, 0];
    const row = rows.findIndex((one) => one.id === id);
    if (event.key === 'Delete' || event.key === 'Backspace') {
      rows[row]?.set(undefined);
      rate(id, undefined);
    } else if (down || right) {
      const cells = rows[row + (down ?? 0)]?.cells;
      cells?.[values.indexOf(value) + (right ?? 0)]?.input.focus();
    } else return;
    event.preventDefault();
  }
  return { ...control, first: () => rows.find(({ id }) => !scores.has(id))?.cells[0]?.input };
}
