/** Answers that are one number, kept as a whole number of smallest units: 1.50 is 150. */

import { setting } from './question.js';

/** @typedef {import('./question.js').Question} Question */
/** @typedef {import('./question.js').Words} Words */
/** @typedef {{ least: number, most: number, decimals: number }} Limits in smallest units */

/** @param {Question} question @returns {Limits} */
export const limitsOf = ({ config }) => ({
  least: setting(config, 'least') ?? 0,
  most: setting(config, 'most') ?? 0,
  decimals: setting(config, 'decimals') ?? 0,
});

/** @param {Question} question @returns {Words | null} */
export const unitOf = ({ config }) => /** @type {Words | null} */ (config.unit ?? null);

/** A whole number of smallest units as a decimal number. @param {number} value @param {number} decimals */
export function spell(value, decimals) {
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0');
  const sign = value < 0 ? '-' : '';
  return decimals ? `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : `${sign}${digits}`;
}

/** How the question is answered. @param {Question} question @returns {Words} */
export function describe(question) {
  const { least, most, decimals } = limitsOf(question);
  const [unit, low, high] = [unitOf(question), spell(least, decimals), spell(most, decimals)];
  return {
    ko: `${low}부터 ${high}까지의 수로 답합니다${unit ? ` (단위: ${unit.ko})` : ''}.`,
    en: `Answer with a number from ${low} to ${high}${unit ? ` (${unit.en})` : ''}.`,
  };
}

const NUMBER = /^([+-]?)(\d+|\d{1,3}(?:,\d{3})+)?(?:\.(\d*))?$/;

/**
 * What a person typed, in smallest units; NaN where it is no number with so many decimals.
 *
 * @param {string} typed with a point before the decimals; commas may part thousands
 * @param {number} decimals
 */
export function parseNumber(typed, decimals) {
  const match = NUMBER.exec(typed.normalize('NFKC').replace(/[\s'_]/g, '').replace(/[\u2212\u2013]/g, '-'));
  const [, sign = '', whole = '', part = ''] = match ?? [];
  const rest = part.replace(/0+$/, '');
  if (!match || (whole === '' && part === '') || rest.length > decimals) return NaN;
  const value = Number(whole.replaceAll(',', '') + rest.padEnd(decimals, '0'));
  return Number.isSafeInteger(value) ? (sign === '-' ? -value : value) || 0 : NaN;
}

/**
 * @param {Question} question
 * @param {number | null} value in smallest units, NaN for what is no number, null for nothing
 * @returns {Words[]}
 */
export function faultsOf(question, value) {
  if (value === null && question.blank) return [];
  const { least, most, decimals } = limitsOf(question);
  if (value !== null && value >= least && value <= most) return [];
  const [low, high] = [spell(least, decimals), spell(most, decimals)];
  const places = decimals
    ? { ko: ` 소수점 아래 ${decimals}자리까지 쓸 수 있습니다.`, en: ` It may have up to ${decimals} decimal places.` }
    : { ko: '', en: '' };
  return [{
    ko: `${low}부터 ${high}까지의 수를 넣어 주십시오.${places.ko}`,
    en: `Enter a number from ${low} to ${high}.${places.en}`,
  }];
}
