/**
 * What every screen has on which citizens act: how one takes part, what waits on this phone and
 * what was refused, and a form whose draft is kept.
 */

import { button, el } from '../widgets/parts.js';
import { Refused, Unreachable, ask } from '../state/api.js';
import { SignInNeeded, isSignedIn } from '../state/identity.js';
import { ActedElsewhere, NotOpenYet, findPart, forgetRefused, isWaiting, keepDraft, sendActs, signAct, takePart } from '../state/acts.js';
import { outside } from '../state/hand-over.js';
import { inApp, stay, stays } from '../state/in-app.js';
import { StorageRefused, persist } from '../state/store.js';
import { canSign } from '../state/permits.js';
import { nameCity, show, tell } from '../shell/frame.js';
import { Elsewhere, draw, go, turns } from '../shell/router.js';
import { form, sentenceOf } from '../screens/form.js';
import { openCity } from '../screens/voting.js';
import { inWords, language, say } from '../words/index.js';
import '../words/later.js';
import { findActWords, told } from './words/index.js';

/** @typedef {import('../state/acts.js').About} About */
/** @typedef {import('../state/acts.js').Deed} Deed */
/** @typedef {import('../state/acts.js').Draft} Draft */
/** @typedef {import('../state/acts.js').Made} Made */
/** @typedef {import('../state/acts.js').Part} Part */
/** @typedef {import('../shell/frame.js').Screen} Screen */
/** @typedef {import('../shell/router.js').Place} Place */
/** @typedef {import('./words/index.js').Key} Key */

const CONSENTS = ['consent-needed', 'consent-outdated'];
const DRAFT_PAUSE = 300; // milliseconds after the last sign that was typed

/** @type {Record<string, Key>} */
const ACTS = {
  propose: 'actPropose', support: 'actSupport', 'withdraw-proposal': 'actTakeBack', 'pool-vote': 'actVote',
  'pool-statement': 'actStatement', post: 'actPost', 'withdraw-post': 'actWithdraw', report: 'actReport',
  appeal: 'actAppeal', rate: 'actRate', 'ask-again': 'actAsk',
};

let news = '';
/** The screen on which a citizen asked to take part, by a tap and never by a link; and when. */
let wanted = { path: '', turn: 0 };
const WAY = 2; // screens from the tap back to its screen: proving the number is between them

/**
 * This phone's part in a scope where it has a permit, and else what takes its place on the screen.
 *
 * @param {Place} place
 * @param {string} scope
 * @param {About} about
 * @param {Key} [label] of the button
 * @returns {Promise<{ part: Part | null, gate: HTMLElement | null, tapped: boolean }>} `tapped`:
 *   the permit was taken now, for the button that has this label
 */
export async function enter(place, scope, about, label = 'takePart') {
  const part = await findPart(scope).catch(ignoreNoStorage);
  if (part?.permit) return { part, gate: null, tapped: false };
  const tapped = wanted.path === place.path && turns() <= wanted.turn + WAY && (await isSignedIn());
  wanted.path = '';
  try {
    if (tapped) return { part: await take(place, scope, about), gate: null, tapped };
    return { part: null, gate: await gateOf(place, '', label), tapped };
  } catch (error) {
    if (error instanceof Elsewhere) throw error;
    const trouble = error instanceof NotOpenYet ? told('notOpenYet') : sentenceOf(error);
    return { part: null, gate: await gateOf(place, trouble, label), tapped: false };
  }
}

/** Reading needs no storage; acting does, and says so. @param {unknown} error */
function ignoreNoStorage(error) {
  if (error instanceof StorageRefused) return null;
  throw error;
}

/** @param {Place} place @param {string} scope @param {About} about */
async function take(place, scope, about) {
  persist();
  try {
    const { base } = await openCity();
    return await takePart(scope, base, about);
  } catch (error) {
    const again = error instanceof SignInNeeded || (error instanceof Refused && CONSENTS.includes(error.code));
    if (!again) throw error;
    wanted = { path: place.path, turn: turns() };
    throw new Elsewhere(signInFor(place));
  }
}

/** @param {Place} place */
const signInFor = ({ path }) => `/app/sign-in?to=${encodeURIComponent(path)}`;

/** A tap: the number is proved where it has to be, and the screen is drawn with the permit. @param {Place} place */
async function want(place) {
  wanted = { path: place.path, turn: turns() };
  await ((await isSignedIn()) ? draw() : go(signInFor(place)));
}

/** @param {Place} place @param {string} trouble @param {Key} label */
async function gateOf(place, trouble, label) {
  if (!(await canSign())) {
    return el('div', { class: 'notice warn' }, el('p', {}, told('oldBrowser')), el('p', {}, say('oldWhich')));
  }
  const app = stays() ? null : inApp();
  if (app) return insideApp(app);
  return el('div', { class: 'panel' },
    el('p', {}, told('gateWhy')),
    trouble && el('p', { class: 'fault', role: 'alert' }, trouble),
    el('p', { class: 'buttons' }, wanting(place, label)));
}

/** @param {Place} place @param {Key} label */
function wanting(place, label) {
  const tap = button({ click: () => {
    if (tap.getAttribute('aria-disabled') === 'true') return;
    tap.setAttribute('aria-disabled', 'true');
    want(place);
  } }, told(label));
  return tap;
}

/** A messenger's window forgets. @param {import('../state/in-app.js').InApp} app */
function insideApp(app) {
  const way = outside(new URL(location.pathname, location.origin), app);
  return el('div', { class: 'notice warn' },
    el('p', {}, told('inApp', { app: app.name[language()] })),
    el('p', { class: 'buttons' }, way && el('a', { class: 'button', href: way }, say('inAppOpen')),
      button({ class: 'plain', click: () => { stay(); draw(); } }, told('inAppStay'))));
}

/**
 * What was just done, what waits on this phone, and what was refused.
 *
 * @param {...(Part | null)} parts
 */
export function standing(...parts) {
  const held = parts.filter((part) => part !== null);
  const said = news;
  news = '';
  return el('div', {},
    said && el('p', { class: 'notice good' }, said),
    ...held.flatMap((part) => [waitingOf(part), ...part.deeds.filter(({ refused }) => refused).map((deed) => refusedOf(part, deed))]));
}

/** @param {Part} part */
function waitingOf({ scope, deeds }) {
  const count = deeds.filter(isWaiting).length;
  if (!count) return null;
  const sending = button({ class: 'second', click: async () => {
    sending.setAttribute('aria-disabled', 'true');
    await deliver(scope);
    await draw();
  } }, say('sendNow'));
  return el('div', { class: 'notice warn' }, el('p', {}, told('waiting', { n: count })),
    el('p', { class: 'buttons' }, sending));
}

/** @param {Part} part @param {Deed} deed */
function refusedOf({ scope }, { act, seq, refused }) {
  const name = ACTS[act];
  const read = button({ class: 'plain', click: async () => { await forgetRefused(scope, seq); await draw(); } }, told('readIt'));
  return el('div', { class: 'notice bad' },
    el('p', {}, el('strong', {}, told(refused?.code === 'act-outdated' ? 'notKnown' : 'notTaken', { act: name ? told(name) : act })), ' ', refused && inWords(refused.sentence)),
    el('p', { class: 'buttons' }, read));
}

/**
 * Send what waits; what cannot go now goes by itself later.
 *
 * @param {string} scope
 * @returns {Promise<Part | null>} null: it waits
 */
async function deliver(scope) {
  try {
    return await sendActs(scope);
  } catch (error) {
    dispatchEvent(new Event('mvote-waiting'));
    tell(error instanceof Unreachable ? told('waitsAloud') : sentenceOf(error));
    return null;
  }
}

/**
 * Sign an act, keep it, send it, and say what came of it.
 *
 * @param {string} scope
 * @param {Made} made
 * @param {Key | null} done what is said where it was taken
 * @returns {Promise<{ deed: Deed | null, part: Part | null }>} `part` null: it waits
 * @throws {import('../state/store.js').StorageRefused | ActedElsewhere} nothing was signed
 */
export async function act(scope, made, done) {
  const { seq } = await signAct(scope, made);
  const part = await deliver(scope);
  const deed = part?.deeds.find((one) => one.seq === seq) ?? null;
  news = done && deed && !deed.refused ? told(done) : '';
  if (news) tell(news);
  return { deed, part };
}

/** What is shown where an act was signed and waits: no net is needed for it. @param {string} scope @returns {Promise<Screen>} */
export async function keptScreen(scope) {
  const part = await findPart(scope);
  return {
    title: told('keptTitle'),
    crumb: part ? { href: part.about.path, label: inWords(part.about.title) } : undefined,
    body: [standing(part), el('p', {}, told('keptWhy')), el('p', {}, el('a', { href: '/app/my-part' }, told('partsTitle')))],
  };
}

/**
 * A button that acts and shows the screen anew.
 *
 * @param {string} scope
 * @param {string} label
 * @param {{ kind?: string, made: () => Made, done: Key }} given
 */
export function acting(scope, label, { kind = '', made, done }) {
  const trouble = el('p', { class: 'fault', role: 'alert', hidden: true });
  const doing = button({ class: kind, click: async () => {
    if (doing.getAttribute('aria-disabled') === 'true') return;
    doing.setAttribute('aria-disabled', 'true');
    try {
      const { part } = await act(scope, made(), done);
      if (part) await draw();
      else show(await keptScreen(scope));
    } catch (error) {
      trouble.textContent = sentenceOf(error);
      trouble.hidden = false;
      doing.removeAttribute('aria-disabled');
    }
  } }, label);
  return el('div', {}, trouble, el('p', { class: 'buttons' }, doing));
}

/**
 * A form that is kept while it is written, and sent as one act however often its button is tapped.
 *
 * @param {Part} part
 * @param {object} given
 * @param {string} given.name of its draft
 * @param {{ element: HTMLElement }[]} given.fields
 * @param {() => Draft} given.read what stands in the fields
 * @param {string} given.label
 * @param {() => Made | null} given.made null: something is wrong, and is said
 * @param {(made: Made, send: () => Promise<void>) => Promise<void>} [given.review] what is shown before it is sent
 * @param {Key} given.done
 * @param {(deed: Deed | null) => Promise<void>} given.then where it goes on once it was answered
 * @returns {{ element: HTMLFormElement, leave: () => Promise<void> }}
 */
export function writing(part, { name, fields, read, label, made, review, done, then }) {
  const { scope } = part;
  const sent = sender(scope, { name, seen: part.seq, done });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let isNew = false;
  const keep = async () => {
    clearTimeout(timer);
    if (isNew) await keepDraft(scope, name, read()).catch(() => {}); // it is said where nothing can be kept as it is sent
    isNew = false;
  };
  const send = async (/** @type {Made} */ what) => {
    clearTimeout(timer);
    isNew = false;
    const { deed, part: after } = await sent(what).catch((error) => {
      isNew = true; // it stands in the fields alone
      throw error;
    });
    if (after) await then(deed);
    else show(await keptScreen(scope));
  };
  const element = form({ fields, label, async send() {
    const what = made();
    if (!what) return;
    if (!review) return send(what);
    isNew = true;
    await keep();
    await review(what, () => send(what));
  } });
  element.addEventListener('input', () => {
    isNew = true;
    clearTimeout(timer);
    timer = setTimeout(keep, DRAFT_PAUSE);
  });
  return { element, leave: keep };
}

/**
 * Acts by a form, unless another window acted since this one was drawn; asked once more it does.
 *
 * @param {string} scope
 * @param {{ name: string, seen: number, done: Key }} given
 * @returns {(made: Made) => ReturnType<typeof act>}
 */
function sender(scope, { name, seen, done }) {
  let known = seen;
  return async (made) => {
    try {
      return await act(scope, { ...made, draft: name, seen: known }, done);
    } catch (error) {
      if (!(error instanceof ActedElsewhere)) throw error;
      known = error.seq;
      const sentence = plainly(told('elsewhere'));
      throw new Refused({ status: 409, code: 'acted-elsewhere', sentence, params: {}, retryAfter: null });
    }
  };
}

/** The words of these screens, and the city's zone. @returns {Promise<string>} */
export async function prepare() {
  const [city] = await Promise.all([ask('/city'), findActWords()]);
  nameCity(city.city);
  return city.time_zone;
}

/** A title in a citizen's words, whatever language the reader has. @param {string} title */
export const plainly = (title) => ({ ko: title, en: title });

/** What a citizen wrote, in a language that screen readers are told. @param {'p' | 'span' | 'strong'} tag @param {string} text */
export const written = (tag, text) =>
  el(tag, { class: tag === 'p' ? 'lines' : '', lang: /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]/.test(text) ? 'ko' : 'en' }, text);

/** Where a text is reported, or its author appeals. @param {'report' | 'appeal'} act @param {string} kind @param {string} scope @param {string} item */
export const aboutText = (act, kind, scope, item) => `/app/${act}/${kind}/${scope}/${item}`;
