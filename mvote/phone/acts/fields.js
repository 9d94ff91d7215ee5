/** Fields of more than a line, and choices: what is wrong is said at them and read aloud. */

import { el, newId } from '../widgets/parts.js';

/** @typedef {import('../widgets/parts.js').Given} Given */
/** @typedef {[string, string]} Choice value and label */

/**
 * A control with its label and hint.
 *
 * @template {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} T
 * @param {string} label
 * @param {string} hint
 * @param {(given: Record<string, Given>) => T} make
 */
function labelled(label, hint, make) {
  const [id, hintId, faultId] = [newId('field'), newId('hint'), newId('fault')];
  const fault = el('span', { class: 'fault', id: faultId, hidden: true });
  const input = make({ id, 'aria-describedby': `${hint ? `${hintId} ` : ''}${faultId}` });
  const element = el('div', { class: 'field' },
    el('label', { for: id }, label), hint && el('span', { class: 'hint', id: hintId }, hint), fault, input);
  return { element, input, tell: teller(element, fault, input) };
}

/**
 * Says what is wrong; empty: nothing is.
 *
 * @param {HTMLElement} element
 * @param {HTMLElement} fault
 * @param {HTMLElement} input
 */
const teller = (element, fault, input) => (/** @type {string} */ said) => {
  fault.textContent = said;
  fault.hidden = !said;
  element.classList.toggle('wrong', said !== '');
  if (input.tagName !== 'FIELDSET') input.setAttribute('aria-invalid', String(said !== ''));
  if (said) (input.querySelector('input') ?? input).focus();
};

/** One line. @param {string} label @param {string} value @param {string} [hint] */
export const line = (label, value, hint = '') =>
  labelled(label, hint, (given) => el('input', { ...given, type: 'text', autocomplete: 'off', value }));

/** Several lines. @param {string} label @param {string} value @param {string} [hint] @param {number} [rows] */
export const area = (label, value, hint = '', rows = 5) =>
  labelled(label, hint, (given) => el('textarea', { ...given, rows }, value));

/** One of many. @param {string} label @param {Choice[]} choices @param {string} value @param {string} [hint] */
export const chooser = (label, choices, value, hint = '') => labelled(label, hint, (given) =>
  el('select', given, ...choices.map(([name, words]) => el('option', { value: name, selected: name === value }, words))));

/**
 * Choices that are all in sight; `several` may be made, or one.
 *
 * @param {string} legend
 * @param {Choice[]} choices
 * @param {{ value?: string, hint?: string, several?: boolean }} [given]
 */
export function picks(legend, choices, { value = '', hint = '', several = false } = {}) {
  const [name, hintId, faultId] = [newId('pick'), newId('hint'), newId('fault')];
  const fault = el('span', { class: 'fault', id: faultId, hidden: true });
  const inputs = choices.map(([one]) =>
    el('input', { type: several ? 'checkbox' : 'radio', name, value: one, checked: one === value }));
  const element = el('fieldset', { 'aria-describedby': `${hint ? `${hintId} ` : ''}${faultId}` },
    el('legend', {}, legend), hint && el('span', { class: 'hint', id: hintId }, hint), fault,
    el('div', { class: 'choices' }, ...inputs.map((input, at) =>
      el('label', { class: 'choice' }, input, el('span', {}, choices[at]?.[1])))));
  return {
    element,
    values: () => inputs.filter(({ checked }) => checked).map((input) => input.value),
    tell: teller(element, fault, element),
  };
}
