/** Backup and restore: a file, and a code that is shown once. */

import { button, el, newId } from '../widgets/parts.js';
import { CodeMistyped, CodeOfAnother, NoBackup, gather, merge, newCode, seal, unseal } from '../state/backup.js';
import * as store from '../state/store.js';
import { show, tell } from '../shell/frame.js';
import { field, form } from '../screens/form.js';
import { findWords, said } from './words/index.js';

/** @typedef {import('../shell/frame.js').Screen} Screen */

const NAME = 'mvote-backup';

/** @type {import('../shell/router.js').Show} */
export async function showBackup() {
  await findWords();
  const content = await gather();
  const making = button({ click: async () => show(await codeScreen(content)) }, said('makeCode'));
  return {
    title: said('backupTitle'),
    crumb: { href: '/app/my-votes', label: said('mineTitle') },
    body: [
      el('p', { class: 'lead' }, said('backupWhy')),
      el('p', { class: 'notice warn' }, said('backupWarn')),
      content.votes.length || content.parts?.length ? el('p', { class: 'buttons' }, making) : el('p', { class: 'quiet' }, said('backupEmpty')),
      el('h2', {}, said('restoreTitle')),
      el('p', {}, said('restoreWhy')),
      restoring(),
    ],
  };
}

/** @param {import('../state/backup.js').Content} content @returns {Promise<Screen>} */
async function codeScreen(content) {
  const code = newCode();
  const day = new Date().toISOString().slice(0, 10);
  const file = new File([await seal(content, code)], `${NAME}-${day}.json`, { type: 'application/json' });
  const href = URL.createObjectURL(file);
  const kept = async () => {
    tell(said('savedFile'));
    await store.put('backup', { leaves: content.votes.flatMap(({ casts }) => casts.map(({ leaf }) => leaf)) });
  };
  const sharing = navigator.canShare?.({ files: [file] }) &&
    button({ class: 'second', click: () => navigator.share({ files: [file] }).then(kept, () => {}) }, said('sendFile'));
  return {
    title: said('codeTitle'),
    crumb: { href: '/app/my-votes', label: said('mineTitle') },
    body: [
      el('p', { class: 'tracker' }, el('code', { id: 'code' }, code)),
      el('p', { class: 'notice warn' }, said('codeWhy')),
      el('p', {}, said('backupWarn')),
      el('p', { class: 'buttons' }, el('a', { class: 'button', href, download: file.name, click: kept }, said('saveFile')), ...(sharing ? [sharing] : [])),
      el('p', { class: 'quiet small' }, said('again')),
    ],
  };
}

function restoring() {
  const file = fileField();
  const code = field(said('codeField'), { autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', name: 'code' }, said('codeHint'));
  const done = el('p', { class: 'notice good', role: 'status', hidden: true });
  const sending = form({
    fields: [file, code], label: said('restore'),
    async send() {
      for (const one of [file, code]) one.tell('');
      done.hidden = true;
      const chosen = file.input.files?.[0];
      if (!chosen) return file.tell(said('fileMissing'));
      const content = await opened(chosen, code.input.value, { file, code });
      if (!content) return;
      done.textContent = said('restored', await merge(content));
      done.hidden = false;
      dispatchEvent(new Event('mvote-waiting')); // a ballot that waits goes from here
    },
  });
  return el('div', {}, sending, done);
}

function fileField() {
  const [id, faultId] = [newId('file'), newId('fault')];
  const fault = el('span', { class: 'fault', id: faultId, hidden: true });
  const input = el('input', { id, type: 'file', accept: 'application/json,.json', 'aria-describedby': faultId });
  return {
    element: el('div', { class: 'field' }, el('label', { for: id }, said('file')), fault, input),
    input,
    /** @param {string} words */
    tell(words) {
      fault.textContent = words;
      fault.hidden = !words;
      input.setAttribute('aria-invalid', String(words !== ''));
      if (words) input.focus();
    },
  };
}

/**
 * @param {File} file
 * @param {string} code
 * @param {Record<'file' | 'code', { tell: (said: string) => void }>} at
 */
async function opened(file, code, at) {
  try {
    return await unseal(await file.text(), code);
  } catch (error) {
    if (error instanceof NoBackup) at.file.tell(said('fileWrong'));
    else if (error instanceof CodeMistyped) at.code.tell(said('codeWrong'));
    else if (error instanceof CodeOfAnother) at.code.tell(said('codeOther'));
    else throw error;
    return null;
  }
}
