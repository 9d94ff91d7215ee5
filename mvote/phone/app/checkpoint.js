/**
 * Checkpoints: how large a board is and what its root is, signed by the board.
 *
 * C2SP signed-note and tlog-checkpoint with one Ed25519 key whose name is the origin.  Other
 * keys' signatures (witnesses) may stand in it too and are passed over.
 */

import { b64, concat, equal, fromUtf8, hex, sha256, unb64, utf8 } from './bytes.js';
import { verify } from './ed25519.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {{ origin: string, size: number, root: Bytes, text: string }} Checkpoint */

const ED25519 = Uint8Array.of(1);
const MAX_BYTES = 64 * 1024;
const NOT_IN_A_NOTE = /[\u0000-\u0009\u000b-\u001f]/;
const SIGNATURE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;

/** The four bytes that name a key in a note. @param {string} name @param {Bytes} publicKey */
export async function keyId(name, publicKey) {
  return (await sha256(concat(utf8(`${name}\n`), ED25519, publicKey))).slice(0, 4);
}

/** The key as C2SP tools take it: `name+id+key`. @param {string} name @param {Bytes} publicKey */
export async function verifierKey(name, publicKey) {
  return `${name}+${hex(await keyId(name, publicKey))}+${b64(concat(ED25519, publicKey))}`;
}

/**
 * Read what `verifierKey` writes.
 *
 * @param {string} spelled
 * @throws {Refusal} `malformed`
 */
export async function readVerifierKey(spelled) {
  const [, name, id, key] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(spelled) ?? [];
  if (!name || !id || !key) throw new Refusal('malformed', { field: 'key' });
  const raw = unb64(key);
  const publicKey = raw.slice(1);
  if (raw[0] !== 1 || hex(await keyId(name, publicKey)) !== id) {
    throw new Refusal('malformed', { field: 'key' });
  }
  return { name, publicKey };
}

/**
 * Read the form of a checkpoint without its signature.
 *
 * @param {string | Uint8Array} raw
 * @returns {{ checkpoint: Checkpoint, body: string, signatures: [string, Bytes][] }}
 * @throws {Refusal} `malformed`
 */
export function readCheckpoint(raw) {
  const text = typeof raw === 'string' ? raw : fromUtf8(raw);
  const cut = text.lastIndexOf('\n\n') + 1;
  const isNote = cut > 0 && text.endsWith('\n') && text.length <= MAX_BYTES;
  if (!isNote || NOT_IN_A_NOTE.test(text)) throw new Refusal('malformed', { field: 'checkpoint' });
  const [body, below] = [text.slice(0, cut), text.slice(cut + 1, -1)];
  const signatures = below.split('\n').map(readSignature);
  const [origin, size, root, end, ...more] = body.split('\n');
  const isTree = origin && /^(0|[1-9][0-9]{0,15})$/.test(size ?? '') && root && end === '';
  if (!isTree || more.length) throw new Refusal('malformed', { field: 'checkpoint' });
  const hash = unb64(root);
  if (hash.length !== 32 || !Number.isSafeInteger(Number(size))) {
    throw new Refusal('malformed', { field: 'checkpoint' });
  }
  return { checkpoint: { origin, size: Number(size), root: hash, text }, body, signatures };
}

/** @param {string} line @returns {[string, Bytes]} */
function readSignature(line) {
  const [, name, spelled] = SIGNATURE.exec(line) ?? [];
  const raw = spelled ? unb64(spelled) : new Uint8Array(0);
  if (!name || raw.length < 5) throw new Refusal('malformed', { field: 'checkpoint' });
  return [name, raw];
}

/**
 * Read a checkpoint that the board of this origin signed.
 *
 * @param {string | Uint8Array} raw
 * @param {{ boardKey: Bytes, origin: string }} board
 * @returns {Promise<Checkpoint>}
 * @throws {Refusal} `malformed`, `checkpoint-of-another-board`, `checkpoint-not-signed`
 */
export async function openCheckpoint(raw, { boardKey, origin }) {
  const { checkpoint, body, signatures } = readCheckpoint(raw);
  if (checkpoint.origin !== origin) throw new Refusal('checkpoint-of-another-board');
  const id = await keyId(origin, boardKey);
  const own = signatures.filter(([name, sig]) => name === origin && equal(sig.slice(0, 4), id));
  const good = await Promise.all(own.map(([, sig]) => verify(boardKey, utf8(body), sig.slice(4))));
  if (!good.length || !good.every(Boolean)) throw new Refusal('checkpoint-not-signed');
  return checkpoint;
}
