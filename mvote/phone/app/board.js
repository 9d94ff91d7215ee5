/**
 * A board as a phone watches it: its own ballot among many leaves, and that the board only grows.
 *
 * The phone never asks for its own leaf: it sends so few digits of it that at least 256 leaves
 * share them, and looks for its own in the answer.
 */

import { equal, hex, unb64u } from './bytes.js';
import { openCheckpoint } from './checkpoint.js';
import { list, object, record, text, whole } from './exact.js';
import { isExtended, isIncluded } from './merkle.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./canonical.js').Json} Json */
/** @typedef {import('./checkpoint.js').Checkpoint} Checkpoint */
/** @typedef {{ boardKey: Bytes, origin: string }} Signer */

export const LEAST_TOGETHER = 256;
const DIGIT = 16;

/**
 * The board did what it never may.  This is no fault to be tried again: keep the evidence (signed
 * checkpoints and what the board answered) and show it to somebody else.
 */
export class BoardAlarm extends Error {
  /**
   * @param {'board-rewritten' | 'proof-not-valid' | 'ballot-missing'} code
   * @param {readonly string[]} evidence
   */
  constructor(code, evidence) {
    super(code);
    this.name = 'BoardAlarm';
    this.code = code;
    this.evidence = evidence;
  }
}

/**
 * The digits of the own leaf that may be told: the most that keep 256 leaves together.
 *
 * @param {Bytes} leaf
 * @param {number} size of the board
 * @param {number} [least]
 */
export function tellablePrefix(leaf, size, least = LEAST_TOGETHER) {
  let digits = 0;
  for (let left = size / DIGIT; left >= least; left /= DIGIT) digits += 1;
  return hex(leaf).slice(0, digits);
}

/**
 * Look for a ballot in what the board answered to a prefix.
 *
 * @param {Json} answer
 * @param {Bytes} leaf
 * @param {Signer} signer
 * @returns {Promise<{ checkpoint: Checkpoint, position: number | null }>} the checkpoint to keep,
 *   and where the ballot stands, null where it is not there
 * @throws {import('./refusal.js').Refusal} for an answer that is none
 * @throws {BoardAlarm} `proof-not-valid`: the board shows a leaf that its checkpoint does not hold
 */
export async function findBallot(answer, leaf, signer) {
  const fields = record(answer, 'leaves', ['size', 'checkpoint', 'prefix', 'leaves']);
  const checkpoint = await openCheckpoint(text(fields, 'checkpoint'), signer);
  const places = list(fields.leaves, 'leaves').map(readPlace);
  const own = places.find((place) => equal(place.leaf, leaf));
  if (!own) return { checkpoint, position: null };
  const { position, proof } = own;
  const claim = { leaf, index: position, size: checkpoint.size, root: checkpoint.root, proof };
  if (!(await isIncluded(claim))) throw new BoardAlarm('proof-not-valid', [checkpoint.text]);
  return { checkpoint, position };
}

/** @param {Json} value */
function readPlace(value) {
  const fields = record(value, 'leaves', ['position', 'leaf', 'proof']);
  return {
    position: whole(fields, 'position'),
    leaf: unb64u(fields.leaf, 32),
    proof: list(fields.proof, 'proof').map((node) => unb64u(node, 32)),
  };
}

/**
 * Make sure that two checkpoints of a board belong to one history.
 *
 * @param {Checkpoint} kept
 * @param {Checkpoint} shown
 * @param {Json} answer what the board gave as proof between their sizes; null where they are equal
 * @returns {Promise<Checkpoint>} the later one, to be kept
 * @throws {BoardAlarm} `board-rewritten`: same size, other root; `proof-not-valid`: no proof
 */
export async function requireExtends(kept, shown, answer) {
  const [earlier, later] = kept.size <= shown.size ? [kept, shown] : [shown, kept];
  const evidence = [kept.text, shown.text];
  if (earlier.size === later.size) {
    if (!equal(earlier.root, later.root)) throw new BoardAlarm('board-rewritten', evidence);
    return later;
  }
  const proof = readProof(answer, earlier.size, later.size);
  if (!proof || !(await isExtended(earlier, later, proof))) {
    throw new BoardAlarm('proof-not-valid', [...evidence, JSON.stringify(answer)]);
  }
  return later;
}

/** @param {Json} answer @param {number} from @param {number} to */
function readProof(answer, from, to) {
  try {
    const fields = object(answer, 'proof');
    if (fields.from !== from || fields.to !== to) return null;
    return list(fields.proof, 'proof').map((node) => unb64u(node, 32));
  } catch {
    return null;
  }
}

/**
 * Hold the board to a receipt once its time has come: a promised ballot that is not there is
 * an alarm, and the receipt is the evidence.
 *
 * @param {{ includeBy: string, content: import('./canonical.js').JsonObject }} receipt
 * @param {{ checkpoint: Checkpoint, position: number | null }} found
 * @param {Date} now
 * @throws {BoardAlarm} `ballot-missing`
 */
export function requireIncluded(receipt, { checkpoint, position }, now) {
  if (position === null && now.getTime() > Date.parse(receipt.includeBy)) {
    throw new BoardAlarm('ballot-missing', [JSON.stringify(receipt.content), checkpoint.text]);
  }
}
