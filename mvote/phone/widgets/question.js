/** A question as it stands in the definition of a poll, and what every widget reads from it. */

/** @typedef {import('../app/canonical.js').Json} Json */
/** @typedef {import('../app/canonical.js').JsonObject} JsonObject */
/** @typedef {'ko' | 'en'} Language */
/** @typedef {{ ko: string, en: string }} Words */
/** @typedef {{ kind: string, href: string, alt: Words, sha256?: string }} Media */
/** @typedef {{ id: string, title: Words, cost?: number, text?: Words, media?: Media, categories?: Words[] }} Option */

/**
 * @typedef {object} Question
 * @property {string} id
 * @property {string} type
 * @property {Words} title
 * @property {Option[]} options
 * @property {JsonObject} config
 * @property {boolean} blank
 * @property {boolean} [reason]
 * @property {boolean} [none]
 * @property {boolean} [shuffle]
 * @property {Media} [media]
 * @property {{ question: string, any_of: string[] }} [only_if]
 */

/** The id of “none of these”. */
export const NONE = 'none';
/** Behind the id of a question: the key of the reason beside its answer. */
export const REASON = '.reason';

/** Whether an option is “none of these”. @param {Question} question @param {string} id */
export const isNone = (question, id) => question.none === true && id === NONE;

/** How many options there are besides “none of these”. @param {Question} question */
export const offered = (question) => question.options.filter(({ id }) => !isNone(question, id)).length;

/**
 * The options in the order in which they are shown, “none of these” always last.
 *
 * @param {Question} question
 * @param {readonly string[]} [order] ids; the question's own order where there is none
 * @returns {Option[]}
 */
export function shown(question, order = []) {
  const places = new Map(order.map((id, place) => [id, place]));
  /** @param {Option} option */
  const place = ({ id }) => (isNone(question, id) ? Infinity : places.get(id) ?? order.length);
  return [...question.options].sort((one, other) => Math.sign(place(one) - place(other)) || 0);
}

/** @param {JsonObject} config @param {string} key @returns {number | null} */
export function setting(config, key) {
  const value = config[key];
  return typeof value === 'number' ? value : null;
}

/** A whole number with its thousands set apart. @param {number} value */
export const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** @param {Question} question @param {string} id @param {Language} language */
export const titleOf = (question, id, language) =>
  question.options.find((option) => option.id === id)?.title[language] ?? id;

/** Ids of the question's options out of an earlier answer. @param {Question} question @param {Json} draft */
export function idsOf(question, draft) {
  const known = new Set(question.options.map(({ id }) => id));
  const ids = Array.isArray(draft) ? draft.filter((id) => typeof id === 'string' && known.has(id)) : [];
  return /** @type {string[]} */ ([...new Set(ids)]);
}

/** How many, as part of a sentence, word for word as the core says it. @param {number} least @param {number} most @returns {Words} */
export function soMany(least, most) {
  const [one, other] = [grouped(least), grouped(most)];
  return least === most
    ? { ko: `${one}개를`, en: one }
    : { ko: `${one}개에서 ${other}개까지`, en: `${one} to ${other}` };
}

/** @param {Words} words */
export const quoted = (words) => ({ ko: `‘${words.ko}’`, en: `“${words.en}”` });
