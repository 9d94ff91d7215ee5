/** A frozen poll, as far as a phone and a recount need to understand it. */

import { hex, sha256, utf8 } from './bytes.js';
import { canonicalText } from './canonical.js';
import { IDENTIFIER, fault, list, matching, object, raw, record, text, time, truth, whole } from './exact.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./canonical.js').Json} Json */
/** @typedef {import('./canonical.js').JsonObject} JsonObject */
/** @typedef {{ ko: string, en: string }} Words */
/** @typedef {{ id: string, title: Words, cost: number | null }} Option */
/** @typedef {{ question: string, anyOf: string[] }} OnlyIf */

/**
 * @typedef {object} Question
 * @property {string} id
 * @property {string} type
 * @property {Words} title
 * @property {Option[]} options
 * @property {JsonObject} config
 * @property {JsonObject} counting `method` and `options`, as they stand in the poll
 * @property {string} method
 * @property {JsonObject} countingOptions
 * @property {boolean} blank
 * @property {boolean} none
 * @property {boolean} reason
 * @property {OnlyIf | null} onlyIf
 */

/**
 * @typedef {object} Poll
 * @property {string} id
 * @property {string} ph
 * @property {string} level
 * @property {boolean} revote
 * @property {Question[]} questions
 * @property {JsonObject} decision
 * @property {Bytes} boardKey
 * @property {number | null} eligible
 * @property {JsonObject} methods
 * @property {JsonObject} definition
 */

/** By which permits may be counted apart. */
export const RULES = ['proof', 'struck', 'revoked-code'];
const [LEAST_SECONDS, MOST_SECONDS] = [60, 7 * 24 * 3600]; // by which outages move a closing
const LEVELS = ['open', 'confidential', 'secret'];

/**
 * Read a frozen definition.
 *
 * @param {Json} value
 * @returns {Promise<Poll>}
 * @throws {import('./refusal.js').Refusal} `malformed`
 */
export async function readPoll(value) {
  const definition = object(value, 'poll');
  whole(definition, 'v', 1, 1);
  const roll = object(definition.roll, 'roll');
  const level = text(definition, 'level');
  if (!LEVELS.includes(level)) fault('level');
  readOutageRule(definition);
  readRules(definition);
  time(definition, 'closes');
  const questions = list(definition.questions, 'questions').map(readQuestion);
  if (new Set(questions.map(({ id }) => id)).size !== questions.length) fault('questions');
  return {
    id: matching(definition, 'poll', IDENTIFIER),
    ph: hex(await sha256(utf8(canonicalText(definition)))),
    level,
    revote: truth(definition, 'revote'),
    questions,
    decision: object(definition.decision, 'decision'),
    boardKey: raw(definition, 'board_key', 32),
    eligible: roll.eligible === null ? null : whole(roll, 'eligible'),
    methods: object(definition.methods, 'methods'),
    definition,
  };
}

/**
 * By how many seconds outages may move the closing of a poll in all; null where they move nothing.
 *
 * @param {JsonObject} definition
 * @throws {import('./refusal.js').Refusal} `malformed`
 */
export function readOutageRule(definition) {
  if (!Object.hasOwn(definition, 'outage')) return null;
  const fields = record(definition.outage, 'outage', ['extend', 'most_seconds']);
  if (fields.extend !== true) fault('outage');
  return whole(fields, 'most_seconds', LEAST_SECONDS, MOST_SECONDS);
}

/**
 * The names of the rules by which a poll counts permits apart; none where it has no rules.
 *
 * @param {JsonObject} definition
 * @returns {string[]}
 * @throws {import('./refusal.js').Refusal} `malformed`
 */
export function readRules(definition) {
  if (!Object.hasOwn(definition, 'quarantine')) return [];
  const rules = list(definition.quarantine, 'quarantine').map((one) => readRule(object(one, 'quarantine')));
  if (!rules.length || new Set(rules).size !== rules.length) fault('quarantine');
  return rules;
}

/** @param {JsonObject} value */
function readRule(value) {
  const fields = record(value, 'quarantine', value.rule === 'proof' ? ['rule', 'below'] : ['rule']);
  const rule = text(fields, 'rule');
  if (!RULES.includes(rule)) fault('rule');
  return rule;
}

/** @param {Json} value @returns {Question} */
function readQuestion(value) {
  const fields = object(value, 'questions');
  const counting = object(fields.counting, 'counting');
  const options = list(fields.options, 'options').map(readOption);
  if (new Set(options.map(({ id }) => id)).size !== options.length) fault('options');
  return {
    id: matching(fields, 'id', IDENTIFIER),
    type: text(fields, 'type'),
    title: readWords(fields.title),
    options,
    config: object(fields.config, 'config'),
    counting,
    method: text(counting, 'method'),
    countingOptions: object(counting.options, 'counting.options'),
    blank: truth(fields, 'blank'),
    none: fields.none === true,
    reason: fields.reason === true,
    onlyIf: fields.only_if === undefined ? null : readOnlyIf(fields.only_if),
  };
}

/** @param {Json} value @returns {Option} */
function readOption(value) {
  const fields = object(value, 'options');
  return {
    id: matching(fields, 'id', IDENTIFIER),
    title: readWords(fields.title),
    cost: fields.cost === undefined ? null : whole(fields, 'cost'),
  };
}

/** @param {Json} value @returns {OnlyIf} */
function readOnlyIf(value) {
  const fields = object(value, 'only_if');
  const anyOf = list(fields.any_of, 'any_of');
  if (!anyOf.every((one) => typeof one === 'string')) fault('any_of');
  return { question: text(fields, 'question'), anyOf: /** @type {string[]} */ (anyOf) };
}

/** @param {Json | undefined} value @returns {Words} */
export function readWords(value) {
  const fields = object(value, 'title');
  return { ko: text(fields, 'ko'), en: text(fields, 'en') };
}
