/**
 * The second recount: everything that a recount bundle lets anyone check, without a server.
 *
 * The checks and their codes are those of `mvote verify`.  The status is 0 (sound), 1 (not
 * sound) or 2 (unreadable: no ZIP file that may be opened, one of the needed files missing, a
 * manifest that is none, or a key, receipt or checkpoint beside it that is none).
 */

import { Unreadable, readBeside, reading } from './beside.js';
import { equal, fromUtf8, hex, sha256, utf8 } from './bytes.js';
import { earlierCheckpoints, manifestFaults, openBundle } from './bundle.js';
import { canonicalText, parse } from './canonical.js';
import { openCheckpoint, readCheckpoint } from './checkpoint.js';
import { checkCryptography } from './ed25519.js';
import { Board } from './entries.js';
import { SHA256_HEX, list, object, record, whole } from './exact.js';
import { Tree } from './merkle.js';
import { issuersOf } from './permit.js';
import { readPoll, readRules } from './poll.js';
import { fits } from './quarantine.js';
import { isReceiptSigned, tracker } from './receipt.js';
import { Refusal } from './refusal.js';
import { Checks, NOT_SOUND, SAY, SOUND, UNREADABLE, notProved } from './report.js';
import { compose, counted, difference, readTieDecisions, recount, requireNeeded } from './result.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./bundle.js').Bundle} Bundle */
/** @typedef {import('./canonical.js').Json} Json */
/** @typedef {import('./canonical.js').JsonObject} JsonObject */
/** @typedef {import('./poll.js').Poll} Poll */
/** @typedef {import('./poll.js').Words} Words */
/** @typedef {import('./checkpoint.js').Checkpoint} Checkpoint */

/** @typedef {import('./beside.js').Beside} Beside */
/** @typedef {import('./beside.js').Given} Given */
/** @typedef {import('./result.js').Counted} Counted */

/**
 * @typedef {object} Report
 * @property {0 | 1 | 2} status
 * @property {Words | null} unreadable why it could not be read, with status 2
 * @property {{ id: string, ph: string, title: Words } | null} poll
 * @property {import('./report.js').Check[]} checks
 * @property {import('./report.js').Limit[]} notProved
 * @property {Counted[]} outcomes of the questions that were recounted
 */

/**
 * Verify a bundle.
 *
 * @param {Bytes} raw the ZIP file
 * @param {Beside} [beside]
 * @returns {Promise<Report>}
 */
export async function verifyBundle(raw, beside = {}) {
  try {
    await reading('no-webcrypto', checkCryptography);
    const given = await readBeside(beside);
    const bundle = await reading('manifest', () => openBundle(raw));
    return await new Verification(bundle, given, beside.onProgress ?? (() => {})).run();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return {
      status: UNREADABLE, unreadable: error.words,
      poll: null, checks: [], notProved: [], outcomes: [],
    };
  }
}

const OF_ENTRIES = /** @type {const} */ ([
  'canonical', 'permits', 'signatures', 'answers', 'duplicate-seq',
]);

/** One bundle on its way through all checks. */
class Verification {
  /** @param {Bundle} bundle @param {Given} given @param {(done: number) => void} onProgress */
  constructor(bundle, given, onProgress) {
    this.bundle = bundle;
    this.given = given;
    this.onProgress = onProgress;
    this.checks = new Checks();
    /** @type {string[]} */
    this.notRecounted = [];
    /** @type {string[]} */
    this.notChecked = [];
    this.chair = false;
  }

  /** @returns {Promise<Report>} */
  async run() {
    const faults = await manifestFaults(this.bundle);
    if (faults.length) this.checks.fail('manifest', say('files', faults));
    else this.checks.pass('manifest');
    this.readJson('manifest.json');
    const poll = await this.readPoll();
    const outcomes = poll ? await this.checkBoard(poll) : [];
    const title = poll && /** @type {Words} */ (poll.definition.title);
    return {
      status: this.checks.sound ? SOUND : NOT_SOUND,
      unreadable: null,
      poll: poll && title && { id: poll.id, ph: poll.ph, title },
      checks: this.checks.all(),
      notProved: notProved({
        keyGiven: this.given.boardKey !== null,
        notRecounted: this.notRecounted,
        notChecked: this.notChecked,
        chair: this.chair,
        breakdown: this.bundle.files.has('breakdown.json'),
      }),
      outcomes,
    };
  }

  /** @param {string} name @returns {Bytes} */
  file(name) {
    return /** @type {Bytes} */ (this.bundle.files.get(name));
  }

  /**
   * A file that is one JSON object in canonical form.
   *
   * @param {string} name
   * @returns {JsonObject | null}
   */
  readJson(name) {
    try {
      const text = fromUtf8(this.file(name));
      const value = object(parse(text), name);
      if (canonicalText(value) !== text) throw new Refusal('not-canonical');
      return value;
    } catch (error) {
      this.fail('canonical', error, 'spelling', name);
      return null;
    }
  }

  /**
   * Turn a refusal into a failed check; other errors are not ours to judge.
   *
   * @param {string} code
   * @param {unknown} error
   * @param {string} words
   * @param {...any} facts
   */
  fail(code, error, words, ...facts) {
    if (!(error instanceof Refusal)) throw error;
    this.checks.fail(code, say(words, ...facts));
  }

  /** @returns {Promise<Poll | null>} */
  async readPoll() {
    const definition = this.readJson('poll.json');
    if (!definition) return null;
    try {
      return await readPoll(definition);
    } catch (error) {
      this.fail('poll-entry', error, 'wrong', error instanceof Refusal ? error.message : '');
      return null;
    }
  }

  /** @param {Poll} poll @returns {Promise<Counted[]>} */
  async checkBoard(poll) {
    const issuers = await this.checkKeys(poll);
    const board = await Board.read(poll, issuers, this.file('entries.jsonl'), (done) =>
      this.onProgress(0.9 * done));
    this.sayBreaches(board, issuers !== null);
    this.checkEnds(poll, board);
    const boardKey = this.checkBoardKey(poll);
    const tree = await Tree.of(board.leaves);
    const origin = await this.checkCheckpoints(poll, boardKey, tree);
    await this.checkReceipt(poll, board, boardKey);
    await this.checkEarlier(boardKey, origin, tree);
    this.onProgress(0.95);
    const issued = await this.checkIssued(poll, board);
    const outcomes = issued === null ? [] : await this.checkResult(poll, board, issued);
    this.onProgress(1);
    return outcomes;
  }

  /** @param {Poll} poll */
  async checkKeys(poll) {
    try {
      const issuers = await issuersOf(poll);
      this.checks.pass('keys', say('goodOf', issuers.blind.size + issuers.pseudonym.size));
      return issuers;
    } catch (error) {
      this.fail('keys', error, 'wrong', error instanceof Refusal ? error.message : '');
      return null;
    }
  }

  /** @param {Board} board @param {boolean} withKeys */
  sayBreaches(board, withKeys) {
    for (const code of OF_ENTRIES) {
      const { number, first } = board.breaches[code];
      if (number) this.checks.fail(code, say('entries', number, first));
      else if (code === 'canonical') this.checks.pass(code, say('goodOf', board.leaves.length));
      else if (code !== 'permits' || withKeys) this.checks.pass(code, say('goodOf', board.ballots));
    }
    this.notChecked = board.notChecked;
    if (!this.notChecked.length) return;
    this.checks.say('answers', 'partly', say('answersLeft', this.notChecked));
  }

  /** The first entry and the last. @param {Poll} poll @param {Board} board */
  checkEnds(poll, board) {
    const [entries, definition] = [this.file('entries.jsonl'), this.file('poll.json')];
    const first = entries.subarray(0, Math.max(0, entries.indexOf(10)));
    if (equal(first, definition)) this.checks.pass('poll-entry', { ko: poll.ph, en: poll.ph });
    else this.checks.fail('poll-entry', say('wrong', 'poll.json'));
    const { close, ballots, voters } = board;
    const { number, first: late } = board.breaches['close-entry'];
    if (number) this.checks.fail('close-entry', say('entries', number, late));
    else if (!close || close.ballots !== ballots || close.voters !== voters) {
      this.checks.fail('close-entry', say('wrong', close ? 'counts' : 'close'));
    } else if (!fits(close.apart, readRules(poll.definition), close.issued)) {
      this.checks.fail('close-entry', say('wrong', 'quarantine'));
    } else this.checks.pass('close-entry');
  }

  /** The key to go on with: the one given, else that of the poll. @param {Poll} poll */
  checkBoardKey({ boardKey }) {
    const given = this.given.boardKey;
    if (given === null) this.checks.say('board-key', 'skipped', say('keyFromBundle'));
    else if (equal(given, boardKey)) this.checks.pass('board-key');
    else this.checks.fail('board-key', say('otherKey'));
    return given ?? boardKey;
  }

  /**
   * The board's name, where its final checkpoint holds.
   *
   * @param {Poll} poll
   * @param {Bytes} boardKey
   * @param {Tree} tree
   */
  async checkCheckpoints(poll, boardKey, tree) {
    let opened;
    try {
      opened = await this.openCheckpoints(poll, boardKey);
    } catch (error) {
      this.fail('checkpoint', error, 'wrong', error instanceof Refusal ? error.message : '');
      return null;
    }
    this.checks.pass('checkpoint', say('goodOf', opened.length));
    const [last] = opened;
    const wrong = [];
    if (last?.size !== tree.size) wrong.push(last?.size ?? 0);
    for (const { size, root } of opened) {
      if (size > tree.size || !equal(await tree.root(size), root)) wrong.push(size);
    }
    if (wrong.length) this.checks.fail('tree-root', say('wrong', [...new Set(wrong)].join(', ')));
    else this.checks.pass('tree-root', say('goodOf', tree.size));
    return last?.origin ?? null;
  }

  /**
   * The final checkpoint first.
   *
   * @param {Poll} poll
   * @param {Bytes} boardKey
   * @returns {Promise<Checkpoint[]>}
   */
  async openCheckpoints(poll, boardKey) {
    const { origin } = readCheckpoint(this.file('checkpoint')).checkpoint;
    if (!origin.endsWith(`/polls/${poll.id}`)) throw new Refusal('checkpoint-of-another-board');
    const opened = [await openCheckpoint(this.file('checkpoint'), { boardKey, origin })];
    for (const [size, note] of earlierCheckpoints(this.bundle)) {
      const checkpoint = await openCheckpoint(note, { boardKey, origin });
      if (checkpoint.size !== size) throw new Refusal('checkpoint-under-another-size', { size });
      opened.push(checkpoint);
    }
    return opened;
  }

  /** @param {Poll} poll @param {Board} board @param {Bytes} boardKey */
  async checkReceipt(poll, board, boardKey) {
    const { receipt } = this.given;
    if (!receipt) {
      this.checks.say('receipt', 'skipped', say('noReceipt'));
      return;
    }
    const place = board.leaves.findIndex((leaf) => equal(leaf, receipt.leaf));
    if (receipt.poll !== poll.id || !(await isReceiptSigned(receipt, boardKey))) {
      this.checks.fail('receipt', say('receiptForged'));
    } else if (place < 0) this.checks.fail('receipt', say('receiptBroken', tracker(receipt.leaf)));
    else this.checks.pass('receipt', say('receiptFound', tracker(receipt.leaf), place));
  }

  /** @param {Bytes} boardKey @param {string | null} origin @param {Tree} tree */
  async checkEarlier(boardKey, origin, tree) {
    const { earlier } = this.given;
    if (earlier === null) {
      this.checks.say('earlier-checkpoint', 'skipped', say('noEarlier'));
      return;
    }
    try {
      const own = origin ?? readCheckpoint(earlier).checkpoint.origin;
      const { size, root } = await openCheckpoint(earlier, { boardKey, origin: own });
      const stands = size <= tree.size && equal(await tree.root(size), root);
      if (stands) this.checks.pass('earlier-checkpoint', say('extends', size));
      else this.checks.fail('earlier-checkpoint', say('rewritten'));
    } catch (error) {
      this.fail('earlier-checkpoint', error, 'earlierForeign');
    }
  }

  /**
   * How many permits were issued.
   *
   * @param {Poll} poll
   * @param {Board} board
   * @returns {Promise<number | null>}
   */
  async checkIssued(poll, board) {
    const value = this.readJson('issued.json');
    try {
      const optional = poll.level === 'secret' ? [] : ['hashes'];
      const needed = ['eligible', 'issued', 'hashes'].filter((key) => !optional.includes(key));
      const fields = record(value, 'issued', needed, optional);
      const issued = whole(fields, 'issued');
      if (fields.eligible !== poll.eligible) throw new Refusal('eligible');
      if (board.close && issued !== board.close.issued) throw new Refusal('issued');
      if (fields.hashes === undefined) this.checks.pass('issued-list', say('noHashes'));
      else await this.checkHashes(list(fields.hashes, 'hashes'), issued, board);
      this.sayCounts(board, issued, poll.eligible);
      return issued;
    } catch (error) {
      this.fail('issued-list', error, 'wrong', error instanceof Refusal ? error.message : '');
      return null;
    }
  }

  /** @param {Json[]} hashes @param {number} issued @param {Board} board */
  async checkHashes(hashes, issued, board) {
    hashes.forEach((one, place) => {
      const before = place ? hashes[place - 1] : '';
      const fits = typeof one === 'string' && SHA256_HEX.test(one) && String(before) < one;
      if (!fits) throw new Refusal('hashes', { place });
    });
    if (hashes.length !== issued) throw new Refusal('issued');
    const digest = hex(await sha256(utf8(canonicalText(hashes))));
    if (!board.close || digest !== board.close.issuedSha256) throw new Refusal('issued_sha256');
    this.checks.pass('issued-list', say('goodOf', issued));
  }

  /** @param {Board} board @param {number} issued @param {number | null} eligible */
  sayCounts({ voters, added }, issued, eligible) {
    const fits = voters <= issued && (eligible === null || issued <= eligible + added);
    const figures = say('figures', voters, issued, eligible, added);
    this.checks.say('counts', fits ? 'passed' : 'failed', figures);
  }

  /**
   * @param {Poll} poll
   * @param {Board} board
   * @param {number} issued
   * @returns {Promise<Counted[]>}
   */
  async checkResult(poll, board, issued) {
    const claimed = this.readJson('result.json');
    if (!claimed) return [];
    try {
      const { voters, ballots } = board;
      const figures = { eligible: poll.eligible, issued, voters, ballots };
      const decisions = readTieDecisions(claimed);
      this.chair = decisions.length > 0;
      await requireNeeded(poll, board.groups(), decisions);
      const outcomes = await recount(poll, board.groups(), decisions);
      this.notRecounted = poll.questions.map(({ id }) => id).filter((id) => !outcomes.has(id));
      const { apart: counts = null, issued: told = 0 } = board.close ?? {};
      const apart = counts && fits(counts, readRules(poll.definition), told)
        ? { counts, released: board.released } : null;
      const expected = compose(poll, outcomes, figures, claimed, apart);
      const differs = difference(expected, claimed);
      const words = say('recounted', outcomes.size, this.notRecounted);
      if (differs !== null) this.checks.fail('result', say('wrong', differs));
      else this.checks.say('result', this.notRecounted.length ? 'partly' : 'passed', words);
      return counted(poll, outcomes, expected);
    } catch (error) {
      this.fail('result', error, 'wrong', error instanceof Refusal ? error.message : '');
      return [];
    }
  }
}

/** @param {string} words @param {...any} facts @returns {Words} */
const say = (words, ...facts) =>
  /** @type {(...facts: any[]) => Words} */ (SAY[words])(...facts);
