/**
 * The dispute path: a receipt whose ballot is missing becomes a complaint that the board signs,
 * with a date by which it is answered in public.  The ballot itself is not sent.
 */

import { passFor } from './identity.js';
import { unb64u } from '../app/bytes.js';
import { labelled, verify } from '../app/ed25519.js';
import { NotUnderstood, ask, now } from './api.js';
import { findWatch, keepWatch } from './receipts.js';
import { getVote } from './votes.js';

/** @typedef {import('../app/canonical.js').JsonObject} JsonObject */
/** @typedef {import('../app/poll.js').Words} Words */
/**
 * `signed` is what the board put its name to; `heard` when its answer was asked for last.
 *
 * @typedef {object} Complaint
 * @property {JsonObject} signed
 * @property {string} due
 * @property {boolean | null} upheld
 * @property {Words | null} answer
 * @property {number} heard
 */

const LABEL = 'mvote-complaint-v1';
const PAUSE = 10 * 60_000; // milliseconds between questions for the answer

/** @param {string} poll @returns {Promise<Record<string, string>>} */
async function headersOf(poll) {
  const pass = await passFor(poll);
  return pass ? { 'Room-Pass': pass } : {};
}

/**
 * Complain that the ballot of the alarm is missing; twice, it is the same complaint.
 *
 * @param {string} poll
 * @throws {import('./api.js').Refused | import('./api.js').Unreachable | NotUnderstood}
 */
export async function complain(poll) {
  const [vote, { alarm }] = [await getVote(poll), await findWatch(poll)];
  const receipt = vote.casts.find(({ leaf }) => leaf === alarm?.leaf)?.receipt;
  if (!receipt) throw new NotUnderstood('no receipt to complain by');
  const sent = { method: 'POST', headers: await headersOf(poll), body: JSON.stringify({ receipt }), repeat: true };
  const signed = await ask(`/polls/${poll}/complaints`, sent);
  await requireSigned(signed, { poll, leaf: receipt.leaf, boardKey: unb64u(vote.definition.board_key, 32) });
  const complaint = { signed, due: signed.due, upheld: null, answer: null, heard: now() };
  return keepWatch(poll, (watch) => ({ ...watch, complaint }));
}

/** @param {any} signed @param {{ poll: string, leaf: any, boardKey: import('../app/bytes.js').Bytes }} expected */
async function requireSigned(signed, { poll, leaf, boardKey }) {
  const { sig, ...content } = signed ?? {};
  const mine = content.poll === poll && content.receipt?.leaf === leaf && typeof content.due === 'string';
  const good = mine && typeof sig === 'string' &&
    await verify(boardKey, labelled(LABEL, content), unb64u(sig)).catch(() => false);
  if (!good) throw new NotUnderstood('the complaint is not signed by the board');
}

/** Hear whether a complaint was answered, now and then. @param {string} poll */
export async function hearAnswer(poll) {
  const { complaint } = await findWatch(poll);
  if (!complaint || complaint.answer || Math.abs(now() - complaint.heard) < PAUSE) return;
  const path = `/polls/${poll}/complaints/${complaint.signed.complaint}`;
  const { upheld, answer } = await ask(path, { headers: await headersOf(poll) });
  await keepWatch(poll, (watch) =>
    ({ ...watch, complaint: watch.complaint && { ...watch.complaint, upheld, answer, heard: now() } }));
}
