/** Share a poll, a result or a record: the share sheet, the link, a QR code. */

import { button, el } from '../widgets/parts.js';
import { drawCode } from '../qr/draw.js';
import { tell } from '../shell/frame.js';
import { findWords, said } from './words/index.js';

/**
 * What opens when one wants to share.
 *
 * @param {string} path
 * @param {string} title
 */
export async function sharingOf(path, title) {
  await findWords();
  const url = new URL(path, location.origin).href;
  const copying = button({ class: 'second', click: async () => {
    try {
      await navigator.clipboard.writeText(url);
      copying.textContent = said('shareCopied');
      tell(said('shareCopied'));
    } catch {
      // the link stands below
    }
  } }, said('shareCopy'));
  const sending = button({ class: 'second', click: () => navigator.share({ title, url }).catch(() => {}) }, said('shareSend'));
  return el('div', { class: 'panel' },
    el('p', { class: 'digest' }, url),
    el('p', { class: 'buttons' }, ...('share' in navigator ? [sending] : []), copying),
    el('div', { class: 'qr', role: 'img', 'aria-label': said('shareQr', { title }) }, drawCode(url)));
}
