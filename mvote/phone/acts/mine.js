/** Where this phone takes part; the list is on the phone only. */

import { el } from '../widgets/parts.js';
import { findPart, isWaiting, listParts } from '../state/acts.js';
import { inWords } from '../words/index.js';
import { findActWords, told } from './words/index.js';

/** @typedef {import('../state/acts.js').Part} Part */

/** @type {import('../shell/router.js').Show} */
export async function showParts() {
  await findActWords();
  const found = await Promise.all((await listParts()).map((scope) => findPart(scope)));
  const parts = found.filter((part) => part !== null && part.permit !== null);
  return {
    title: told('partsTitle'),
    crumb: { href: '/app/records', label: told('toRecords') },
    body: [
      el('p', {}, told('partsWhy')),
      parts.length ? el('ul', { class: 'cards' }, ...parts.map((part) => rowOf(/** @type {Part} */ (part)))) : el('p', {}, told('partsNone')),
    ],
  };
}

/** @param {Part} part */
function rowOf({ about, deeds }) {
  const waits = deeds.filter(isWaiting).length;
  const refused = deeds.filter((one) => one.refused).length;
  return el('li', {},
    el('a', { class: 'title', href: about.path }, inWords(about.title)),
    el('p', { class: 'quiet' }, told('deeds', { n: deeds.length - waits - refused }),
      waits > 0 && el('span', { class: 'tag warn' }, told('waitsTag', { n: waits })),
      refused > 0 && el('span', { class: 'tag bad' }, told('refusedTag', { n: refused }))));
}
