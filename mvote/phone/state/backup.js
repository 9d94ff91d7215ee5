/**
 * Backup: what votes and proves votes, in a file that only a recovery code opens.
 *
 *     {"v":1, "kind":"mvote-backup", "salt", "iv", "sealed"}
 *
 * The code is 27 signs of Crockford's base32 (135 random bits) and a check sign (mod 37).  The key
 * is HKDF-SHA-256 of it, so no slow derivation is needed; AES-256-GCM seals the content and the
 * rest of the file.  What signs in is not in it: two phones would end each other's sign-in.
 */

import { b64u, concat, fromUtf8, random, unb64u, utf8 } from '../app/bytes.js';
import { canonicalBytes } from '../app/canonical.js';
import * as store from './store.js';
import { PREFIX as PARTS } from './acts.js';
import { PREFIX as WATCHES } from './receipts.js';
import { PREFIX as VOTES } from './votes.js';

/** @typedef {import('./votes.js').Vote} Vote */
/** @typedef {import('./votes.js').Cast} Cast */
/** @typedef {import('./acts.js').Part} Part */
/** @typedef {{ votes: Vote[], parts?: Part[], watches: Record<string, any>, follows: any }} Content */

const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHECKS = `${SIGNS}*~$=U`;
export const CODE_SIGNS = 27;
const GROUP = 4;
const KIND = 'mvote-backup';
const LABEL = 'mvote-backup-v1';
const MOST_BYTES = 50_000_000;

/** A recovery code is none, or has a sign that is wrong. */
export class CodeMistyped extends Error {}
/** The code is one, and of another file. */
export class CodeOfAnother extends Error {}
/** The file is no backup. */
export class NoBackup extends Error {}

/** A new code, in groups as one writes it down. */
export function newCode() {
  const signs = [...random(CODE_SIGNS)].map((byte) => SIGNS[byte % 32]).join('');
  return spellCode(signs + checkOf(signs));
}

/** @param {string} signs */
const spellCode = (signs) => signs.replace(new RegExp(`(.{${GROUP}})(?=.)`, 'g'), '$1-');

/** @param {string} signs */
function checkOf(signs) {
  let rest = 0;
  for (const sign of signs) rest = (rest * 32 + SIGNS.indexOf(sign)) % 37;
  return CHECKS.charAt(rest);
}

/**
 * Read a code as it was typed: small letters, spaces, O for 0, I and L for 1.
 *
 * @param {string} typed
 * @returns {string} its signs without the check sign
 * @throws {CodeMistyped}
 */
export function readCode(typed) {
  const plain = typed.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  const [signs, check] = [plain.slice(0, CODE_SIGNS), plain.slice(CODE_SIGNS)];
  const good = signs.length === CODE_SIGNS && [...signs].every((sign) => SIGNS.includes(sign));
  if (!good || checkOf(signs) !== check) throw new CodeMistyped();
  return signs;
}

/** @param {string} signs @param {import('../app/bytes.js').Bytes} salt */
async function keyOf(signs, salt) {
  const raw = await crypto.subtle.importKey('raw', utf8(signs), 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt, info: utf8(LABEL) };
  return crypto.subtle.deriveKey(how, raw, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** @param {{ v: 1, kind: string, salt: string, iv: string }} head */
const boundTo = (head) => concat(utf8(`${LABEL}\0`), canonicalBytes(head));

/**
 * @param {Content} content
 * @param {string} code
 * @returns {Promise<string>} the file
 */
export async function seal(content, code) {
  const [salt, iv] = [random(16), random(12)];
  const head = { v: /** @type {1} */ (1), kind: KIND, salt: b64u(salt), iv: b64u(iv) };
  const key = await keyOf(readCode(code), salt);
  const how = { name: 'AES-GCM', iv, additionalData: boundTo(head) };
  const sealed = await crypto.subtle.encrypt(how, key, utf8(JSON.stringify(content)));
  return JSON.stringify({ ...head, sealed: b64u(new Uint8Array(sealed)) });
}

/**
 * @param {string} file
 * @param {string} code
 * @returns {Promise<Content>}
 * @throws {CodeMistyped | CodeOfAnother | NoBackup}
 */
export async function unseal(file, code) {
  const { head, sealed } = readFile(file);
  const key = await keyOf(readCode(code), unb64u(head.salt, 16));
  const how = { name: 'AES-GCM', iv: unb64u(head.iv, 12), additionalData: boundTo(head) };
  const raw = await crypto.subtle.decrypt(how, key, sealed).catch(() => { throw new CodeOfAnother(); });
  const content = JSON.parse(fromUtf8(new Uint8Array(raw)));
  if (!Array.isArray(content.votes)) throw new NoBackup();
  return content;
}

/** @param {string} file */
function readFile(file) {
  try {
    if (file.length > MOST_BYTES) throw new NoBackup();
    const { v, kind, salt, iv, sealed } = JSON.parse(file);
    if (v !== 1 || kind !== KIND) throw new NoBackup();
    unb64u(salt, 16);
    unb64u(iv, 12);
    return { head: { v: /** @type {1} */ (1), kind: KIND, salt, iv }, sealed: unb64u(sealed) };
  } catch {
    throw new NoBackup();
  }
}

/** Everything that this phone keeps of votes, acts and follows. @returns {Promise<Content>} */
export async function gather() {
  const votes = await Promise.all((await store.names(VOTES)).map((name) => store.get(name)));
  /** @type {Record<string, any>} */
  const watches = {};
  for (const name of await store.names(WATCHES)) watches[name] = await store.get(name);
  const parts = await Promise.all((await store.names(PARTS)).map((name) => store.get(name)));
  return { votes, parts, watches, follows: await store.get('follows') };
}

/**
 * Put a backup beside what is here.  Nothing that is here is lost.
 *
 * @param {Content} content
 * @returns {Promise<{ added: number, kept: number }>} polls and scopes that were taken over, and
 *   those that stay as they are here
 */
export async function merge({ votes, parts = [], watches, follows }) {
  let added = 0;
  for (const theirs of votes) added += await put(`poll/${theirs.poll}`, VOTES + theirs.poll, theirs, mergeVotes);
  for (const theirs of parts) added += await put(`scope/${theirs.scope}`, PARTS + theirs.scope, theirs, mergeParts);
  for (const [name, watch] of Object.entries(watches)) {
    if (name.startsWith(WATCHES) && !(await store.get(name))) await store.put(name, watch);
  }
  if (follows && !(await store.get('follows'))) await store.put('follows', follows);
  return { added, kept: votes.length + parts.length - added };
}

/**
 * Keep one out of two copies under a name; 1 where that changed anything, else 0.
 *
 * @template {object} T
 * @param {string} lock
 * @param {string} name
 * @param {T} theirs
 * @param {(ours: T, theirs: T) => T} merged
 */
const put = (lock, name, theirs, merged) => store.alone(lock, async () => {
  const ours = await store.get(name);
  const both = ours ? merged(ours, theirs) : theirs;
  if (JSON.stringify(both) === JSON.stringify(ours)) return 0;
  await store.put(name, both);
  return 1;
});

/**
 * One vote out of two copies.  A permit is the only one of its person, so the copy that has one
 * goes before a seed without; of two the one here.  Of the ballots none is lost and the highest
 * number stays the newest, so an older copy never signs that number again.
 *
 * @param {Vote} ours
 * @param {Vote} theirs
 * @returns {Vote}
 */
export function mergeVotes(ours, theirs) {
  const isBegun = (/** @type {Vote} */ vote) => vote.permit !== null || vote.casts.length > 0;
  if (ours.ph !== theirs.ph) return ours;
  const mark = ours.permit?.mark; // the same on every phone of one person, at the levels that have one
  const isSame = ours.seed === theirs.seed || (mark !== undefined && mark === theirs.permit?.mark);
  if (!isSame) return isBegun(theirs) && !isBegun(ours) ? theirs : ours;
  return { ...ours, permit: ours.permit ?? theirs.permit, casts: mergeCasts(ours.casts, theirs.casts) };
}

/** @param {Cast[]} ours @param {Cast[]} theirs */
function mergeCasts(ours, theirs) {
  /** @type {Map<number, Cast>} */
  const by = new Map();
  for (const cast of [...ours, ...theirs]) {
    const held = by.get(cast.seq);
    if (!held || (!held.receipt && cast.receipt)) by.set(cast.seq, cast);
  }
  return [...by.values()].sort((one, other) => one.seq - other.seq);
}

/**
 * One part in a scope out of two copies, as of votes: the permit goes before a seed without, no
 * act is lost, and the highest number stays the newest.
 *
 * @param {Part} ours
 * @param {Part} theirs
 * @returns {Part}
 */
export function mergeParts(ours, theirs) {
  if (ours.sh !== theirs.sh) return ours;
  if (ours.seed !== theirs.seed) return theirs.permit && !ours.permit ? theirs : ours;
  /** @type {Map<string, import('./acts.js').Deed>} */
  const by = new Map();
  for (const deed of [...ours.deeds, ...theirs.deeds]) {
    const key = JSON.stringify([deed.seq, deed.act, deed.body]);
    const held = by.get(key);
    if (!held || (!deed.bytes && (held.bytes || held.refused))) by.set(key, deed); // what was taken goes before what was not, or waits
  }
  return {
    ...ours,
    permit: ours.permit ?? theirs.permit,
    seq: Math.max(ours.seq, theirs.seq),
    deeds: [...by.values()].sort((one, other) => one.seq - other.seq),
    drafts: { ...theirs.drafts, ...ours.drafts },
  };
}
