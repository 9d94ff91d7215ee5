/**
 * A control for every type of question that a poll can ask.
 *
 *     await loadWidgets(questions);                    // fetches only what these questions need
 *     const widget = makeWidget(question, { language, order, draft, onChange });
 *     page.append(widget.element);
 *     if (widget.showFaults().length) widget.focus();
 *     const { ans, texts } = await collect(widgets);   // collect.js: for makeBallot, and what travels beside it
 *
 * `question` is the JSON of the poll's definition.  A widget shows the title, the picture and
 * how to answer itself, counts aloud, works by keys alone and never needs dragging.  Ask
 * `askedOf` which questions are asked after the answers so far.
 */

/** @typedef {import('./question.js').Json} Json */
/** @typedef {import('./question.js').JsonObject} JsonObject */
/** @typedef {import('./question.js').Language} Language */
/** @typedef {import('./question.js').Question} Question */
/** @typedef {import('./question.js').Words} Words */
/** @typedef {{ answer: Json[], reason: string }} Draft what to keep on the phone and hand over again */

/**
 * @typedef {object} Widget
 * @property {Question} question
 * @property {HTMLElement} element
 * @property {() => Json[]} answer what goes into `ans[question.id]`, `[]` where it is left blank;
 *   of an open text the text itself (`[]` or one text), which `collect` turns into its hash
 * @property {() => string} reason the reason beside the answer, '' where there is none
 * @property {() => string[]} faults sentences; nothing where the ballot may hold the answer
 * @property {() => string[]} showFaults the same, shown at the control too
 * @property {() => string[]} tell the answer in words, line by line, for the review before casting
 * @property {() => Draft} draft
 * @property {() => void} focus moves to the title, where a screen reader reads on
 */

/**
 * What a kind of control is made from; `changed` tells the shell.
 *
 * @typedef {object} Given
 * @property {Question} question
 * @property {Language} language
 * @property {readonly string[]} [order]
 * @property {Json[]} draft
 * @property {number} [heading]
 * @property {() => void} changed
 */

/**
 * @typedef {object} Control
 * @property {import('./parts.js').Frame} parts
 * @property {() => Json[]} answer
 * @property {() => Words[]} faults
 * @property {() => string[]} tell
 * @property {() => HTMLElement | null | undefined} first what is mended first
 */

/** @typedef {(given: Given) => Control} Maker */

/** The module and its function for every type; `widget` is the name that the core has for it. */
/** @type {Record<string, { widget: string, load: () => Promise<Maker> }>} */
export const WIDGETS = {
  'yes-no': { widget: 'two-buttons', load: async () => (await import('./choosing.js')).makeButtons },
  statement: { widget: 'statement-card', load: async () => (await import('./choosing.js')).makeButtons },
  'single-choice': { widget: 'radio-list', load: async () => (await import('./choosing.js')).makeList },
  'multiple-choice': { widget: 'check-list', load: async () => (await import('./choosing.js')).makeList },
  budget: { widget: 'budget-list', load: async () => (await import('./budget.js')).makeBudget },
  ranking: { widget: 'ranking-list', load: async () => (await import('./ranking.js')).makeRanking },
  rating: { widget: 'rating-list', load: async () => (await import('./rating.js')).makeRating },
  matrix: { widget: 'matrix-table', load: async () => (await import('./rating.js')).makeMatrix },
  points: { widget: 'points-list', load: async () => (await import('./points.js')).makePoints },
  number: { widget: 'number-field', load: async () => (await import('./number.js')).makeNumber },
  'open-text': { widget: 'text-area', load: async () => (await import('./text.js')).makeText },
};

/** @type {Map<string, Maker>} */
const makers = new Map();
/** @type {typeof import('./text.js') | null} */
let texts = null;

/**
 * Fetch the controls of these questions, each once.
 *
 * @param {readonly Question[]} questions
 * @throws {TypeError} where a module cannot be fetched, or a question's type is not known
 */
export async function loadWidgets(questions) {
  await Promise.all([
    ...questions.map(async ({ type }) => {
      const known = WIDGETS[type];
      if (!known) throw new TypeError(`no widget for ${type}`);
      if (!makers.has(type)) makers.set(type, await known.load());
    }),
    ...questions.filter(({ reason }) => reason).map(async () => {
      texts ??= await import('./text.js');
    }),
  ]);
}

/**
 * The control of one question, whose type was loaded.
 *
 * @param {Question} question
 * @param {object} given
 * @param {Language} given.language
 * @param {readonly string[]} [given.order] ids of options as they are shown
 * @param {Draft | Json[] | null} [given.draft] an earlier answer
 * @param {() => void} [given.onChange]
 * @param {number} [given.heading] the level of the title, 2 where it is missing
 * @returns {Widget}
 */
export function makeWidget(question, { language, order, draft, onChange = () => {}, heading }) {
  const make = makers.get(question.type);
  if (!make) throw new TypeError(`the widget for ${question.type} is not loaded`);
  const earlier = readDraft(draft);
  let shows = false;
  const changed = () => {
    if (shows) tellFaults();
    onChange();
  };
  const control = make({ question, language, order, draft: earlier.answer, heading, changed });
  const reason = question.reason && texts
    ? texts.makeReason({ language, draft: earlier.reason, changed })
    : null;
  if (reason) control.parts.element.append(reason.element);
  const faults = () => [...control.faults(), ...(reason?.faults() ?? [])].map((said) => said[language]);
  const tellFaults = () => {
    control.parts.tellFaults(control.faults().map((said) => said[language]));
    reason?.tellFaults();
  };
  return {
    question,
    element: control.parts.element,
    answer: control.answer,
    reason: () => reason?.value() ?? '',
    faults,
    showFaults() {
      shows = true;
      tellFaults();
      return faults();
    },
    tell: control.tell,
    draft: () => ({ answer: control.answer(), reason: reason?.draft() ?? '' }),
    focus() {
      (shows && control.faults().length ? control.first() ?? control.parts.title : control.parts.title).focus();
    },
  };
}

/** @param {Draft | Json[] | null | undefined} draft @returns {Draft} */
function readDraft(draft) {
  if (Array.isArray(draft)) return { answer: draft, reason: '' };
  const answer = Array.isArray(draft?.answer) ? draft.answer : [];
  return { answer, reason: typeof draft?.reason === 'string' ? draft.reason : '' };
}

/**
 * The questions that are asked of a voter who gave these answers (by question id; answers to
 * questions that are not asked do not count).
 *
 * @param {readonly Question[]} questions
 * @param {Readonly<Record<string, readonly Json[]>>} answers
 * @returns {Question[]}
 */
export function askedOf(questions, answers) {
  /** @type {Set<string>} */
  const asked = new Set();
  return questions.filter(({ id, only_if: condition }) => {
    const given = condition && asked.has(condition.question) ? answers[condition.question] ?? [] : [];
    const is = !condition || given.some((one) => typeof one === 'string' && condition.any_of.includes(one));
    if (is) asked.add(id);
    return is;
  });
}
