/** One value on a scale: buttons for a few values, a list for many grades, a number otherwise. */

import { button, el, newId } from './parts.js';
import { nameOf } from './scoring-rules.js';
import { makeStepper } from './stepper.js';

/** @typedef {import('./question.js').Language} Language */
/** @typedef {import('./scoring-rules.js').Scale} Scale */

/** As many values stand side by side; with more of them a number is typed or a grade chosen. */
export const FEW = 11;
const WORDS = { ko: { clear: '지우기', none: '고르지 않음' }, en: { clear: 'Clear', none: 'Not rated' } };

/** The values in the order in which they are shown: grades from the best, numbers from the least. @param {Scale} scale */
export function valuesOf(scale) {
  const values = Array.from({ length: scale.most - scale.least + 1 }, (_, place) => scale.least + place);
  return scale.grades.length ? values.reverse() : values;
}

/** @param {Scale} scale */
export const isShort = (scale) => scale.most - scale.least < FEW;

/** Numbers carry a true minus, as they are read. @param {Scale} scale @param {number} value @param {Language} language */
export const labelOf = (scale, value, language) => nameOf(scale, value)[language].replace(/^-(?=\d)/, '−');

/**
 * @typedef {object} ScaleGiven
 * @property {Language} language
 * @property {Scale} scale
 * @property {string} labelId of the element that names what is rated
 * @property {string} label the same in words
 * @property {number | undefined} value
 * @property {boolean} stars
 * @property {(value: number | undefined) => void} changed
 */

/**
 * @param {ScaleGiven} given
 * @returns {{ element: HTMLElement, set: (value: number | undefined) => void, first: HTMLElement | undefined }}
 */
export function makeScale(given) {
  if (isShort(given.scale)) return makePicks(given);
  return given.scale.grades.length ? makeSelect(given) : makeNumber(given);
}

/** @param {ScaleGiven} given */
function makePicks({ language, scale, labelId, label, value, stars, changed }) {
  const words = WORDS[language];
  const name = newId('scale');
  const picks = valuesOf(scale).map((one) => {
    const input = el('input', { type: 'radio', name, value: one, change: () => tell(one) });
    const said = labelOf(scale, one, language);
    const face = el('span', { class: stars && 'only-read' }, said);
    return { one, input, element: el('label', { class: stars ? 'pick star' : 'pick' }, input, face) };
  });
  const clearing = button({ class: 'plain', click: () => back(), 'aria-label': `${label}: ${words.clear}` }, words.clear);
  const group = el('div', {
    class: scale.grades.length ? 'picks words' : 'picks', role: 'radiogroup', 'aria-labelledby': labelId,
    keydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Delete' || event.key === 'Backspace') back();
    },
  }, ...picks.map(({ element }) => element));
  /** @param {number | undefined} now */
  function set(now) {
    for (const { one, input, element } of picks) {
      input.checked = one === now;
      element.classList.toggle('on', now !== undefined && (stars ? one <= now : one === now));
    }
    clearing.hidden = now === undefined;
  }
  /** @param {number | undefined} now */
  function tell(now) {
    set(now);
    changed(now);
  }
  function back() {
    tell(undefined);
    picks[0]?.input.focus();
  }
  set(value);
  return { element: el('div', { class: 'scale' }, group, clearing), set, first: picks[0]?.input };
}

/** @param {ScaleGiven} given */
function makeSelect({ language, scale, labelId, value, changed }) {
  const values = valuesOf(scale);
  const select = el('select', {
    'aria-labelledby': labelId, change: () => changed(values[select.selectedIndex - 1]),
    keydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Delete') { set(undefined); changed(undefined); }
    },
  }, el('option', {}, WORDS[language].none), ...values.map((one) => el('option', {}, labelOf(scale, one, language))));
  /** @param {number | undefined} now */
  const set = (now) => { select.selectedIndex = now === undefined ? 0 : values.indexOf(now) + 1; };
  set(value);
  return { element: select, set, first: select };
}

/** @param {ScaleGiven} given */
function makeNumber({ language, scale, label, value, changed }) {
  const stepper = makeStepper({
    language, label, value: value ?? null, least: scale.least, most: () => scale.most,
    changed: (now) => changed(now ?? undefined),
  });
  return {
    element: stepper.element, first: stepper.input,
    set: (/** @type {number | undefined} */ now) => stepper.set(now ?? null),
  };
}
