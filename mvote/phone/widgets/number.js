/** One number with its unit and its bounds. */

import { describe, faultsOf, limitsOf, spell, unitOf } from './number-rules.js';
import { el, frame } from './parts.js';
import { makeStepper } from './stepper.js';

/** @typedef {import('./index.js').Given} Given */
/** @typedef {import('./index.js').Control} Control */

/** @param {Given} given @returns {Control} */
export function makeNumber({ question, language, draft, heading, changed }) {
  const { least, most, decimals } = limitsOf(question);
  const unit = unitOf(question)?.[language] ?? '';
  const parts = frame({ question, language, heading, how: describe(question), clear });
  /** @type {number | null} */
  let value = Number.isSafeInteger(draft[0]) ? Number(draft[0]) : null;
  const label = `${question.title[language]}${unit ? ` (${unit})` : ''}`;
  const stepper = makeStepper({
    language, label, value, least, most: () => most, decimals, described: { 'aria-describedby': parts.howId }, changed: set,
  });
  parts.control.append(el('p', { class: 'number-field' }, stepper.element, unit && el('span', { class: 'unit' }, unit)));
  /** @param {number | null} now */
  function set(now) {
    value = now;
    stepper.input.setAttribute('aria-invalid', String(now !== null && faultsOf(question, now).length > 0));
    parts.clearing.hidden = now === null;
    changed();
  }
  function clear() {
    stepper.set(null);
    set(null);
    stepper.input.focus();
  }
  parts.clearing.hidden = value === null;
  return {
    parts,
    answer: () => (value === null || Number.isNaN(value) ? [] : [value]),
    faults: () => faultsOf(question, value),
    tell: () => (value === null || Number.isNaN(value) ? [] : [`${spell(value, decimals)}${unit ? ` ${unit}` : ''}`]),
    first: () => stepper.input,
  };
}
