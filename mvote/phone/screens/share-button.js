/** A button by which a poll, a result or a record is shared; what it opens is fetched then. */

import { button, el } from '../widgets/parts.js';
import { say } from '../words/index.js';

/** @param {string} path @param {string} title */
export function sharing(path, title) {
  const place = el('div', {});
  const act = button({ class: 'second', 'aria-expanded': 'false', click: async () => {
    const { sharingOf } = await import('../pocket/sharing.js');
    const open = place.childElementCount > 0;
    place.replaceChildren(...(open ? [] : [await sharingOf(path, title)]));
    act.setAttribute('aria-expanded', String(!open));
  } }, say('shareThis'), el('span', { class: 'only-read' }, ` · ${title}`));
  return el('div', {}, el('p', { class: 'buttons' }, act), place);
}
