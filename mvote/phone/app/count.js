/**
 * Counting by one choice, by approval, and of a budget by votes.
 *
 * Written from the descriptions of the methods; no line is shared with the server.  Any
 * other method is refused with `not-recounted`, never guessed at.
 */

import { Refusal } from './refusal.js';
import { WHY, greedyWords, pluralityWords } from './sentences.js';

/** @typedef {import('./canonical.js').JsonObject} JsonObject */
/** @typedef {import('./poll.js').Question} Question */
/** @typedef {import('./ties.js').Tie} Tie */
/** @typedef {import('./ties.js').TieRule} TieRule */

/** How often a set of options was chosen. @typedef {{ chosen: string[], times: number }} Group */
/** @typedef {{ ballots: number, blank: number, valid: number, totals: Map<string, number> }} Sums */

const VERSION = 1;

/** @type {Record<string, (question: Question, sums: Sums, ties: TieRule) => Promise<JsonObject>>} */
const METHODS = {
  plurality: mostVotes,
  approval: mostVotes,
  'budget-greedy': (question, sums, ties) => greedy(question, sums, ties, true),
  'budget-greedy-no-skip': (question, sums, ties) => greedy(question, sums, ties, false),
};

/**
 * Whether this module counts by the method in this version.
 *
 * @param {string} method
 * @param {unknown} version
 */
export const counts = (method, version) => Object.hasOwn(METHODS, method) && version === VERSION;

/**
 * Count one question.
 *
 * @param {Question} question
 * @param {Iterable<Group>} groups
 * @param {TieRule} ties
 * @returns {Promise<JsonObject>} the outcome as a result spells it
 * @throws {Refusal} `not-recounted`
 */
export async function count(question, groups, ties) {
  const method = METHODS[question.method];
  if (!method) throw new Refusal('not-recounted', { what: question.method });
  return method(question, addUp(question, groups), ties);
}

/** @param {Question} question @param {Iterable<Group>} groups @returns {Sums} */
function addUp(question, groups) {
  const totals = new Map(question.options.map(({ id }) => [id, 0]));
  let [ballots, blank] = [0, 0];
  for (const { chosen, times } of groups) {
    ballots += times;
    if (!chosen.length) blank += times;
    for (const option of chosen) totals.set(option, (totals.get(option) ?? 0) + times);
  }
  return { ballots, blank, valid: ballots - blank, totals };
}

/**
 * Groups of equal totals, the highest first, each in the order of the question.
 *
 * @param {Map<string, number>} totals
 */
function ranked(totals) {
  /** @type {Map<number, string[]>} */
  const groups = new Map();
  for (const [option, total] of totals) groups.set(total, [...(groups.get(total) ?? []), option]);
  return [...groups].sort(([one], [other]) => other - one);
}

/** @param {Question} question @returns {string[]} */
function withdrawn({ countingOptions }) {
  return /** @type {string[]} */ (countingOptions.withdrawn ?? []);
}

/** @param {Question} question @param {Sums} sums @param {TieRule} ties */
async function mostVotes(question, sums, ties) {
  const gone = withdrawn(question);
  const standing = [...sums.totals].filter(([option, votes]) => votes && !gone.includes(option));
  const { winners, tie } = await fill(question, new Map(standing), ties);
  const votes = winners.map((one) => sums.totals.get(one) ?? 0);
  const { valid } = sums;
  const words = pluralityWords(question, { valid, votes, winners, tie, label: ties.label });
  return outcome(question, sums, winners, tie ? [tie] : [], [], words);
}

/**
 * Give the seats to whole groups from the top; the one group that does not fit is the tie.
 *
 * @param {Question} question
 * @param {Map<string, number>} votes
 * @param {TieRule} ties
 */
async function fill(question, votes, ties) {
  const seats = Number(question.countingOptions.seats) || 1;
  /** @type {string[]} */
  const winners = [];
  for (const [, group] of ranked(votes)) {
    const room = seats - winners.length;
    if (!room) break;
    if (group.length > room) {
      const order = (await ties.order(question, group)) ?? [];
      const tie = { options: group, place: winners.length + 1, rule: ties.used, order };
      return { winners: [...winners, ...order.slice(0, room)], tie };
    }
    winners.push(...group);
  }
  return { winners, tie: null };
}

/** The money left, and what became of every project. */
class Purse {
  /** @param {Question} question @param {boolean} skips */
  constructor(question, skips) {
    this.question = question;
    this.skips = skips;
    this.left = Number(question.countingOptions.budget);
    this.ended = false;
    /** @type {JsonObject[]} */
    this.rounds = [];
    /** @type {string[]} */
    this.winners = [];
    /** @type {Tie[]} */
    this.ties = [];
    this.costs = new Map(question.options.map(({ id, cost }) => [id, cost ?? 0]));
    this.gone = withdrawn(question);
  }

  /** @param {string} option */
  cost(option) {
    return this.costs.get(option) ?? 0;
  }

  /** Why a project is passed over whatever it costs. @param {string} option */
  barred(option) {
    if (this.gone.includes(option)) return 'withdrawn';
    return this.ended ? 'after-the-end' : null;
  }

  /** Those of a group that stand for the same money. @param {string[]} group */
  rivals(group) {
    return group.filter((one) => !this.barred(one) && (!this.skips || this.cost(one) <= this.left));
  }

  /** @param {string[]} rivals @param {TieRule} ties */
  async inOrder(rivals, ties) {
    const costs = rivals.map((one) => this.cost(one));
    const all = costs.reduce((sum, cost) => sum + cost, 0);
    if (rivals.length < 2 || Math.min(...costs) > this.left || all <= this.left) return rivals;
    const order = await ties.order(this.question, rivals);
    const place = this.winners.length + 1;
    this.ties.push({ options: rivals, place, rule: ties.used, order: order ?? [] });
    return order;
  }

  /**
   * Fund one project, or say why not.
   *
   * @param {string} option
   * @param {number} total
   * @param {string | null} decided
   */
  step(option, total, decided) {
    const cost = this.cost(option);
    let result = decided ?? this.barred(option);
    if (!result && cost > this.left) {
      result = 'too-dear';
      this.ended = !this.skips;
    }
    result ??= 'taken';
    if (result === 'taken') {
      this.left -= cost;
      this.winners.push(option);
    }
    const why = { .../** @type {import('./poll.js').Words} */ (WHY[result]) };
    this.rounds.push({ option, total: String(total), result, why, cost, left: this.left });
  }
}

/** @param {Question} question @param {Sums} sums @param {TieRule} ties @param {boolean} skips */
async function greedy(question, sums, ties, skips) {
  const purse = new Purse(question, skips);
  const least = question.countingOptions.min_votes ?? 1;
  for (const [total, group] of ranked(sums.totals)) {
    const enough = total >= Number(least);
    const rivals = enough ? purse.rivals(group) : [];
    const order = await purse.inOrder(rivals, ties);
    const others = group.filter((one) => !rivals.includes(one));
    for (const one of [...(order ?? rivals), ...others]) {
      const tied = order === null && rivals.includes(one) ? 'tied' : null;
      purse.step(one, total, tied ?? (enough ? null : 'too-few-votes'));
    }
    if (order === null) purse.ended = true;
  }
  const { left, winners } = purse;
  const words = greedyWords(question, {
    valid: sums.valid, budget: Number(question.countingOptions.budget), left,
    chosen: winners.length, skips, ties: purse.ties, label: ties.label,
  });
  return outcome(question, sums, winners, purse.ties, purse.rounds, words);
}

/**
 * @param {Question} question
 * @param {Sums} sums
 * @param {string[]} winners
 * @param {Tie[]} ties
 * @param {JsonObject[]} rounds
 * @param {import('./poll.js').Words} words
 * @returns {JsonObject}
 */
function outcome(question, { ballots, valid, blank, totals }, winners, ties, rounds, words) {
  return {
    method: question.method,
    ballots,
    valid,
    blank,
    totals: Object.fromEntries([...totals].map(([option, total]) => [option, String(total)])),
    winners,
    ties: ties.map((tie) => ({ ...tie })),
    rounds,
    explanation: { ...words },
  };
}
