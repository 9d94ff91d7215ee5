/** Open texts, and the reason beside an answer. */

import { b64u, concat, sha256, utf8 } from '../app/bytes.js';
import { el, frame, newId } from './parts.js';
import { grouped } from './question.js';
import { REASON_LIMITS, describe, faultsOf, lengthOf, limitsOf, tidy } from './text-rules.js';

/** @typedef {import('./index.js').Given} Given */
/** @typedef {import('./index.js').Control} Control */
/** @typedef {import('./question.js').Language} Language */
/** @typedef {import('./question.js').Words} Words */
/** @typedef {import('./text-rules.js').Limits} Limits */

const SALT_LENGTH = 32;
const WORDS = {
  ko: {
    /** @param {number} left */
    left: (left) => (left < 0 ? `${grouped(-left)}자를 줄여야 합니다.` : `${grouped(left)}자를 더 쓸 수 있습니다.`),
    reason: '이유 덧붙이기 (쓰지 않아도 됩니다)',
    moderated: '이유는 담당자가 검토한 뒤에만 공개됩니다. 이름이나 연락처는 쓰지 마십시오.',
  },
  en: {
    /** @param {number} left */
    left: (left) => (left < 0 ? `${grouped(-left)} characters too many.` : `${grouped(left)} characters left.`),
    reason: 'Add a reason (optional)',
    moderated: 'A reason is shown only after a moderator has read it. Do not write names or numbers.',
  },
};

/**
 * What a ballot holds of a text, SHA-256 of a salt of its own and the text, both base64url.
 *
 * @param {string} text tidied
 */
export async function sealText(text) {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_LENGTH));
  return { hash: b64u(await sha256(concat(salt, utf8(text)))), salt: b64u(salt) };
}

/**
 * A field of several lines that counts: always in sight, aloud only near the end.
 *
 * @param {{ language: Language, draft: string, limits: Limits, labelled: Record<string, string>, rows: number, changed: () => void }} given
 */
function counted({ language, draft, limits, labelled, rows, changed }) {
  const words = WORDS[language];
  const countId = newId('count');
  const count = el('p', { class: 'hint', id: countId });
  const aloud = el('p', { class: 'only-read', role: 'status' });
  const field = el('textarea', {
    ...labelled, rows, input: () => { draw(); changed(); },
    'aria-describedby': [labelled['aria-describedby'], countId].filter(Boolean).join(' '),
  });
  field.value = draft;
  const near = Math.max(20, Math.floor(limits.most / 10));
  function draw() {
    const left = limits.most - lengthOf(tidy(field.value));
    count.textContent = words.left(left);
    count.classList.toggle('fault', left < 0);
    const spoken = left <= near && (left % 10 === 0 || left < 0) ? words.left(left) : '';
    if (spoken && aloud.textContent !== spoken) aloud.textContent = spoken;
  }
  draw();
  return { field, count, aloud, value: () => tidy(field.value) };
}

/** @param {Given} given @returns {Control} */
export function makeText({ question, language, draft, heading, changed }) {
  const limits = limitsOf(question);
  const parts = frame({ question, language, heading, how: describe(question), clear });
  const earlier = typeof draft[0] === 'string' ? draft[0] : '';
  const text = counted({
    language, draft: earlier, limits, rows: 6, labelled: { 'aria-labelledby': parts.titleId }, changed,
  });
  parts.control.append(el('div', { class: 'field' }, text.field, text.count, text.aloud));
  function clear() {
    text.field.value = '';
    text.field.dispatchEvent(new Event('input'));
    text.field.focus();
  }
  const given = () => (text.value() === '' ? [] : [text.value()]);
  return {
    parts,
    answer: given,
    faults: () => (question.blank && !given().length ? [] : faultsOf(text.value(), limits)),
    tell: given,
    first: () => text.field,
  };
}

/**
 * The field for a reason, folded away until it is wanted.
 *
 * @param {{ language: Language, draft: string, changed: () => void }} given
 */
export function makeReason({ language, draft, changed }) {
  const words = WORDS[language];
  const [id, hintId] = [newId('reason'), newId('hint')];
  const text = counted({
    language, draft, limits: REASON_LIMITS, rows: 3, changed,
    labelled: { id, 'aria-label': words.reason, 'aria-describedby': hintId },
  });
  const fault = el('p', { class: 'fault', hidden: true });
  const element = el('details', { class: 'reason', open: draft !== '' },
    el('summary', {}, words.reason),
    el('div', { class: 'field' }, el('p', { class: 'hint', id: hintId }, words.moderated), fault, text.field, text.count, text.aloud));
  const faults = () => (text.value() === '' ? [] : faultsOf(text.value(), REASON_LIMITS));
  return {
    element,
    value: text.value,
    draft: () => text.field.value,
    faults,
    tellFaults() {
      const said = faults().map((one) => one[language]);
      fault.textContent = said.join(' ');
      fault.hidden = !said.length;
      text.field.setAttribute('aria-invalid', String(said.length > 0));
    },
  };
}
