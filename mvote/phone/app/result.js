/** The result document, composed anew from what was counted. */

import { KNOWN_TYPES } from './answers.js';
import { count, counts } from './count.js';
import { fault, list, object, text, time, whole } from './exact.js';
import { readWords } from './poll.js';
import { Refusal } from './refusal.js';
import { tell } from './quarantine.js';
import { decisionWords } from './sentences.js';
import { tieRule } from './ties.js';

/** @typedef {import('./canonical.js').Json} Json */
/** @typedef {import('./canonical.js').JsonObject} JsonObject */
/** @typedef {import('./count.js').Group} Group */
/** @typedef {import('./poll.js').Poll} Poll */
/** @typedef {import('./poll.js').Words} Words */
/** @typedef {{ title: Words, votes: string, won: boolean }} CountedOption */
/** @typedef {{ id: string, title: Words, options: CountedOption[] }} Counted */
/** @typedef {import('./ties.js').TieDecision} TieDecision */
/** @typedef {{ eligible: number | null, issued: number, voters: number, ballots: number }} Figures */

const FRACTION = /^-?[0-9]+(\/[0-9]+)?$/;

/**
 * What the chair decided about ties, as a published result says.
 *
 * @param {JsonObject} claimed
 * @returns {TieDecision[]}
 * @throws {Refusal} `malformed`
 */
export function readTieDecisions(claimed) {
  return list(claimed.tie_decisions ?? [], 'tie_decisions').map((value) => {
    const fields = object(value, 'tie_decisions');
    const order = list(fields.order, 'order').map(String);
    const decided = time(fields, 'decided_at');
    const reason = readWords(fields.reason);
    return { question: text(fields, 'question'), order, reason: { ...reason }, decided_at: decided };
  });
}

/**
 * Count every question that this module can count.
 *
 * @param {Poll} poll
 * @param {Map<string, Group[]>} groups by question id
 * @param {TieDecision[]} [decisions] of the chair
 * @returns {Promise<Map<string, JsonObject>>} outcomes by question id
 */
export async function recount(poll, groups, decisions = []) {
  const outcomes = new Map();
  for (const question of poll.questions) {
    const known = groups.get(question.id);
    if (!known || !counts(question.method, poll.methods[question.method])) continue;
    try {
      const ties = tieRule(text(poll.decision, 'ties'), poll.ph, decisions);
      outcomes.set(question.id, await count(question, known, ties));
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'not-recounted') throw error;
    }
  }
  return outcomes;
}

/**
 * The count waited for each decision of the chair, in this order; left open where a question
 * is not recounted here.
 *
 * @param {Poll} poll
 * @param {Map<string, Group[]>} groups
 * @param {TieDecision[]} decisions
 * @throws {Refusal} `malformed` for a decision that answers no tie
 */
export async function requireNeeded(poll, groups, decisions) {
  for (const [place, { question, order }] of decisions.entries()) {
    const tie = await waitsFor(poll, groups, decisions.slice(0, place));
    if (tie === 'unknown') return;
    const fits = tie && tie.question === question && equalSets(tie.options, order);
    if (!fits) throw new Refusal('malformed', { field: 'tie_decisions' });
  }
}

/**
 * The tie for which the count waits after these decisions.
 *
 * @param {Poll} poll
 * @param {Map<string, Group[]>} groups
 * @param {TieDecision[]} decisions
 * @returns {Promise<{ question: string, options: string[] } | 'unknown' | null>}
 */
async function waitsFor(poll, groups, decisions) {
  const known = poll.questions.every(({ id, method }) => groups.has(id) && counts(method, poll.methods[method]));
  if (!known) return 'unknown';
  try {
    return (await recount(poll, groups, decisions)).size < poll.questions.length ? 'unknown' : null;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'chair-needed') throw error;
    return /** @type {any} */ (error.params);
  }
}

/** @param {string[]} one @param {string[]} other */
const equalSets = (one, other) => [...one].sort().join('\n') === [...other].sort().join('\n');

/**
 * The document that has to be published.
 *
 * What nobody but the city knows (the times) and the outcomes that were not recounted are
 * taken from the claim.
 *
 * @param {Poll} poll
 * @param {Map<string, JsonObject>} outcomes
 * @param {Figures} figures
 * @param {JsonObject} claimed
 * @param {import('./quarantine.js').Apart | null} [apart] permits that are counted apart
 * @returns {JsonObject}
 * @throws {Refusal} `malformed`
 */
export function compose(poll, outcomes, figures, claimed, apart = null) {
  const { definition } = poll;
  const decisions = readTieDecisions(claimed);
  const all = new Map(poll.questions.map(({ id }, place) => [
    id, outcomes.get(id) ?? claimedOutcome(claimed, place),
  ]));
  return {
    v: 1,
    poll: poll.id,
    ph: poll.ph,
    title: definition.title ?? null,
    kind: definition.kind ?? null,
    level: poll.level,
    department: definition.department ?? null,
    record: definition.record ?? null,
    closed_at: time(claimed, 'closed_at'),
    published_at: time(claimed, 'published_at'),
    eligible: figures.eligible,
    issued: figures.issued,
    voters: figures.voters,
    ballots: figures.ballots,
    superseded: figures.ballots - figures.voters,
    questions: poll.questions.map((question) => ({
      id: question.id,
      type: question.type,
      title: { ...question.title },
      options: question.options.map(({ id, title, cost }) => ({ id, title: { ...title }, cost })),
      counting: question.counting,
      outcome: /** @type {JsonObject} */ (all.get(question.id)),
      ...(KNOWN_TYPES.includes(question.type) ? {} : { config: question.config }),
      ...(question.onlyIf ? { only_if: spelled(question.onlyIf) } : {}),
    })),
    rule: poll.decision,
    decision: decide(poll.decision, all, figures),
    ...(decisions.length ? { tie_decisions: decisions } : {}),
    ...(apart ? { quarantine: tell(poll, apart, all, ruleOf(poll.decision, figures)) } : {}),
  };
}

/** What of the decision permits counted apart could change. @param {JsonObject} rule @param {Figures} figures */
function ruleOf(rule, { voters, eligible }) {
  const [quorum, share] = [readQuorum(rule), readThreshold(rule)];
  return { voters, share, isQuorumMet: (/** @type {number} */ n) => isQuorumMet(quorum, n, eligible) };
}

/** @param {import('./poll.js').OnlyIf} condition @returns {JsonObject} */
const spelled = ({ question, anyOf }) => ({ question, any_of: anyOf });

/** @param {JsonObject} claimed @param {number} place */
function claimedOutcome(claimed, place) {
  return object(object(list(claimed.questions, 'questions')[place], 'questions').outcome, 'outcome');
}

/** @param {JsonObject} rule */
function readQuorum(rule) {
  const quorum = object(rule.quorum, 'quorum');
  const kind = text(quorum, 'kind');
  return { kind, least: kind === 'none' ? 0 : whole(quorum, 'least') };
}

/** @param {JsonObject} rule */
function readThreshold(rule) {
  if (rule.threshold === null) return null;
  const share = object(rule.threshold, 'threshold');
  return { numerator: whole(share, 'numerator'), denominator: whole(share, 'denominator', 1) };
}

/**
 * Apply the frozen rule.
 *
 * @param {JsonObject} rule
 * @param {Map<string, JsonObject>} outcomes
 * @param {Figures} figures
 * @returns {JsonObject}
 */
export function decide(rule, outcomes, { voters, eligible }) {
  const [quorum, threshold] = [readQuorum(rule), readThreshold(rule)];
  const met = isQuorumMet(quorum, voters, eligible);
  /** @type {JsonObject} */
  const thresholdMet = {};
  /** @type {JsonObject} */
  const chosen = {};
  for (const [question, outcome] of outcomes) {
    const passed = winnersBeyond(threshold, outcome);
    thresholdMet[question] = passed.length > 0 || threshold === null;
    chosen[question] = met ? passed : [];
  }
  const weight = whole(rule, 'weight_percent');
  const words = decisionWords(quorum, threshold, weight, { met, voters, eligible });
  return { quorum_met: met, threshold_met: thresholdMet, chosen, words: { ...words } };
}

/**
 * @param {{ kind: string, least: number }} quorum
 * @param {number} voters
 * @param {number | null} eligible
 */
function isQuorumMet({ kind, least }, voters, eligible) {
  if (kind !== 'percent-of-eligible') return voters >= least;
  if (eligible === null) return fault('eligible');
  return voters * 100 >= least * eligible;
}

/**
 * @param {{ numerator: number, denominator: number } | null} threshold
 * @param {JsonObject} outcome
 */
function winnersBeyond(threshold, outcome) {
  const winners = list(outcome.winners, 'winners');
  if (!threshold) return winners;
  const totals = object(outcome.totals, 'totals');
  const needed = BigInt(threshold.numerator) * BigInt(whole(outcome, 'valid'));
  return winners.filter((winner) => {
    const [over, under] = readTotal(totals[String(winner)]);
    return over * BigInt(threshold.denominator) > needed * under;
  });
}

/** `12` or `7/3`. @param {Json | undefined} spelled @returns {[bigint, bigint]} */
function readTotal(spelled) {
  if (typeof spelled !== 'string' || !FRACTION.test(spelled)) return fault('totals');
  const [over, under = '1'] = spelled.split('/');
  return [BigInt(/** @type {string} */ (over)), BigInt(under)];
}

/**
 * The first place where two documents differ, as a path; null where they are equal.
 *
 * @param {Json | undefined} one
 * @param {Json | undefined} other
 * @returns {string | null}
 */
export function difference(one, other) {
  const bothObjects = [one, other].every((value) => value !== null && typeof value === 'object');
  if (!bothObjects || Array.isArray(one) !== Array.isArray(other)) return one === other ? null : '';
  const [left, right] = [/** @type {JsonObject} */ (one), /** @type {JsonObject} */ (other)];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const inner = difference(left[key], right[key]);
    if (inner !== null) return inner ? `${key}.${inner}` : key;
  }
  return null;
}

/**
 * What was counted and chosen, in the words of the poll.
 *
 * @param {Poll} poll
 * @param {Map<string, JsonObject>} outcomes
 * @param {JsonObject} document as `compose` makes it
 * @returns {Counted[]}
 */
export function counted(poll, outcomes, document) {
  const chosen = object(object(document.decision, 'decision').chosen, 'chosen');
  return poll.questions.flatMap(({ id, title, options }) => {
    const outcome = outcomes.get(id);
    if (!outcome) return [];
    const [winners, totals] = [list(chosen[id], 'chosen'), object(outcome.totals, 'totals')];
    const told = options.map((option) => ({
      title: option.title, votes: String(totals[option.id]), won: winners.includes(option.id),
    }));
    return [{ id, title, options: told }];
  });
}
