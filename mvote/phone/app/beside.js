/** What is laid beside a bundle: a board key, a receipt, an earlier checkpoint. */

import { unb64u } from './bytes.js';
import { parse } from './canonical.js';
import { readCheckpoint, readVerifierKey } from './checkpoint.js';
import { readReceipt } from './receipt.js';
import { Refusal } from './refusal.js';
import { UNREADABLE_WORDS } from './report.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./poll.js').Words} Words */

/**
 * What is laid beside the bundle: `boardKey` as base64url or as a C2SP verifier key, `receipt`
 * as JSON, `earlierCheckpoint` as a signed note.
 *
 * @typedef {object} Beside
 * @property {string | null} [boardKey]
 * @property {string | null} [receipt]
 * @property {string | null} [earlierCheckpoint]
 * @property {(done: number) => void} [onProgress] from 0 to 1
 */

/** @typedef {{ boardKey: Bytes | null, receipt: import('./receipt.js').Receipt | null, earlier: string | null }} Given */

/** What could not be read, and of what. */
export class Unreadable extends Error {
  /** @param {string} code @param {string} [what] */
  constructor(code, what = '') {
    super(code);
    this.words = /** @type {(what: string) => Words} */ (UNREADABLE_WORDS[code])(what);
  }
}

/**
 * Do what may find something unreadable, and say what that was.
 *
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} read
 * @returns {Promise<T>}
 */
export async function reading(what, read) {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const own = Object.hasOwn(UNREADABLE_WORDS, error.code) ? error.code : what;
    throw new Unreadable(own, String(error.params.reason ?? error.params.file ?? ''));
  }
}

/** @param {Beside} beside @returns {Promise<Given>} */
export async function readBeside({ boardKey, receipt, earlierCheckpoint }) {
  return {
    boardKey: boardKey ? await reading('board-key', () => readKey(boardKey.trim())) : null,
    receipt: typeof receipt === 'string'
      ? await reading('receipt', () => readReceipt(parse(receipt)))
      : null,
    earlier: typeof earlierCheckpoint === 'string'
      ? await reading('earlier-checkpoint', () => readCheckpoint(earlierCheckpoint).checkpoint.text)
      : null,
  };
}

/** @param {string} spelled */
async function readKey(spelled) {
  return spelled.includes('+') ? (await readVerifierKey(spelled)).publicKey : unb64u(spelled, 32);
}
