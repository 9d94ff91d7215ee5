/** Answers that give whole numbers to options: on a scale each, or points of one purse. */

import { grouped, setting, soMany } from './question.js';

/** @typedef {import('../app/canonical.js').Json} Json */
/** @typedef {import('./question.js').Question} Question */
/** @typedef {import('./question.js').Words} Words */
/** @typedef {ReadonlyMap<string, number>} Scores */

/**
 * `together` is what the numbers may add up to, null where each stands for itself; `spendAll`
 * says whether they have to.
 *
 * @typedef {{ least: number, most: number, lowest: number, highest: number, together: number | null, spendAll: boolean }} Limits
 */

/** `grades` name the values, the best first; empty where numbers speak. */
/** @typedef {{ least: number, most: number, grades: Words[] }} Scale */

/** @type {Record<string, [number, number]>} */
const NAMED = { stars: [1, 5], 'minus-two-to-two': [-2, 2], 'zero-to-ten': [0, 10] };

/** @param {Question} question @returns {Scale} */
export function scaleOf({ config: { scale } }) {
  if (typeof scale === 'string') {
    const [least, most] = NAMED[scale] ?? [0, 0];
    return { least, most, grades: [] };
  }
  if (Array.isArray(scale)) return { least: 0, most: scale.length - 1, grades: /** @type {Words[]} */ (scale) };
  const bounds = /** @type {{ least: number, most: number }} */ (scale);
  return { least: bounds.least, most: bounds.most, grades: [] };
}

/** A value in words. @param {Scale} scale @param {number} value @returns {Words} */
export const nameOf = ({ grades, most }, value) => grades[most - value] ?? { ko: String(value), en: String(value) };

/** @param {Question} question @returns {Limits} */
export function limitsOf(question) {
  const { config, options, type } = question;
  if (type === 'points') {
    const points = setting(config, 'points') ?? 0;
    return {
      least: 1,
      most: Math.min(points, options.length),
      lowest: 1,
      highest: setting(config, 'most') || points,
      together: points,
      spendAll: config.all === true,
    };
  }
  const scale = scaleOf(question);
  return {
    least: setting(config, 'least') || (type === 'matrix' ? options.length : 1),
    most: options.length,
    lowest: scale.least,
    highest: scale.most,
    together: null,
    spendAll: false,
  };
}

/** How the question is answered. @param {Question} question @returns {Words} */
export function describe(question) {
  const { least, most, highest, together, spendAll } = limitsOf(question);
  if (together !== null) return describePoints(together, highest, spendAll);
  const [scale, many] = [scaleOf(question), soMany(least, most)];
  if (scale.grades.length) {
    return {
      ko: `${many.ko} 다음 등급으로 평가합니다: ${scale.grades.map(({ ko }) => ko).join(', ')}.`,
      en: `Give ${many.en} one of these grades: ${scale.grades.map(({ en }) => en).join(', ')}.`,
    };
  }
  return {
    ko: `${many.ko} ‘${scale.least}’에서 ‘${scale.most}’까지의 척도로 평가합니다.`,
    en: `Rate ${many.en} on a scale from “${scale.least}” to “${scale.most}”.`,
  };
}

/** @param {number} points @param {number} highest @param {boolean} all @returns {Words} */
function describePoints(points, highest, all) {
  const said = { ko: `${grouped(points)}점을 나누어 줍니다.`, en: `Distribute ${grouped(points)} points.` };
  if (highest < points) {
    said.ko += ` 선택지 하나에 ${grouped(highest)}점까지 줄 수 있습니다.`;
    said.en += ` One option may get at most ${grouped(highest)}.`;
  }
  if (all) {
    said.ko += ' 모두 나누어 주어야 합니다.';
    said.en += ' All have to be given.';
  }
  return said;
}

/**
 * The numbers of an earlier answer, without what the question does not know.
 *
 * @param {Question} question
 * @param {readonly Json[]} answer
 * @returns {Map<string, number>}
 */
export function scoresOf(question, answer) {
  const known = new Set(question.options.map(({ id }) => id));
  /** @type {Map<string, number>} */
  const scores = new Map();
  for (const pair of answer) {
    const [id, score] = Array.isArray(pair) ? pair : [];
    if (typeof id === 'string' && known.has(id) && Number.isInteger(score)) scores.set(id, Number(score));
  }
  return scores;
}

/** As a ballot holds it. @param {Scores} scores @returns {Json[]} */
export const written = (scores) => [...scores].sort(([one], [other]) => (one < other ? -1 : 1));

/** @param {Scores} scores */
export const sumOf = (scores) => [...scores.values()].reduce((sum, score) => sum + score, 0);

/**
 * What is wrong with the numbers; nothing where they may stand in a ballot.
 *
 * @param {Question} question
 * @param {Scores} scores
 * @returns {Words[]}
 */
export function faultsOf(question, scores) {
  const { least, lowest, highest, together, spendAll } = limitsOf(question);
  if (!scores.size && question.blank) return [];
  const faults = [];
  for (const [id, score] of scores) {
    if (!(score >= lowest && score <= highest)) faults.push(outOfRange(question, id, lowest, highest));
  }
  if (together === null) {
    if (scores.size < least) faults.push(tooFew(least, scores.size));
    return faults;
  }
  const given = sumOf(scores);
  if (given > together) faults.push(tooManyPoints(given - together));
  else if (spendAll ? given < together : !scores.size) faults.push(pointsLeft(together - given, spendAll));
  return faults;
}

/** @param {Question} question @param {string} id @param {number} least @param {number} most @returns {Words} */
function outOfRange({ options }, id, least, most) {
  const title = options.find((option) => option.id === id)?.title;
  return {
    ko: `‘${title?.ko}’에는 ${grouped(least)}부터 ${grouped(most)}까지 줄 수 있습니다.`,
    en: `“${title?.en}” takes numbers from ${grouped(least)} to ${grouped(most)}.`,
  };
}

/** @param {number} least @param {number} count @returns {Words} */
const tooFew = (least, count) => ({
  ko: `${grouped(least)}개 이상 평가해 주십시오. 지금은 ${grouped(count)}개입니다.`,
  en: `Rate at least ${grouped(least)}. You have rated ${grouped(count)}.`,
});

/** @param {number} over @returns {Words} */
const tooManyPoints = (over) => ({
  ko: `나눌 수 있는 점수보다 ${grouped(over)}점을 더 주었습니다.`,
  en: `You have given ${grouped(over)} points more than there are.`,
});

/** @param {number} left @param {boolean} all @returns {Words} */
const pointsLeft = (left, all) => (all
  ? { ko: `남은 ${grouped(left)}점도 나누어 주십시오.`, en: `Give the ${grouped(left)} points that are left, too.` }
  : { ko: '점수를 1점 이상 나누어 주십시오.', en: 'Give at least one point.' });
