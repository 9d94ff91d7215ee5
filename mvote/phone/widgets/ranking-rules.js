/** Answers that put options in order: groups of equal rank, the best first. */

import { NONE, grouped, offered, setting, soMany } from './question.js';
import { tooMany } from './choosing-rules.js';

/** @typedef {import('../app/canonical.js').Json} Json */
/** @typedef {import('./question.js').Question} Question */
/** @typedef {import('./question.js').Words} Words */
/** @typedef {{ least: number, most: number, equal: boolean }} Limits */
/** @typedef {readonly (readonly string[])[]} Groups none of them empty, no id twice */

/** @param {Question} question @returns {Limits} */
export function limitsOf(question) {
  const { config } = question;
  return {
    least: setting(config, 'least') || 1,
    most: setting(config, 'most') || offered(question),
    equal: config.equal === true,
  };
}

/** How the question is answered. @param {Question} question @returns {Words} */
export function describe(question) {
  const { least, most, equal } = limitsOf(question);
  const many = soMany(least, most);
  return {
    ko: `가장 좋은 것부터 ${many.ko} 순위를 매깁니다.${equal ? ' 같은 순위를 줄 수 있습니다.' : ''}`,
    en: `Rank ${many.en}, the best first.${equal ? ' Ranks may be shared.' : ''}`,
  };
}

/** As a ballot holds it. @param {Groups} groups @returns {Json[]} */
export const written = (groups) => groups.map((group) => (group.length === 1 ? group[0] ?? '' : [...group].sort()));

/**
 * The groups of an earlier answer, without what the question does not know.
 *
 * @param {Question} question
 * @param {readonly Json[]} answer
 * @returns {string[][]}
 */
export function groupsOf(question, answer) {
  const left = new Set(question.options.map(({ id }) => id));
  const groups = answer.map((group) => (Array.isArray(group) ? group : [group])
    .filter((id) => typeof id === 'string' && left.delete(id)));
  return /** @type {string[][]} */ (groups).filter((group) => group.length);
}

/**
 * What is wrong with the ranking; nothing where it may stand in a ballot.
 *
 * @param {Question} question
 * @param {Groups} groups
 * @returns {Words[]}
 */
export function faultsOf(question, groups) {
  const { least, most, equal } = limitsOf(question);
  const count = groups.flat().length;
  if (!count) return question.blank ? [] : [tooFew(least, 0)];
  if (question.none && groups.flat().includes(NONE)) return count > 1 ? [NOT_ALONE] : [];
  const faults = [];
  if (!equal && groups.length < count) faults.push(NOT_EQUAL);
  if (count < least) faults.push(tooFew(least, count));
  if (count > most) faults.push(tooMany(most));
  return faults;
}

/** @param {number} least @param {number} count @returns {Words} */
const tooFew = (least, count) => ({
  ko: `${grouped(least)}개 이상 순위를 매겨 주십시오. 지금은 ${grouped(count)}개입니다.`,
  en: `Rank at least ${grouped(least)}. You have ranked ${grouped(count)}.`,
});
const NOT_ALONE = {
  ko: '‘해당 없음’은 다른 선택지와 함께 순위를 매길 수 없습니다.',
  en: '“None of these” cannot be ranked together with other options.',
};
const NOT_EQUAL = { ko: '같은 순위를 줄 수 없습니다.', en: 'Ranks may not be shared.' };

/** @param {Groups} groups @param {string} id */
export const placeOf = (groups, id) => groups.findIndex((group) => group.includes(id));

/** The next rank; “none of these” and the others exclude each other. @param {Question} question @param {Groups} groups @param {string} id */
export function added(question, groups, id) {
  const none = question.none === true;
  if (none && id === NONE) return [[NONE]];
  return [...removed(none ? removed(groups, NONE) : groups, id), [id]];
}

/** @param {Groups} groups @param {string} id */
export const removed = (groups, id) => groups.map((group) => group.filter((one) => one !== id)).filter((group) => group.length);

/**
 * One rank up (-1) or down (1): out of a shared rank to stand alone beside it, or past the
 * neighbouring rank.
 *
 * @param {Groups} groups
 * @param {string} id
 * @param {-1 | 1} by
 */
export function moved(groups, id, by) {
  const place = placeOf(groups, id);
  const alone = groups[place]?.length === 1;
  const target = place + by;
  if (alone && (target < 0 || target >= groups.length)) return groups.map((group) => [...group]);
  const rest = groups.map((group) => group.filter((one) => one !== id));
  if (alone) {
    const without = rest.filter((group) => group.length);
    without.splice(target, 0, [id]);
    return without;
  }
  rest.splice(by < 0 ? place : place + 1, 0, [id]);
  return rest;
}

/** Share the rank above, or no longer share a rank: stand alone below it. @param {Groups} groups @param {string} id */
export function joined(groups, id) {
  const place = placeOf(groups, id);
  if ((groups[place]?.length ?? 0) > 1) return moved(groups, id, 1);
  if (place < 1) return groups.map((group) => [...group]);
  return groups
    .map((group, at) => (at === place - 1 ? [...group, id] : [...group]))
    .filter((_, at) => at !== place);
}
