/**
 * The order in which a phone shows the options of a question.
 *
 * It is derived on the phone: an order or a seed sent by the server would tag the voter.
 */

import { hex, sha256, utf8 } from './bytes.js';

/**
 * Sort options by `SHA-256(mark "|" question id "|" option id)`.
 *
 * @param {string} mark base64url, as it stands in a pseudonym permit or comes from the seed
 * @param {string} question
 * @param {readonly string[]} options
 * @returns {Promise<string[]>}
 */
export async function optionOrder(mark, question, options) {
  const keyed = await Promise.all(
    options.map(async (option) => {
      const place = hex(await sha256(utf8(`${mark}|${question}|${option}`)));
      return { option, place };
    }),
  );
  return keyed.sort((one, other) => (one.place < other.place ? -1 : 1)).map(({ option }) => option);
}
