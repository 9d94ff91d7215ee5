/** The page that recounts a vote: files in, a report out, nothing sent. */

import { LABELS } from './app/report.js';
import { verifyBundle } from './app/verify.js';

/** @typedef {import('./app/poll.js').Words} Words */
/** @typedef {import('./app/verify.js').Report} Report */
/** @typedef {'ko' | 'en'} Language */

/** @type {[Words, Words, Words]} by the status of the report */
const VERDICTS = [
  { ko: '이상이 없습니다 (0)', en: 'Sound (0)' },
  { ko: '이상이 있습니다 (1)', en: 'Not sound (1)' },
  { ko: '읽을 수 없습니다 (2)', en: 'Unreadable (2)' },
];
/** @type {[Words, Words]} */
const VERDICT_WORDS = [
  {
    ko: '모든 확인을 통과했습니다. 무엇이 증명되지 않았는지는 맨 아래에 있습니다.',
    en: 'Every check passed. What was not proved stands at the end.',
  },
  {
    ko: '통과하지 못한 확인이 있습니다. 무엇이 어긋나는지는 아래 표에 있습니다.',
    en: 'Some check failed. The table below says which, and why.',
  },
];
/** @type {Record<import('./app/report.js').State, Words>} */
const STATES = {
  passed: { ko: '✓ 통과', en: '✓ Passed' },
  partly: { ko: '◐ 일부만', en: '◐ In part' },
  failed: { ko: '✗ 실패', en: '✗ Failed' },
  skipped: { ko: '– 확인 안 함', en: '– Not checked' },
};
const WORDS = {
  checks: { ko: '확인한 것', en: 'What was checked' },
  check: { ko: '확인', en: 'Check' },
  state: { ko: '결과', en: 'State' },
  details: { ko: '설명', en: 'Details' },
  limits: { ko: '증명되지 않은 것', en: 'What was not proved' },
  poll: { ko: '투표', en: 'Poll' },
  hash: { ko: '투표 해시값', en: 'Hash of the poll' },
  option: { ko: '선택지', en: 'Option' },
  votes: { ko: '다시 센 표', en: 'Votes recounted' },
  won: { ko: '선정', en: 'Chosen' },
  yes: { ko: '예', en: 'Yes' },
  done: { ko: '확인이 끝났습니다.', en: 'The check has ended.' },
  started: { ko: '확인을 시작했습니다.', en: 'The check has begun.' },
  broken: {
    ko: '예상하지 못한 오류로 확인을 마치지 못했습니다.',
    en: 'The check could not be finished because of an unexpected error.',
  },
};

/** @type {Language} */
let language = 'ko';
/** @type {Report | null} */
let shown = null;

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} id */
const input = (id) => /** @type {HTMLInputElement} */ (part(id));

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string | Node[]} content
 * @param {Record<string, string>} [attributes]
 */
function element(tag, content, attributes = {}) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...(typeof content === 'string' ? [content] : content));
  return made;
}

/** @param {Words} words */
const inLanguage = (words) => words[language];

/** @param {Language} chosen */
function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  for (const button of document.querySelectorAll('[data-language]')) {
    const own = button.getAttribute('data-language') === chosen;
    button.setAttribute('aria-pressed', String(own));
  }
  if (shown) render(shown);
}

/** @param {Report} report */
function render(report) {
  shown = report;
  const verdict = part('verdict');
  verdict.textContent = inLanguage(VERDICTS[report.status]);
  verdict.classList.toggle('bad', report.status !== 0);
  const words = report.unreadable ?? VERDICT_WORDS[report.status === 0 ? 0 : 1];
  part('verdict-words').textContent = inLanguage(words);
  part('poll').replaceChildren(...pollFacts(report));
  part('outcomes').replaceChildren(...report.outcomes.map(outcomeTable));
  part('checks').replaceChildren(...(report.checks.length ? [checkTable(report)] : []));
  part('limits').replaceChildren(...limitList(report));
  part('report').hidden = false;
}

/** @param {Report} report */
function pollFacts({ poll }) {
  if (!poll) return [];
  return [
    element('dt', inLanguage(WORDS.poll)), element('dd', inLanguage(poll.title)),
    element('dt', inLanguage(WORDS.hash)), element('dd', poll.ph, { class: 'digest' }),
  ];
}

/** @param {Words[]} heads @param {string} [numbers] the class of the second column */
function headRow(heads, numbers = '') {
  const cells = heads.map((head, place) => element('th', inLanguage(head), {
    scope: 'col', ...(place === 1 && numbers ? { class: numbers } : {}),
  }));
  return element('thead', [element('tr', cells)]);
}

/** @param {Report['outcomes'][number]} outcome */
function outcomeTable({ title, options }) {
  const rows = options.map(({ title: option, votes, won }) => element('tr', [
    element('th', inLanguage(option), { scope: 'row' }),
    element('td', votes, { class: 'number' }),
    element('td', won ? inLanguage(WORDS.yes) : ''),
  ], won ? { class: 'won' } : {}));
  const head = headRow([WORDS.option, WORDS.votes, WORDS.won], 'number');
  const table = element('table', [
    element('caption', inLanguage(title)), head, element('tbody', rows),
  ]);
  return element('div', [table], { class: 'scroll' });
}

/**
 * On a phone its cells stand below one another, so the roles of a table are said.
 *
 * @param {Report} report
 */
function checkTable({ checks }) {
  const rows = checks.map(({ code, state, words }) => element('tr', [
    element('th', [
      document.createTextNode(`${inLanguage(/** @type {Words} */ (LABELS[code]))} `),
      element('code', code),
    ], { scope: 'row', role: 'rowheader' }),
    element('td', inLanguage(STATES[state]), { class: 'state', role: 'cell' }),
    element('td', inLanguage(words), { role: 'cell' }),
  ], { class: state, role: 'row' }));
  const caption = element('caption', inLanguage(WORDS.checks));
  const head = headRow([WORDS.check, WORDS.state, WORDS.details]);
  const body = element('tbody', rows, { role: 'rowgroup' });
  return element('table', [caption, head, body], { role: 'table' });
}

/** @param {Report} report */
function limitList({ notProved }) {
  if (!notProved.length) return [];
  const items = notProved.map(({ words }) => element('li', inLanguage(words)));
  return [element('h2', inLanguage(WORDS.limits)), element('ul', items)];
}

/** The text of a chosen file; null where none was chosen. @param {string} id */
const textOf = async (id) => (await input(id).files?.[0]?.text()) ?? null;

/** @param {File} bundle */
async function verify(bundle) {
  return verifyBundle(new Uint8Array(await bundle.arrayBuffer()), {
    boardKey: input('board-key').value.trim(),
    receipt: await textOf('receipt'),
    earlierCheckpoint: await textOf('earlier'),
    onProgress: (done) => {
      /** @type {HTMLProgressElement} */ (part('progress')).value = Math.round(100 * done);
    },
  });
}

/** @param {unknown} error @returns {Report} */
function brokenReport(error) {
  console.error(error);
  const words = WORDS.broken;
  return { status: 2, unreadable: words, poll: null, checks: [], notProved: [], outcomes: [] };
}

/** @param {SubmitEvent} event */
async function submitted(event) {
  event.preventDefault();
  const bundle = input('bundle').files?.[0];
  const button = /** @type {HTMLButtonElement} */ (event.submitter ?? document.querySelector('.main'));
  if (!bundle || button.disabled) return;
  button.disabled = true;
  part('working').hidden = false;
  part('report').hidden = true;
  part('said').textContent = inLanguage(WORDS.started);
  render(await verify(bundle).catch(brokenReport));
  part('working').hidden = true;
  button.disabled = false;
  part('said').textContent = inLanguage(WORDS.done);
  part('verdict').focus();
}

const wanted = new URLSearchParams(location.search).get('lang') ?? navigator.language;
speak(wanted.startsWith('ko') ? 'ko' : 'en');
for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () =>
    speak(/** @type {Language} */ (button.getAttribute('data-language'))));
}
part('given').addEventListener('submit', (event) => submitted(/** @type {SubmitEvent} */ (event)));
part('not-started').hidden = true;
part('given').hidden = false;
