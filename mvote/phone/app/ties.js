/** What decides between options with equally many votes: the rule that the poll froze. */

import { hex, sha256, utf8 } from './bytes.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./poll.js').Words} Words */
/** @typedef {import('./poll.js').Question} Question */
/** @typedef {(question: Question, tied: string[]) => Promise<string[] | null>} Order */
/**
 * `used` is the name of what orders the tied: without earlier rounds that is the draw.
 *
 * @typedef {{ used: string, label: Words, order: Order }} TieRule
 */
/**
 * What the chair decided, as a result says it.
 *
 * @typedef {object} TieDecision
 * @property {string} question
 * @property {string[]} order
 * @property {{ ko: string, en: string }} reason
 * @property {string} decided_at
 */
/** @typedef {{ options: string[], place: number, rule: string, order: string[] }} Tie */

/** @type {Record<string, Words>} */
const LABELS = {
  listed: {
    ko: '동점은 질문에 적힌 순서로 정합니다.',
    en: 'A tie goes to the option that the question lists first.',
  },
  drawn: {
    ko: '동점은 투표 해시값으로 누구나 다시 확인할 수 있는 추첨으로 정합니다.',
    en: "A tie is decided by a draw from the poll's hash that anyone can repeat.",
  },
  'earlier-round': {
    ko: '동점은 득표가 달랐던 가장 가까운 앞 단계로 정하고, 모든 단계에서 같으면 ' +
      '투표 해시값 추첨으로 정합니다.',
    en: 'The latest earlier round in which they differed decides a tie, and where they ' +
      "never did, a draw from the poll's hash that anyone can repeat.",
  },
  chair: { ko: '동점은 의장이 정합니다.', en: 'The chair decides a tie.' },
  undecided: {
    ko: '동점은 그대로 두며, 동점인 선택지는 선정하지 않습니다.',
    en: 'A tie stays a tie; none of the tied options is chosen.',
  },
};

/**
 * The named rule for one frozen poll, for counts that have one stage only.
 *
 * @param {string} name
 * @param {string} ph
 * @param {TieDecision[]} [decisions] of the chair, as the result claims them
 * @returns {TieRule}
 * @throws {Refusal} `not-recounted` for a rule that needs what no bundle of ours holds
 */
export function tieRule(name, ph, decisions = []) {
  const label = LABELS[name];
  if (!label) throw new Refusal('not-recounted', { what: name });
  const used = name === 'earlier-round' ? 'drawn' : name;
  return { used, label, order: (question, tied) => order(used, ph, decisions, question, tied) };
}

/**
 * By the first decision about all of the tied.
 *
 * @param {TieDecision[]} decisions
 * @param {Question} question
 * @param {string[]} tied
 */
function decided(decisions, question, tied) {
  const found = decisions.find(({ question: id, order: ids }) =>
    id === question.id && tied.every((option) => ids.includes(option)));
  if (!found) throw new Refusal('chair-needed', { question: question.id, options: tied });
  return found.order.filter((option) => tied.includes(option));
}

/**
 * @param {string} name
 * @param {string} ph
 * @param {TieDecision[]} decisions
 * @param {Question} question
 * @param {string[]} tied
 */
async function order(name, ph, decisions, question, tied) {
  if (name === 'undecided') return null;
  if (name === 'chair') return decided(decisions, question, tied);
  if (name === 'listed') return question.options.map(({ id }) => id).filter((id) => tied.includes(id));
  const lots = await Promise.all(
    tied.map(async (option) => ({
      option, lot: hex(await sha256(utf8(`${ph}|${question.id}|${option}`))),
    })),
  );
  return lots.sort((one, other) => (one.lot < other.lot ? -1 : 1)).map(({ option }) => option);
}
