/** The words of the screens behind the ballot; they are fetched with the first of these screens. */

import { fill, language } from '../../words/index.js';

/** @typedef {keyof typeof import('./ko.js').default} Key */

const TABLES = {
  ko: () => import('./ko.js'),
  en: () => import('./en.js'),
};

/** @type {Record<string, string>} */
let table = {};

/** Fetch them in the language that is read now. */
export async function findWords() {
  table = (await TABLES[language()]()).default;
}

/** @param {Key} key @param {Record<string, string | number>} [facts] */
export const said = (key, facts = {}) => fill(table[key] ?? key, facts);
