/** The app's own words in the reader's language, times in the city's zone, and which language. */

/** @typedef {import('../app/poll.js').Words} Words */
/** @typedef {'ko' | 'en'} Language */
/** @typedef {keyof typeof import('./ko.js').default | keyof typeof import('./later-ko.js').default} Key */

/** Only the language that is read is fetched. */
const TABLES = {
  ko: () => import('./ko.js'),
  en: () => import('./en.js'),
};
const LANGUAGES = /** @type {Language[]} */ (['ko', 'en']);
const KEPT = 'mvote-language';

/** @type {Language} */
let chosen = 'ko';
/** @type {Record<string, string>} */
let table = {};
/** @type {Record<Language, Record<string, string>>} */
let more = { ko: {}, en: {} };

export const language = () => chosen;

/** What the reader chose: in the address, then earlier, then in the browser; else Korean. */
export function findLanguage() {
  const asked = [new URLSearchParams(location.search).get('lang'), kept(), ...navigator.languages];
  for (const one of asked) {
    const found = LANGUAGES.find((name) => one?.toLowerCase().split('-')[0] === name);
    if (found) return speak(found);
  }
  return speak('ko');
}

/** @param {Language} name */
async function speak(name) {
  table = (await TABLES[name]()).default;
  chosen = name;
  document.documentElement.lang = name;
}

/** Words that came with a screen. @param {typeof more} words */
export function alsoSpeak(words) {
  more = words;
}

/** Speak it from now on, also the next time. @param {Language} name */
export async function choose(name) {
  await speak(name);
  try {
    localStorage.setItem(KEPT, name);
  } catch {
    // it is chosen for this visit
  }
}

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/**
 * The app's words; `{name}` in them is filled in.
 *
 * @param {Key} key
 * @param {Record<string, string | number>} [facts]
 */
export const say = (key, facts = {}) => fill(table[key] ?? more[chosen][key] ?? key, facts);

/** @param {string} text @param {Record<string, string | number>} facts */
export const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => String(facts[name] ?? ''));

/** Words of the city or the server. @param {Words} words */
export const inWords = (words) => words[chosen];

/**
 * A time in the city's zone, to the minute.
 *
 * @param {string} time in UTC
 * @param {string} timeZone
 */
export function moment(time, timeZone) {
  const at = new Date(time);
  /** @type {Intl.DateTimeFormatOptions} */
  const day = { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long', timeZone };
  if (chosen === 'en') {
    const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
    return `${new Intl.DateTimeFormat('en-GB', day).format(at).replace(', ', ' ')}, ${clock.format(at)}`;
  }
  const clock = new Intl.DateTimeFormat('ko-KR', { hour: 'numeric', minute: 'numeric', hour12: true, timeZone });
  const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const spelled = `${parts.dayPeriod} ${parts.hour}시 ${Number(parts.minute)}분`;
  return `${new Intl.DateTimeFormat('ko-KR', day).format(at)} ${spelled}`;
}

/** How long until then, in the largest unit that fits. @param {number} milliseconds */
export function span(milliseconds) {
  const minutes = Math.max(0, Math.ceil(milliseconds / 60_000));
  if (minutes < 120) return say('minutes', { n: minutes });
  if (minutes < 48 * 60) return say('hours', { n: Math.floor(minutes / 60) });
  return say('days', { n: Math.floor(minutes / 1440) });
}
