/** The phone check: a number, a code by SMS that fills itself in where the phone can. */

import { button, el } from '../widgets/parts.js';
import { Refused, ask, now, understood } from '../state/api.js';
import { enterCode, requestCode } from '../state/identity.js';
import * as store from '../state/store.js';
import { go } from '../shell/router.js';
import { show, tell } from '../shell/frame.js';
import { inWords, language, say, span } from '../words/index.js';
import { field, form, sentenceOf, tick } from './form.js';
import { openCity, openPoll, pathOf } from './voting.js';

/** @typedef {import('../shell/frame.js').Screen['crumb']} Crumb */
/** @typedef {{ base: string, to: string, number: string, crumb: Crumb, consent?: { version: number, title: string, text: string } }} Asking */
/** @typedef {{ check: string, expiresIn: number, resendIn: number }} Sent */

const DIGITS = 6;
const ASKED = 'check'; // the code that was asked for: many leave the page to read the message

/** Before voting in a poll. @type {import('../shell/router.js').Show} */
export async function showCheck(place) {
  const { poll } = await openPoll(place);
  return firstScreen({ base: poll.base, to: pathOf(poll.frozen.id, 'ballot'), number: '', crumb: { href: pathOf(poll.frozen.id), label: inWords(poll.head.title) } });
}

/** Before entering a room, or from elsewhere in the app. @type {import('../shell/router.js').Show} */
export async function showSignIn({ query }) {
  const { base } = await openCity();
  const to = query.get('to') ?? '';
  return firstScreen({ base, to: to.startsWith('/app/') ? to : '/app/', number: '', crumb: { href: '/app/', label: say('toPolls') } });
}

/** The number, or the code where one is under way. @param {Asking} asking */
async function firstScreen(asking) {
  const held = await store.get(ASKED).catch(() => null);
  if (!held || held.asking.base !== asking.base || held.until <= now()) return numberScreen(asking);
  const sent = { check: held.check, expiresIn: inSeconds(held.until), resendIn: inSeconds(held.again) };
  return codeScreen({ ...held.asking, to: asking.to, crumb: asking.crumb }, sent);
}

/** @param {number} moment by the server's clock */
const inSeconds = (moment) => Math.max(0, Math.ceil((moment - now()) / 1000));

/** @param {Asking} asking @returns {import('../shell/frame.js').Screen} */
function numberScreen(asking) {
  const number = field(say('number'), { type: 'tel', inputmode: 'tel', autocomplete: 'tel', name: 'tel', value: asking.number }, say('numberHint'));
  const { consent } = asking;
  const agree = consent ? tick(say('agree')) : null;
  const sending = form({
    fields: agree ? [number, agree] : [number], label: say('sendCode'),
    wrong: (refused) => refused.code === 'number-not-valid' && told(number, refused),
    async send() {
      number.tell('');
      const asked = { ...asking, number: number.input.value.trim() };
      if (!asked.number) return number.tell(say('numberMissing'));
      if (agree && !agree.input.checked) return agree.tell(say('agreeMissing'));
      await sendCode(asked);
    },
  });
  return {
    title: say('signInTitle'),
    crumb: asking.crumb,
    body: [
      el('p', {}, say('signInWhy')),
      consent && el('section', { class: 'panel' }, el('h2', {}, consent.title), ...consent.text.split('\n').map((line) => el('p', {}, line))),
      sending,
      el('p', { class: 'quiet small' }, say('fateNothing')),
    ],
  };
}

/** @param {{ tell: (said: string) => void }} at @param {Refused} refused */
function told(at, refused) {
  at.tell(inWords(refused.sentence));
  return true;
}

/** @param {Asking} asking */
async function sendCode(asking) {
  try {
    show(codeScreen(asking, await request(asking)));
  } catch (error) {
    if (!(error instanceof Refused) || !['consent-needed', 'consent-outdated'].includes(error.code)) throw error;
    show(numberScreen({ ...asking, consent: await findConsent(asking.base) }));
  }
}

/** @param {Asking} asking @returns {Promise<Sent>} */
async function request(asking) {
  const { base, number, consent } = asking;
  const sent = await requestCode(base, { number, language: language(), ...(consent && { consent: consent.version }) });
  const [until, again] = [sent.expiresIn, sent.resendIn].map((seconds) => now() + 1000 * seconds);
  await store.put(ASKED, { asking, check: sent.check, until, again }).catch(() => {}); // the page has it
  return sent;
}

const forget = () => store.remove(ASKED).catch(() => {});

/** @param {string} base */
async function findConsent(base) {
  const answer = await ask('/consent-texts', { base });
  return understood(() => {
    const text = answer.items.find((/** @type {any} */ one) => one.purpose === 'identification');
    return { version: text.version, title: inWords(text.title), text: inWords(text.text) };
  });
}

/** @param {Asking} asking @param {Sent} sent @returns {import('../shell/frame.js').Screen} */
function codeScreen(asking, sent) {
  const state = { sent };
  const code = field(say('code'), {
    inputmode: 'numeric', autocomplete: 'one-time-code', name: 'one-time-code', maxlength: DIGITS, pattern: `[0-9]{${DIGITS}}`,
  }, say('codeHint', { minutes: span(1000 * sent.expiresIn) }));
  const filling = new AbortController();
  const entering = form({
    fields: [code], label: say('enter'),
    wrong: (refused) => refused.code === 'code-wrong' && told(code, refused),
    async send() {
      const digits = code.input.value.replace(/\D/g, '');
      if (digits.length !== DIGITS) return code.tell(say('codeMissing'));
      code.tell('');
      await enterCode(asking.base, state.sent.check, digits);
      filling.abort();
      await forget();
      await go(asking.to, { replace: true });
    },
  });
  code.input.addEventListener('input', () => {
    if (code.input.value.replace(/\D/g, '').length === DIGITS) entering.requestSubmit();
  });
  fillIn(code.input, entering, filling.signal);
  return {
    title: say('codeTitle'),
    crumb: asking.crumb,
    body: [
      el('p', {}, say('codeSent', { number: asking.number })),
      entering,
      helpWithout(asking, state),
      el('p', { class: 'quiet small' }, say('fateNothing')),
    ],
  };
}

/** Where no message comes. @param {Asking} asking @param {{ sent: Sent }} state */
function helpWithout(asking, state) {
  const said = el('p', { role: 'status' });
  const again = button({ class: 'second', click: async () => {
    if (again.getAttribute('aria-disabled') === 'true') return;
    again.setAttribute('aria-disabled', 'true');
    try {
      state.sent = await request(asking);
      tell(say('resent'));
      said.textContent = say('resent');
      pause();
    } catch (error) {
      said.textContent = sentenceOf(error);
      again.removeAttribute('aria-disabled');
    }
  } }, say('resend'));
  const other = button({ class: 'plain', click: () => {
    forget();
    show(numberScreen(asking));
  } }, say('otherNumber'));
  const pause = () => {
    let left = state.sent.resendIn;
    const draw = () => {
      again.textContent = left > 0 ? say('resendIn', { seconds: left }) : say('resend');
      if (left > 0) again.setAttribute('aria-disabled', 'true');
      else again.removeAttribute('aria-disabled');
    };
    const timer = setInterval(() => {
      left -= 1;
      draw();
      if (left <= 0 || !again.isConnected) clearInterval(timer);
    }, 1000);
    draw();
  };
  pause();
  return el('details', {}, el('summary', {}, say('noSms')), el('p', {}, say('noSmsHelp')),
    el('p', { class: 'buttons' }, again, other), said);
}

/**
 * Read the code out of the message where the browser can (WICG WebOTP); else the keyboard offers it.
 *
 * @param {HTMLInputElement} input
 * @param {HTMLFormElement} entering
 * @param {AbortSignal} signal
 */
async function fillIn(input, entering, signal) {
  if (!('OTPCredential' in globalThis)) return;
  try {
    const found = await navigator.credentials.get(/** @type {any} */ ({ otp: { transport: ['sms'] }, signal }));
    const code = /** @type {any} */ (found)?.code;
    if (typeof code !== 'string' || !input.isConnected) return;
    input.value = code;
    entering.requestSubmit();
  } catch {
    // no message came, or the citizen said no: the field is there
  }
}
