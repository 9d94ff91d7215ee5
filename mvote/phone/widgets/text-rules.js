/** Texts that a voter writes: counted in Unicode code points of form NFC, as the core counts. */

import { isPlain } from '../app/exact.js';
import { grouped, setting } from './question.js';

/** @typedef {import('./question.js').Question} Question */
/** @typedef {import('./question.js').Words} Words */
/** @typedef {{ least: number, most: number }} Limits */

const MOST = 1000;
/** A reason beside an answer has as many characters as this, and one at least. */
export const REASON_LIMITS = { least: 1, most: 1000 };

/** @param {Question} question @returns {Limits} */
export function limitsOf({ config }) {
  const least = setting(config, 'least') || 1;
  return { least, most: setting(config, 'most') || Math.max(least, MOST) };
}

/** How the question is answered. @param {Question} question @returns {Words} */
export function describe(question) {
  const { least, most } = limitsOf(question);
  return {
    ko: `${grouped(least)}자에서 ${grouped(most)}자까지 씁니다. 글은 담당자가 검토한 뒤에만 공개됩니다.`,
    en: `Write ${grouped(least)} to ${grouped(most)} characters. A text is shown only after a moderator has read it.`,
  };
}

/**
 * A text as it is sent: form NFC, lines parted by \n, no tabs, nothing around it; '' where it
 * shows nothing.
 *
 * @param {string} written
 */
export function tidy(written) {
  return written.replace(/\r\n?|[\u2028\u2029]/g, '\n').replaceAll('\t', ' ').normalize('NFC').trim();
}

/** @param {string} text in form NFC */
export const lengthOf = (text) => [...text].length;

/**
 * @param {string} text tidied
 * @param {Limits} limits
 * @returns {Words[]}
 */
export function faultsOf(text, { least, most }) {
  const length = lengthOf(text);
  if (length < least) return [tooShort(least, length)];
  if (length > most) return [tooLong(most, length)];
  return isPlain(text, most, true) ? [] : [NOT_PLAIN];
}

/** @param {number} least @param {number} length @returns {Words} */
const tooShort = (least, length) => (length
  ? { ko: `${grouped(least)}자 이상 써 주십시오. 지금은 ${grouped(length)}자입니다.`, en: `Write at least ${grouped(least)} characters. You have written ${grouped(length)}.` }
  : { ko: '글을 써 주십시오.', en: 'Write something.' });

/** @param {number} most @param {number} length @returns {Words} */
const tooLong = (most, length) => ({
  ko: `${grouped(most)}자까지 쓸 수 있습니다. ${grouped(length - most)}자를 줄여 주십시오.`,
  en: `You can write at most ${grouped(most)} characters. It is ${grouped(length - most)} too long.`,
});

const NOT_PLAIN = {
  ko: '쓸 수 없는 문자가 있거나 보이는 글자가 없습니다. 특수 문자를 빼고 다시 써 주십시오.',
  en: 'It holds characters that cannot be used, or shows nothing. Take out special characters.',
};
