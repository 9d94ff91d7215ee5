/**
 * Receipts: the board's signed promise that a ballot will be on it by a given time.
 *
 *     {"v":1, "poll", "leaf", "include_by":"2030-01-31T18:00:00Z", "origin", "sig"}
 */

import { crockford, equal } from './bytes.js';
import { SIGNATURE_LENGTH, labelled, verify } from './ed25519.js';
import { IDENTIFIER, matching, raw, record, time, version } from './exact.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./canonical.js').Json} Json */
/**
 * `content` is what is signed.
 *
 * @typedef {object} Receipt
 * @property {string} poll
 * @property {Bytes} leaf 32 bytes
 * @property {string} includeBy
 * @property {string} origin
 * @property {Bytes} sig
 * @property {import('./canonical.js').JsonObject} content
 */

export const LABEL = 'mvote-receipt-v1';
const KEYS = ['v', 'poll', 'leaf', 'include_by', 'origin', 'sig'];
const ORIGIN = /^[!-~]{1,200}$/;

/**
 * Read the form of a receipt strictly.
 *
 * @param {Json} value
 * @returns {Receipt}
 * @throws {Refusal} `malformed`
 */
export function readReceipt(value) {
  const fields = record(value, 'receipt', KEYS);
  version(fields);
  const includeBy = time(fields, 'include_by');
  const content = { ...fields };
  delete content.sig;
  return {
    poll: matching(fields, 'poll', IDENTIFIER),
    leaf: raw(fields, 'leaf', 32),
    includeBy,
    origin: matching(fields, 'origin', ORIGIN),
    sig: raw(fields, 'sig', SIGNATURE_LENGTH),
    content,
  };
}

/** What a person compares: the first 80 bits of the leaf, 16 characters. @param {Bytes} leaf */
export const tracker = (leaf) => crockford(leaf);

/** Whether the board signed this promise. @param {Receipt} receipt @param {Bytes} boardKey */
export const isReceiptSigned = (receipt, boardKey) =>
  verify(boardKey, labelled(LABEL, receipt.content), receipt.sig);

/**
 * Read a receipt and make sure that the board of this poll promised this ballot its place.
 *
 * @param {Json} value
 * @param {{ boardKey: Bytes, poll: string, leaf: Bytes }} expected
 * @returns {Promise<Receipt>}
 * @throws {Refusal} `malformed`, `receipt-not-valid`
 */
export async function checkReceipt(value, { boardKey, poll, leaf }) {
  const receipt = readReceipt(value);
  const mine = receipt.poll === poll && equal(receipt.leaf, leaf);
  if (!mine || !(await isReceiptSigned(receipt, boardKey))) throw new Refusal('receipt-not-valid');
  return receipt;
}
