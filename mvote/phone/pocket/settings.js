/** Settings: type, language, backup, and push messages for those who want them. */

import { button, el, newId } from '../widgets/parts.js';
import { ask } from '../state/api.js';
import { findFollows } from '../state/follows.js';
import { PushFailed, standing, startPush, stopPush } from '../state/push.js';
import { nameCity, tell } from '../shell/frame.js';
import { draw } from '../shell/router.js';
import { chooseType, isLarge } from '../shell/frame.js';
import { choose, inWords, language } from '../words/index.js';
import { sentenceOf } from '../screens/form.js';
import { paged } from './telling.js';
import { findWords, said } from './words/index.js';

/** @typedef {import('../state/push.js').Standing} Standing */

/**
 * @param {(name: 'ko' | 'en') => void} redraw the frame in another language
 * @returns {import('../shell/router.js').Show}
 */
export const settingsWith = (redraw) => async () => {
  await findWords();
  return {
    title: said('settingsTitle'),
    body: [
      choices(said('type'), [[said('typeNormal'), !isLarge(), () => chooseType(false)], [said('typeLarge'), isLarge(), () => chooseType(true)]]),
      choices(said('languageTitle'), /** @type {['ko' | 'en', string][]} */ ([['ko', '한국어'], ['en', 'English']]).map(([name, label]) =>
        [label, language() === name, async () => { await choose(name); redraw(name); }, name])),
      el('p', {}, el('a', { href: '/app/backup' }, said('backupLink'))),
      el('h2', {}, said('pushTitle')),
      el('p', {}, said('pushWhy')),
      await pushPart(),
      el('p', {}, el('a', { href: paged('/following') }, said('otherWays'))),
    ],
  };
};

/** @param {string} legend @param {[string, boolean, () => unknown, string?][]} given */
function choices(legend, given) {
  const name = newId('choice');
  return el('fieldset', {}, el('legend', {}, legend), el('div', { class: 'choices' }, ...given.map(([label, checked, work, lang]) =>
    el('label', { class: 'choice', lang }, el('input', { type: 'radio', name, checked, change: work }), el('span', {}, label)))));
}

/** @type {Partial<Record<Standing, import('./words/index.js').Key>>} */
const WHY_NOT = { unsupported: 'pushNot', off: 'pushOff', denied: 'pushDenied' };

async function pushPart() {
  const now = await standing().catch(() => /** @type {Standing} */ ('unsupported'));
  const why = WHY_NOT[now];
  if (why) return el('p', { class: 'notice' }, said(why));
  return now === 'on' ? leaving() : starting();
}

function leaving() {
  const trouble = alert();
  const act = once(trouble, said('pushStop'), 'second', async () => {
    await stopPush();
    await draw();
    tell(said('pushStopped'));
  });
  return el('div', {}, el('p', { class: 'notice good' }, said('pushOn')), trouble, el('p', { class: 'buttons' }, act));
}

async function starting() {
  const [topics, trouble] = [await listTopics(), alert()];
  const boxes = topics.map(([topic, label], at) => {
    const input = el('input', { type: 'checkbox', checked: at === 0 });
    return { topic, input, element: el('label', { class: 'choice' }, input, el('span', {}, label)) };
  });
  const act = once(trouble, said('pushStart'), '', async () => {
    const chosen = boxes.filter(({ input }) => input.checked).map(({ topic }) => topic);
    if (!chosen.length) return told(trouble, said('pushNone'));
    const after = await startPush(chosen, language());
    if (after === 'denied') return told(trouble, said('pushDenied'));
    await draw();
    tell(said('pushOn'));
  });
  return el('div', {}, el('div', { class: 'choices' }, ...boxes.map(({ element }) => element)), trouble, el('p', { class: 'buttons' }, act));
}

/** All news, and what is followed: departments and hashtags, never a poll or a record. */
async function listTopics() {
  const [{ items }, city, follows] = await Promise.all([ask('/departments'), ask('/city'), findFollows()]);
  nameCity(city.city);
  const followed = items.filter((/** @type {any} */ one) => follows.departments.includes(one.code));
  return /** @type {[string, string][]} */ ([
    ['all', said('pushAll')],
    ...followed.map((/** @type {any} */ one) => [`department:${one.code}`, inWords(one.name)]),
    ...Object.keys(follows.tags).map((tag) => [`topic:${tag}`, `#${tag}`]),
  ]);
}

const alert = () => el('p', { class: 'notice bad', role: 'alert', hidden: true });

/** @param {HTMLElement} trouble @param {string} words */
function told(trouble, words) {
  trouble.textContent = words;
  trouble.hidden = false;
}

/** A button that works once at a time. @param {HTMLElement} trouble @param {string} label @param {string} kind @param {() => Promise<void>} work */
function once(trouble, label, kind, work) {
  const act = button({ class: kind, click: async () => {
    if (act.getAttribute('aria-disabled') === 'true') return;
    act.setAttribute('aria-disabled', 'true');
    trouble.hidden = true;
    try {
      await work();
    } catch (error) {
      told(trouble, error instanceof PushFailed ? said('pushFailed') : sentenceOf(error));
    } finally {
      act.removeAttribute('aria-disabled');
    }
  } }, label);
  return act;
}
