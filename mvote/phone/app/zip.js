/**
 * Reading a ZIP file that may be hostile: every file in it, and nothing twice.
 *
 * Only the central directory is believed, only "stored" and "deflate" are known, and nothing
 * is unpacked beyond the size that was declared and allowed beforehand.
 */

import { concat, fromUtf8 } from './bytes.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/**
 * `packed` and `size` in bytes, `header` where it stands in the file.
 *
 * @typedef {object} Member
 * @property {string} name
 * @property {number} method
 * @property {number} crc
 * @property {number} packed
 * @property {number} size
 * @property {number} header
 */

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const MOST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
const MOST_RATIO = 200; // ballots are mostly random bytes, which hardly shrink
const SLACK = 1024 * 1024;
const FOLDER = 0o040000;
const FILE = 0o100000;
const KINDS = 0o170000;
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*\/?$/;
const GZIP_HEAD = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let made = byte;
  for (let bit = 0; bit < 8; bit += 1) made = made & 1 ? (made >>> 1) ^ 0xedb88320 : made >>> 1;
  return made;
});

/** @param {string} reason @returns {never} */
function unreadable(reason) {
  throw new Refusal('unreadable-zip', { reason });
}

/** @param {Uint8Array} raw */
export function crc32(raw) {
  let crc = 0xffffffff;
  for (const byte of raw) crc = (crc >>> 8) ^ /** @type {number} */ (CRC_TABLE[(crc ^ byte) & 255]);
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * Unpack a ZIP file.
 *
 * @param {Bytes} raw
 * @param {{ mostBytes: number, mostFiles: number }} limits for what comes out
 * @returns {Promise<Map<string, Bytes>>} files by name
 * @throws {Refusal} `unreadable-zip`
 */
export async function unzip(raw, { mostBytes, mostFiles }) {
  const members = directory(raw, mostFiles);
  const size = members.reduce((sum, member) => sum + member.size, 0);
  if (size > Math.min(mostBytes, MOST_RATIO * raw.length + SLACK)) unreadable('too large');
  checkPlaces(raw, members);
  const files = new Map();
  for (const member of members) {
    if (!member.name.endsWith('/')) files.set(member.name, await unpack(raw, member));
  }
  return files;
}

/** @param {Bytes} raw @param {number} mostFiles @returns {Member[]} */
function directory(raw, mostFiles) {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const end = findEnd(view);
  const [disk, here] = [view.getUint16(end + 4, true), view.getUint16(end + 8, true)];
  const all = view.getUint16(end + 10, true);
  const [length, start] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  if (disk || here !== all || all > mostFiles || start + length > end) unreadable('its directory');
  const members = [];
  let at = start;
  for (let number = 0; number < all; number += 1) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) unreadable('its directory');
    members.push(readMember(raw, view, at));
    for (const field of [at + 28, at + 30, at + 32]) at += view.getUint16(field, true);
    at += 46;
  }
  if (at !== start + length) unreadable('its directory');
  if (new Set(members.map(({ name }) => name)).size !== all) unreadable('a name stands twice');
  return members;
}

/** @param {DataView} view */
function findEnd(view) {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - MOST_COMMENT); at -= 1) {
    const reaches = at + END_LENGTH + view.getUint16(at + 20, true) === view.byteLength;
    if (reaches && view.getUint32(at, true) === END) return at;
  }
  return unreadable('no ZIP file, or cut off');
}

/** @param {Bytes} raw @param {DataView} view @param {number} at @returns {Member} */
function readMember(raw, view, at) {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const kind = (view.getUint32(at + 38, true) >>> 16) & KINDS;
  const nameBytes = raw.subarray(at + 46, at + 46 + view.getUint16(at + 28, true));
  const name = PLAIN_NAME.exec(fromUtf8(nameBytes))?.[0] ?? unreadable('the name of a file');
  if (flags & ENCRYPTED) unreadable('encrypted');
  if (method !== STORED && method !== DEFLATED) unreadable('packed in an unknown way');
  if (![0, FILE, FOLDER].includes(kind)) unreadable('something that is no file');
  const member = {
    name, method,
    crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    header: view.getUint32(at + 42, true),
  };
  if (method === STORED && member.packed !== member.size) unreadable('the size of a file');
  if (name.endsWith('/') && member.size) unreadable('the name of a file');
  if (member.size > MOST_RATIO * member.packed + SLACK) unreadable('too large for what is packed');
  return member;
}

/** Where the packed bytes of a member start. @param {Bytes} raw @param {Member} member */
function contentStart(raw, { name, header, packed }) {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (header + 30 > raw.length || view.getUint32(header, true) !== LOCAL) unreadable('the place of a file');
  const nameEnd = header + 30 + view.getUint16(header + 26, true);
  const start = nameEnd + view.getUint16(header + 28, true);
  if (fromUtf8(raw.subarray(header + 30, nameEnd)) !== name) unreadable('the name of a file');
  if (start + packed > raw.length) unreadable('cut off');
  return start;
}

/**
 * No two members lie over one another: a few bytes could unpack to very many files.
 *
 * @param {Bytes} raw
 * @param {Member[]} members
 */
function checkPlaces(raw, members) {
  const places = members
    .map((member) => ({ from: member.header, to: contentStart(raw, member) + member.packed }))
    .sort((one, other) => one.from - other.from);
  places.forEach(({ from }, number) => {
    const before = places[number - 1];
    if (before && before.to > from) unreadable('files lie over one another');
  });
}

/** @param {Bytes} raw @param {Member} member @returns {Promise<Bytes>} */
async function unpack(raw, member) {
  const start = contentStart(raw, member);
  const packed = raw.slice(start, start + member.packed);
  if (member.method === DEFLATED) return inflate(packed, member);
  if (crc32(packed) !== member.crc) unreadable('a file is damaged');
  return packed;
}

/**
 * Every browser knows gzip, which checks size and CRC by itself; not all know bare deflate.
 *
 * @param {Bytes} packed
 * @param {Member} member
 * @returns {Promise<Bytes>}
 */
async function inflate(packed, { crc, size }) {
  const foot = new DataView(new ArrayBuffer(8));
  foot.setUint32(0, crc, true);
  foot.setUint32(4, size, true);
  const gzip = concat(GZIP_HEAD, packed, new Uint8Array(foot.buffer));
  const reader = new Blob([gzip]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const made = new Uint8Array(size);
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => unreadable('a file is damaged'));
    if (done) break;
    if (at + value.length > size) {
      reader.cancel().catch(() => {}); // what is wrong with the rest does not matter
      unreadable('a file is larger than it says');
    }
    made.set(value, at);
    at += value.length;
  }
  return at === size ? made : unreadable('a file is damaged');
}
