/** Forms of one or two fields: what is wrong is said at the field and read aloud. */

import { el, newId } from '../widgets/parts.js';
import { NotUnderstood, Refused, Unreachable } from '../state/api.js';
import { KeptIsGone, StorageRefused } from '../state/store.js';
import { inWords, say } from '../words/index.js';

/**
 * A field with its label and hint.
 *
 * @param {string} label
 * @param {Record<string, import('../widgets/parts.js').Given>} given attributes of the input
 * @param {string} [hint]
 */
export function field(label, given, hint) {
  const [id, hintId, faultId] = [newId('field'), newId('hint'), newId('fault')];
  const fault = el('span', { class: 'fault', id: faultId, hidden: true });
  const input = el('input', { id, type: 'text', 'aria-describedby': `${hint ? `${hintId} ` : ''}${faultId}`, ...given });
  const element = el('div', { class: 'field' },
    el('label', { for: id }, label), hint && el('span', { class: 'hint', id: hintId }, hint), fault, input);
  return telling({ element, input, fault });
}

/** A box to tick. @param {string} label */
export function tick(label) {
  const [id, faultId] = [newId('tick'), newId('fault')];
  const fault = el('span', { class: 'fault', id: faultId, hidden: true });
  const input = el('input', { id, type: 'checkbox', 'aria-describedby': faultId });
  const element = el('div', { class: 'field' }, fault,
    el('label', { class: 'choice', for: id }, input, el('span', {}, label)));
  return telling({ element, input, fault });
}

/** What is wrong is said at the field, which is marked and gone to. @param {{ element: HTMLElement, input: HTMLInputElement, fault: HTMLElement }} parts */
function telling({ element, input, fault }) {
  return {
    element,
    input,
    /** @param {string} said empty: nothing is wrong */
    tell(said) {
      fault.textContent = said;
      fault.hidden = !said;
      element.classList.toggle('wrong', said !== '');
      input.setAttribute('aria-invalid', String(said !== ''));
      if (said) input.focus();
    },
  };
}

/**
 * A form whose button works once at a time; what goes wrong is told above it.
 *
 * @param {{ fields: { element: HTMLElement }[], label: string, send: () => Promise<void>, wrong?: (refused: Refused) => boolean }} given
 *   `wrong` tells a refusal at a field and says so
 */
export function form({ fields, label, send, wrong = () => false }) {
  const trouble = el('p', { class: 'notice bad', role: 'alert', hidden: true });
  const button = el('button', { type: 'submit' }, label);
  const element = el('form', { novalidate: true, submit: async (event) => {
    event.preventDefault();
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    trouble.hidden = true;
    try {
      await send();
    } catch (error) {
      if (!(error instanceof Refused && wrong(error))) {
        trouble.textContent = sentenceOf(error);
        trouble.hidden = false;
      }
    } finally {
      button.removeAttribute('aria-disabled');
    }
  } }, trouble, ...fields.map((one) => one.element), el('p', { class: 'buttons' }, button));
  return element;
}

/** What went wrong, in a sentence. @param {unknown} error */
export function sentenceOf(error) {
  if (error instanceof Refused) {
    const wait = error.retryAfter === null ? '' : ` ${say('waitSeconds', { seconds: error.retryAfter })}`;
    return inWords(error.sentence) + wait;
  }
  if (error instanceof Unreachable) return say('unreachable');
  if (error instanceof NotUnderstood) return say('notUnderstood');
  if (error instanceof StorageRefused) return say('storageRefused');
  if (error instanceof KeptIsGone) return say('gone');
  return say('unexpected');
}
