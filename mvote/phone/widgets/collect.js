/** What stands in the controls, as it goes out. */

import { REASON } from './question.js';

/** @typedef {import('./index.js').Widget} Widget */
/** @typedef {import('./question.js').Json} Json */
/** @typedef {{ salt: string, text: string }} PrivateText */

/**
 * All answers as a ballot holds them, and the texts that travel beside it.
 *
 * @param {readonly Widget[]} widgets of the questions that are asked
 * @returns {Promise<{ ans: Record<string, Json[]>, texts: Record<string, PrivateText> }>}
 */
export async function collect(widgets) {
  /** @type {Record<string, Json[]>} */
  const ans = {};
  /** @type {Record<string, PrivateText>} */
  const beside = {};
  /** @param {string} key @param {string} text */
  const seal = async (key, text) => {
    const { sealText } = await import('./text.js');
    const { hash, salt } = await sealText(text);
    ans[key] = [hash];
    beside[key] = { salt, text };
  };
  for (const widget of widgets) {
    const [answer, { id, type }] = [widget.answer(), widget.question];
    if (type === 'open-text' && typeof answer[0] === 'string') await seal(id, answer[0]);
    else ans[id] = answer;
    if (widget.reason()) await seal(id + REASON, widget.reason());
  }
  return { ans, texts: beside };
}
