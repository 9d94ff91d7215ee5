/**
 * What the rules of a poll allow a voter to answer.
 *
 * Questions whose answer is a set of options are held to all their rules.  Of the others only
 * that is checked which holds for every type; `KNOWN_TYPES` says which those are not.
 */

import { unb64u } from './bytes.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./canonical.js').Json} Json */
/** @typedef {import('./canonical.js').JsonObject} JsonObject */
/** @typedef {import('./poll.js').Question} Question */
/** @typedef {Map<string, string[] | null>} Choices by question id; null for what is no choice */

const NONE = 'none';
const REASON = '.reason';

/** @type {Record<string, (question: Question) => { least: number, most: number, cost: number | null }>} */
const LIMITS = {
  'yes-no': () => ({ least: 1, most: 1, cost: null }),
  statement: () => ({ least: 1, most: 1, cost: null }),
  'single-choice': () => ({ least: 1, most: 1, cost: null }),
  'multiple-choice': severalOf,
  budget: (question) => ({ ...severalOf(question), cost: setting(question.config, 'limit') }),
};

export const KNOWN_TYPES = Object.keys(LIMITS);

/** @param {JsonObject} config @param {string} key */
function setting(config, key) {
  const value = config[key];
  return typeof value === 'number' ? value : null;
}

/** @param {Question} question */
function severalOf({ config, options, none }) {
  const offered = options.filter(({ id }) => !(none && id === NONE)).length;
  return { least: setting(config, 'least') || 1, most: setting(config, 'most') || offered, cost: null };
}

/** @param {string} reason @param {string} question @returns {never} */
function refuse(reason, question) {
  throw new Refusal('answer-refused', { reason, question: question.slice(0, 80) });
}

/**
 * Read the answers of a ballot: one to every question that was asked, and no other.
 *
 * @param {readonly Question[]} questions
 * @param {JsonObject} answers
 * @returns {Choices}
 * @throws {Refusal} `answer-refused`, with the reason
 */
export function readAnswers(questions, answers) {
  checkKeys(questions, answers);
  /** @type {Choices} */
  const read = new Map();
  for (const question of questions) {
    const answer = answers[question.id];
    if (isAsked(question, read)) {
      if (answer === undefined) refuse('answer-missing', question.id);
      read.set(question.id, readAnswer(question, answer));
      readReason(question, answers[question.id + REASON]);
    } else if (answer !== undefined || answers[question.id + REASON] !== undefined) {
      refuse('answer-not-asked', question.id);
    }
  }
  return read;
}

/** @param {readonly Question[]} questions @param {JsonObject} answers */
function checkKeys(questions, answers) {
  const known = new Set(questions.map(({ id }) => id));
  for (const { id, reason } of questions) if (reason) known.add(id + REASON);
  for (const name of Object.keys(answers)) if (!known.has(name)) refuse('unknown-question', name);
}

/**
 * Whether the question is asked of a voter who answered so before.
 *
 * @param {Question} question
 * @param {Choices} before
 */
function isAsked({ onlyIf }, before) {
  if (!onlyIf) return true;
  const given = before.get(onlyIf.question) ?? [];
  return given.some((option) => onlyIf.anyOf.includes(option));
}

/** @param {Question} question @param {Json} answer @returns {string[] | null} */
function readAnswer(question, answer) {
  if (!Array.isArray(answer)) return refuse('wrong-answer-type', question.id);
  if (!answer.length && !question.blank) refuse('blank-not-allowed', question.id);
  const limits = LIMITS[question.type];
  if (!limits) return null;
  const chosen = readIds(question, answer);
  if (chosen.length) checkChoice(question, chosen, limits(question));
  return chosen;
}

/** @param {Question} question @param {Json[]} answer */
function readIds(question, answer) {
  const offered = new Set(question.options.map(({ id }) => id));
  /** @type {string[]} */
  const chosen = [];
  for (const id of answer) {
    if (typeof id !== 'string') return refuse('wrong-answer-type', question.id);
    if (!offered.has(id)) refuse('unknown-option', question.id);
    if (chosen.includes(id)) refuse('chosen-twice', question.id);
    chosen.push(id);
  }
  return chosen;
}

/**
 * @param {Question} question
 * @param {string[]} chosen
 * @param {{ least: number, most: number, cost: number | null }} limits
 */
function checkChoice(question, chosen, { least, most, cost }) {
  if (question.none && chosen.includes(NONE)) {
    if (chosen.length > 1) refuse('none-stands-alone', question.id);
    return;
  }
  if (chosen.length < least) refuse('too-few-chosen', question.id);
  if (chosen.length > most) refuse('too-many-chosen', question.id);
  const spent = question.options
    .filter(({ id }) => chosen.includes(id))
    .reduce((sum, option) => sum + (option.cost ?? 0), 0);
  if (cost !== null && spent > cost) refuse('over-budget', question.id);
}

/** A reason is the hash of a text. @param {Question} question @param {Json | undefined} value */
function readReason(question, value) {
  if (value === undefined) return;
  try {
    if (!Array.isArray(value) || value.length !== 1) throw new Refusal('malformed');
    unb64u(value[0], 32);
  } catch {
    refuse('wrong-answer-type', question.id + REASON);
  }
}
