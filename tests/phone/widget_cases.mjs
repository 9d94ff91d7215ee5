/** What the tests ask of the rules behind the widgets; no page is needed. */

import * as choosing from '../../mvote/phone/widgets/choosing-rules.js';
import { WIDGETS, askedOf } from '../../mvote/phone/widgets/index.js';
import { holds } from '../../mvote/phone/widgets/long-list.js';
import * as numbers from '../../mvote/phone/widgets/number-rules.js';
import * as ranking from '../../mvote/phone/widgets/ranking-rules.js';
import * as scoring from '../../mvote/phone/widgets/scoring-rules.js';
import * as texts from '../../mvote/phone/widgets/text-rules.js';

/** By type: the module that holds its rules, and how an answer becomes what the rules take. */
const set = { rules: choosing, read: (_, answer) => answer, write: (ids) => [...ids].sort() };
const scored = { rules: scoring, read: scoring.scoresOf, write: scoring.written };
const RULES = {
  'yes-no': set, statement: set, 'single-choice': set, 'multiple-choice': set, budget: set,
  rating: scored, matrix: scored, points: scored,
  ranking: { rules: ranking, read: ranking.groupsOf, write: ranking.written },
  number: { rules: numbers, read: (_, [value = null]) => value, write: (value) => (value === null ? [] : [value]) },
};

const cases = {
  widgets: () => Object.fromEntries(Object.entries(WIDGETS).map(([type, { widget }]) => [type, widget])),

  /** The limits of a question and how it is described. */
  told({ question }) {
    const { rules } = RULES[question.type] ?? { rules: texts };
    return { limits: rules.limitsOf(question), words: rules.describe(question) };
  },

  /** By answer: what is wrong with it, and how the widget would write it. */
  judged({ question, answers }) {
    const { rules, read, write } = RULES[question.type];
    return answers.map((answer) => {
      const given = read(question, answer);
      return { faults: rules.faultsOf(question, given), written: write(given) };
    });
  },

  texts: ({ limits, texts: given }) => given.map((one) => {
    const text = texts.tidy(one);
    return { text, length: texts.lengthOf(text), faults: texts.faultsOf(text, limits).length };
  }),

  numbers: ({ typed, decimals }) => typed.map((one) => {
    const value = numbers.parseNumber(one, decimals);
    return Number.isNaN(value) ? null : [value, numbers.spell(value, decimals)];
  }),

  moves({ groups, steps }) {
    return steps.reduce((now, [name, id, by]) => ranking[name](now, id, by), groups);
  },

  chosen: ({ question, ids, taps }) => taps.reduce((now, id) => choosing.withChoice(question, now, id, true), ids),
  holds: ({ text, queries }) => queries.map((query) => holds(text, query)),
  asked: ({ questions, answers }) => answers.map((one) => askedOf(questions, one).map(({ id }) => id)),
};

export async function run(calls) {
  return Promise.all(calls.map(async ([name, given]) => ({ value: await cases[name](given) })));
}
