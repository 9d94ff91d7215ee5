/** Puts widgets on the page for tests, and answers what they ask. */

import { collect } from '../../mvote/phone/widgets/collect.js';
import { askedOf, loadWidgets, makeWidget } from '../../mvote/phone/widgets/index.js';

let widgets = [];
let changes = 0;

export async function show({ questions, language, orders = {}, drafts = {} }) {
  document.documentElement.lang = language;
  await loadWidgets(questions);
  changes = 0;
  widgets = questions.map((question) => makeWidget(question, {
    language, order: orders[question.id], draft: drafts[question.id], onChange: () => { changes += 1; },
  }));
  document.querySelector('h1').textContent = language === 'ko' ? '투표' : 'The poll';
  document.querySelector('main').replaceChildren(document.querySelector('h1'), ...widgets.map(({ element }) => element));
}

const all = (read) => Object.fromEntries(widgets.map((widget) => [widget.question.id, read(widget)]));

Object.assign(globalThis, {
  show,
  answers: () => all((widget) => widget.answer()),
  faults: () => all((widget) => widget.faults()),
  showFaults: () => all((widget) => widget.showFaults()),
  told: () => all((widget) => widget.tell()),
  drafts: () => all((widget) => widget.draft()),
  collected: () => collect(widgets),
  asked: () => askedOf(widgets.map(({ question }) => question), all((widget) => widget.answer())).map(({ id }) => id),
  focusOn: (id) => widgets.find(({ question }) => question.id === id).focus(),
  changes: () => changes,
  ready: true,
});
