/** The recount bundle: a ZIP file whose manifest names every file in it with its SHA-256. */

import { hex, sha256 } from './bytes.js';
import { parse } from './canonical.js';
import { SHA256_HEX, object, record, text, version } from './exact.js';
import { Refusal } from './refusal.js';
import { unzip } from './zip.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {{ files: Map<string, Bytes>, manifest: Map<string, string> }} Bundle */

export const MANIFEST = 'manifest.json';
export const MOST_BYTES = 512 * 1024 * 1024;
const MOST_FILES = 10_000;
const NEEDED = ['poll.json', 'entries.jsonl', 'checkpoint', 'issued.json', 'result.json'];
const KNOWN = new Set([...NEEDED, 'breakdown.json', 'VERIFY.md']);
const EARLIER = /^checkpoints\/[1-9][0-9]{0,15}$/;

/**
 * Open a bundle; whether the files are those of the manifest is for `manifestFaults` to say.
 *
 * @param {Bytes} raw
 * @returns {Promise<Bundle>}
 * @throws {Refusal} `unreadable-zip`, `file-missing`, `malformed`, `malformed-json`
 */
export async function openBundle(raw) {
  if (raw.length > MOST_BYTES) throw new Refusal('unreadable-zip', { reason: 'too large' });
  const files = await unzip(raw, { mostBytes: MOST_BYTES, mostFiles: MOST_FILES });
  for (const name of [MANIFEST, ...NEEDED]) {
    if (!files.has(name)) throw new Refusal('file-missing', { file: name });
  }
  return { files, manifest: readManifest(/** @type {Bytes} */ (files.get(MANIFEST))) };
}

/** @param {Bytes} raw */
function readManifest(raw) {
  const fields = record(parse(raw), MANIFEST, ['v', 'files']);
  version(fields);
  const listed = object(fields.files, 'files');
  const manifest = new Map(Object.keys(listed).map((name) => [name, text(listed, name)]));
  for (const digest of manifest.values()) {
    if (!SHA256_HEX.test(digest)) throw new Refusal('malformed', { field: 'files' });
  }
  return manifest;
}

/** @param {string} name */
const isKnown = (name) => KNOWN.has(name) || EARLIER.test(name);

/**
 * What the manifest and the files say differently, as names of files.
 *
 * @param {Bundle} bundle
 */
export async function manifestFaults({ files, manifest }) {
  const faults = new Set();
  for (const name of manifest.keys()) if (!files.has(name) || !isKnown(name)) faults.add(name);
  for (const [name, content] of files) {
    if (name === MANIFEST) continue;
    if (manifest.get(name) !== hex(await sha256(content))) faults.add(name);
  }
  return [...faults].sort();
}

/** The earlier checkpoints by the size that their file names say. @param {Bundle} bundle */
export function earlierCheckpoints({ files }) {
  const found = [...files].filter(([name]) => EARLIER.test(name));
  return new Map(found.map(([name, content]) => [Number(name.split('/')[1]), content]));
}
