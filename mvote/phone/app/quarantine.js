/**
 * What the permits that a poll counts apart come to, beside a result that holds every ballot.
 *
 * Where ballots are secret nobody knows which they are, so their number is held against how
 * narrow the outcome is.
 */

import { fault, list, object, record, whole } from './exact.js';
import { RULES, readRules } from './poll.js';

/** @typedef {import('./canonical.js').Json} Json */
/** @typedef {import('./canonical.js').JsonObject} JsonObject */
/** @typedef {import('./poll.js').Poll} Poll */
/** @typedef {import('./poll.js').Question} Question */
/** @typedef {import('./poll.js').Words} Words */
/** @typedef {{ counts: Record<string, number>, released: Set<string> }} Apart */

const BY_TOTALS = ['plurality', 'approval'];

/** @type {{ no: Words, possible: Words, unknown: Words }} */
const SENTENCES = {
  no: {
    ko: '따로 표시한 표를 빼고 세어도 결과는 같습니다.',
    en: 'Without the ballots that are counted apart the result would be the same.',
  },
  possible: {
    ko: '따로 표시한 표를 빼고 세면 결과가 달라질 수도 있습니다. 어느 표인지는 알 수 없거나 밝히지 않습니다.',
    en: 'Without the ballots that are counted apart the result could be another; which they are is not known, or not told.',
  },
  unknown: {
    ko: '따로 표시한 표를 빼고 세면 결과가 달라지는지는 알 수 없습니다.',
    en: 'Whether the result would be another without the ballots that are counted apart cannot be said.',
  },
};

/**
 * What two officials decided about one rule, as a note says.
 *
 * @param {Json | undefined} value
 * @throws {import('./refusal.js').Refusal} `malformed`
 */
export function readRelease(value) {
  const { rule, released } = record(object(value, 'quarantine'), 'quarantine', ['rule', 'released']);
  if (typeof rule !== 'string' || !RULES.includes(rule)) fault('rule');
  if (typeof released !== 'boolean') fault('released');
  return { rule: String(rule), released: released === true };
}

/**
 * How many permits are counted under each rule, as the last entry of a board says.
 *
 * @param {Json | undefined} value
 * @throws {import('./refusal.js').Refusal} `malformed`
 */
export function readCounts(value) {
  const fields = record(object(value, 'quarantine'), 'quarantine', [], RULES);
  return Object.fromEntries(Object.keys(fields).map((rule) => [rule, whole(fields, rule)]));
}

/**
 * Whether a board says a number for each rule of its poll, and no more than were issued.
 *
 * @param {Record<string, number> | null} counts
 * @param {string[]} rules
 * @param {number} issued
 */
export function fits(counts, rules, issued) {
  if (!rules.length || counts === null) return !rules.length && counts === null;
  const named = Object.keys(counts).sort().join() === [...rules].sort().join();
  return named && Object.values(counts).reduce((sum, one) => sum + one, 0) <= issued;
}

/**
 * What stands beside the result.
 *
 * @param {Poll} poll
 * @param {Apart} apart
 * @param {Map<string, JsonObject>} outcomes
 * @param {{ voters: number, isQuorumMet: (voters: number) => boolean, share: { numerator: number, denominator: number } | null }} rule
 * @returns {JsonObject}
 */
export function tell({ definition, questions }, { counts, released }, outcomes, rule) {
  const rules = readRules(definition).map((name) => ({
    rule: name, permits: counts[name] ?? 0, released: released.has(name),
  }));
  const held = rules.reduce((sum, one) => sum + (one.released ? 0 : one.permits), 0);
  const most = Math.min(held, rule.voters);
  const changes = most ? mayChange(questions, outcomes, most, rule) : 'no';
  return { rules, held, changes, words: { ...SENTENCES[changes] } };
}

/**
 * Whether `most` ballots less, whichever they are, could make it another result.
 *
 * @param {Question[]} questions
 * @param {Map<string, JsonObject>} outcomes
 * @param {number} most
 * @param {{ voters: number, isQuorumMet: (voters: number) => boolean, share: { numerator: number, denominator: number } | null }} rule
 */
function mayChange(questions, outcomes, most, { voters, isQuorumMet, share }) {
  if (isQuorumMet(voters) !== isQuorumMet(voters - most)) return 'possible';
  const found = questions.map((one) => narrow(one, object(outcomes.get(one.id), 'outcome'), most, share));
  if (found.includes('possible')) return 'possible';
  return found.includes('unknown') ? 'unknown' : 'no';
}

/**
 * @param {Question} question
 * @param {JsonObject} outcome
 * @param {number} most
 * @param {{ numerator: number, denominator: number } | null} share
 */
function narrow(question, outcome, most, share) {
  if (!BY_TOTALS.includes(question.method)) return 'unknown';
  const gone = /** @type {string[]} */ (question.countingOptions.withdrawn ?? []);
  const [winners, totals] = [list(outcome.winners, 'winners'), object(outcome.totals, 'totals')];
  /** @type {number[]} */
  const won = [];
  const lost = [0];
  for (const { id } of question.options) {
    if (!gone.includes(id)) (winners.includes(id) ? won : lost).push(Number(totals[id]));
  }
  if (!won.length) return lost.some(Boolean) ? 'possible' : 'no';
  if (Math.min(...won) - Math.max(...lost) <= most) return 'possible';
  const valid = whole(outcome, 'valid');
  return share && won.some((votes) => crosses(votes, valid, most, share)) ? 'possible' : 'no';
}

/**
 * Whether some `most` ballots decide on which side of the threshold the votes lie.
 *
 * @param {number} votes
 * @param {number} valid
 * @param {number} most
 * @param {{ numerator: number, denominator: number }} share
 */
function crosses(votes, valid, most, { numerator, denominator }) {
  /** @param {number} some @param {number} all */
  const isBeyond = (some, all) => BigInt(some) * BigInt(denominator) > BigInt(numerator) * BigInt(all);
  if (isBeyond(votes, valid)) return !isBeyond(votes - most, valid - most);
  return isBeyond(votes, Math.max(valid - most, votes));
}
