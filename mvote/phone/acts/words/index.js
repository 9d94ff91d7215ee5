/** The words of the screens on which citizens act; they are fetched with the first of these screens. */

import { fill, language } from '../../words/index.js';

/** @typedef {keyof typeof import('./ko.js').default} Key */

const TABLES = {
  ko: () => import('./ko.js'),
  en: () => import('./en.js'),
};

/** @type {Record<string, string>} */
let table = {};

/** Fetch them in the language that is read now. */
export async function findActWords() {
  table = (await TABLES[language()]()).default;
}

/** @param {Key} key @param {Record<string, string | number>} [facts] */
export const told = (key, facts = {}) => fill(table[key] ?? key, facts);
