/** Answers that are a set of options: how many may be chosen, and what they may cost. */

import { NONE, grouped, isNone, offered, setting, soMany } from './question.js';

/** @typedef {import('./question.js').Question} Question */
/** @typedef {import('./question.js').Words} Words */
/** @typedef {{ least: number, most: number, cost: number | null }} Limits */

const ONE = new Set(['yes-no', 'statement', 'single-choice']);

/** @param {Question} question @returns {Limits} */
export function limitsOf(question) {
  if (ONE.has(question.type)) return { least: 1, most: 1, cost: null };
  return {
    least: setting(question.config, 'least') || 1,
    most: setting(question.config, 'most') || offered(question),
    cost: question.type === 'budget' ? setting(question.config, 'limit') : null,
  };
}

/** How the question is answered. @param {Question} question @returns {Words} */
export function describe(question) {
  if (ONE.has(question.type)) return { ko: '하나를 고릅니다.', en: 'Choose one.' };
  const { least, most, cost } = limitsOf(question);
  const many = soMany(least, most);
  const said = { ko: `${many.ko} 고릅니다.`, en: `Choose ${many.en}.` };
  if (cost === null) return said;
  return {
    ko: `${said.ko} 고른 사업의 비용은 모두 합해 ${grouped(cost)}까지입니다.`,
    en: `${said.en} Together they may cost at most ${grouped(cost)}.`,
  };
}

/** What the chosen cost together. @param {Question} question @param {readonly string[]} ids */
export function costOf(question, ids) {
  const chosen = new Set(ids);
  return question.options.reduce((sum, { id, cost }) => sum + (chosen.has(id) ? cost ?? 0 : 0), 0);
}

/**
 * What is wrong with the chosen; nothing where the answer may stand in a ballot.
 *
 * @param {Question} question
 * @param {readonly string[]} ids without doubles, all of them options
 * @returns {Words[]}
 */
export function faultsOf(question, ids) {
  const { least, most, cost } = limitsOf(question);
  if (!ids.length) return question.blank ? [] : [tooFew(least, 0)];
  if (question.none && ids.includes(NONE)) return ids.length > 1 ? [NOT_ALONE] : [];
  const faults = [];
  if (ids.length < least) faults.push(tooFew(least, ids.length));
  if (ids.length > most) faults.push(tooMany(most));
  const spent = costOf(question, ids);
  if (cost !== null && spent > cost) faults.push(overBudget(spent - cost));
  return faults;
}

const NOT_ALONE = {
  ko: '‘해당 없음’은 다른 선택지와 함께 고를 수 없습니다.',
  en: '“None of these” cannot be chosen together with other options.',
};

/** @param {number} least @param {number} chosen @returns {Words} */
function tooFew(least, chosen) {
  if (least === 1) return { ko: '하나를 골라 주십시오.', en: 'Choose an option.' };
  return {
    ko: `${grouped(least)}개 이상 골라 주십시오. 지금은 ${grouped(chosen)}개를 골랐습니다.`,
    en: `Choose at least ${grouped(least)}. You have chosen ${grouped(chosen)}.`,
  };
}

/** @param {number} most @returns {Words} */
export const tooMany = (most) => ({
  ko: `${grouped(most)}개까지만 고를 수 있습니다. 다른 것을 먼저 빼십시오.`,
  en: `You can choose at most ${grouped(most)}. Take another one out first.`,
});

/** @param {number} over @returns {Words} */
const overBudget = (over) => ({
  ko: `고른 사업의 비용이 한도를 ${grouped(over)}만큼 넘습니다.`,
  en: `What you chose costs ${grouped(over)} more than the limit.`,
});

/**
 * The chosen after one was tapped: “none of these” and the others exclude each other, and
 * where one is asked for the new one replaces the old.
 *
 * @param {Question} question
 * @param {readonly string[]} ids
 * @param {string} id
 * @param {boolean} chosen
 * @returns {string[]}
 */
export function withChoice(question, ids, id, chosen) {
  const rest = ids.filter((one) => one !== id);
  if (!chosen) return rest;
  if (isNone(question, id) || ONE.has(question.type)) return [id];
  return [...rest.filter((one) => !isNone(question, one)), id];
}
