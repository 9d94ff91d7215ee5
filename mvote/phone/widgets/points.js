/** Points to distribute: what is left stays in sight and is read after each change. */

import { LONG, longList } from './long-list.js';
import { el, frame, newId, optionParts } from './parts.js';
import { grouped, shown } from './question.js';
import { describe, faultsOf, limitsOf, scoresOf, sumOf, written } from './scoring-rules.js';
import { makeStepper } from './stepper.js';

/** @typedef {import('./index.js').Given} Given */
/** @typedef {import('./index.js').Control} Control */

const WORDS = {
  ko: {
    /** @param {number} left @param {number} all */
    left: (left, all) => (left < 0 ? `${grouped(-left)}점을 더 주었습니다. 줄여 주십시오.` : `${grouped(left)}점 남음 (모두 ${grouped(all)}점)`),
    /** @param {string} title @param {number} points */
    given: (title, points) => `${title}: ${grouped(points)}점`,
  },
  en: {
    /** @param {number} left @param {number} all */
    left: (left, all) => (left < 0 ? `${grouped(-left)} points too many. Take some back.` : `${grouped(left)} of ${grouped(all)} points left`),
    /** @param {string} title @param {number} points */
    given: (title, points) => `${title}: ${grouped(points)} points`,
  },
};

/** How many points a button gives at once, so that a purse is empty after some twenty taps. @param {number} points */
export function stepOf(points) {
  const wanted = points / 20;
  return [50_000, 10_000, 5000, 1000, 500, 100, 50, 10, 5].find((step) => step <= wanted) ?? 1;
}

/** @param {Given} given @returns {Control} */
export function makePoints({ question, language, order, draft, heading, changed }) {
  const words = WORDS[language];
  const limits = limitsOf(question);
  const all = limits.together ?? 0;
  const scores = scoresOf(question, draft);
  const parts = frame({ question, language, heading, how: describe(question), clear });
  const gauge = el('progress', { class: 'gauge', max: all, value: 0, 'aria-hidden': 'true' });
  const left = () => all - sumOf(scores);
  const items = shown(question, order).map((option) => {
    const { inside, below } = optionParts(option, language);
    inside.id = newId('option');
    const stepper = makeStepper({
      language, label: option.title[language], value: scores.get(option.id) ?? 0, least: 0, empty: 0, step: stepOf(all),
      most: () => Math.min(limits.highest, (scores.get(option.id) ?? 0) + Math.max(0, left())),
      changed: (points) => give(option.id, points ?? 0),
    });
    return { id: option.id, option, stepper, element: el('li', { class: 'rated' }, inside, stepper.element, below) };
  });
  const list = el('ul', { class: 'plain' }, ...items.map(({ element }) => element));
  const search = items.length >= LONG ? longList({ language, list, items }) : null;
  parts.control.append(parts.sayAbove(gauge, search?.find));
  if (search) parts.control.append(search.tools);
  parts.control.append(list);

  /** @param {string} id @param {number} points */
  function give(id, points) {
    if (points === 0) scores.delete(id);
    else scores.set(id, points);
    draw();
    changed();
  }
  function clear() {
    scores.clear();
    for (const { stepper } of items) stepper.set(0);
    draw();
    parts.title.focus();
    changed();
  }
  function draw() {
    const rest = left();
    parts.say(Number.isNaN(rest) ? faultsOf(question, scores)[0]?.[language] ?? '' : words.left(rest, all));
    gauge.value = Math.min(all, Math.max(0, all - rest || 0));
    for (const { id, stepper } of items) stepper.draw(scores.get(id) ?? 0);
    parts.clearing.hidden = !scores.size;
  }
  draw();
  return {
    parts,
    answer: () => written(scores),
    faults: () => faultsOf(question, scores),
    tell: () => question.options.flatMap(({ id, title }) => (scores.has(id) ? [words.given(title[language], scores.get(id) ?? 0)] : [])),
    first: () => items[0]?.stepper.input,
  };
}
