/**
 * The entries of a board, read once from first to last: what each of them is, whether every
 * ballot holds, and which ballots count.
 */

import { KNOWN_TYPES, readAnswers } from './answers.js';
import { isBallotPermitted, isSignatureGood, leafOf, readBallot } from './ballot.js';
import { fromUtf8 } from './bytes.js';
import { canonicalText, parse } from './canonical.js';
import { SHA256_HEX, fault, isPlain, matching, object, record, time, whole } from './exact.js';
import { Closings, readNote } from './notes.js';
import { readCounts } from './quarantine.js';
import { Refusal } from './refusal.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./canonical.js').Json} Json */
/** @typedef {import('./canonical.js').JsonObject} JsonObject */
/** @typedef {import('./answers.js').Choices} Choices */
/** @typedef {import('./permit.js').Issuers} Issuers */
/** @typedef {import('./poll.js').Poll} Poll */
/** @typedef {{ ballots: number, voters: number, issued: number, issuedSha256: string, apart: Record<string, number> | null }} Close */
/** @typedef {'canonical' | 'permits' | 'signatures' | 'answers' | 'duplicate-seq' | 'close-entry'} EntryCheck */

const AT_ONCE = 64;
const SHOWN = 5;
const NEWLINE = 10;
const MOST_REASON = 10_000;

/** How many entries break one check, and the first of them. */
export class Breaches {
  constructor() {
    this.number = 0;
    /** @type {number[]} */
    this.first = [];
  }

  /** @param {number} position */
  add(position) {
    this.number += 1;
    if (this.first.length < SHOWN) this.first.push(position);
  }
}

/** What was found on the board. */
export class Board {
  /** @param {Poll} poll @param {Issuers | null} issuers null where their keys cannot be used */
  constructor(poll, issuers) {
    this.poll = poll;
    this.issuers = issuers;
    this.closings = new Closings(poll.definition);
    /** Who was added to the roll by officials since the poll was frozen. */
    this.added = 0;
    /** Rules whose permits officials let count as all others. @type {Set<string>} */
    this.released = new Set();
    /** @type {Bytes[]} */
    this.leaves = [];
    this.ballots = 0;
    /** @type {Close | null} */
    this.close = null;
    /** @type {Record<EntryCheck, Breaches>} */
    this.breaches = {
      canonical: new Breaches(), permits: new Breaches(), signatures: new Breaches(),
      answers: new Breaches(), 'duplicate-seq': new Breaches(), 'close-entry': new Breaches(),
    };
    /**
     * The ballot of each voter that counts.
     *
     * @type {Map<string, { seq: number, choices: Choices | null }>}
     */
    this.counting = new Map();
    /** @type {Set<string>} */
    this.seen = new Set();
  }

  /**
   * @param {Poll} poll
   * @param {Issuers | null} issuers
   * @param {Bytes} raw entries.jsonl
   * @param {(done: number) => void} onProgress from 0 to 1
   */
  static async read(poll, issuers, raw, onProgress) {
    const board = new Board(poll, issuers);
    for (let at = 0; at < raw.length;) {
      /** @type {Bytes[]} */
      const lines = [];
      for (; at < raw.length && lines.length < AT_ONCE;) {
        const end = raw.indexOf(NEWLINE, at);
        const cut = end < 0 ? raw.length : end;
        if (end < 0) board.breaches.canonical.add(board.leaves.length + lines.length);
        lines.push(raw.subarray(at, cut));
        at = cut + 1;
      }
      await board.take(lines);
      onProgress(Math.min(1, at / raw.length));
      await new Promise((resume) => { setTimeout(resume); }); // so that the page can show it
    }
    return board;
  }

  /** @param {Bytes[]} lines */
  async take(lines) {
    const start = this.leaves.length;
    this.leaves.push(...(await Promise.all(lines.map(leafOf))));
    await Promise.all(lines.map((line, number) => this.takeEntry(start + number, line)));
  }

  /** @param {number} position @param {Bytes} line */
  async takeEntry(position, line) {
    const value = this.readLine(position, line);
    if (this.close !== null) this.breaches['close-entry'].add(position);
    if (position === 0 || value === null) return;
    if (Object.hasOwn(value, 'type')) this.takeNote(position, value);
    else await this.takeBallot(position, value, line.length);
  }

  /** @param {number} position @param {Bytes} line @returns {JsonObject | null} */
  readLine(position, line) {
    try {
      const text = fromUtf8(line);
      const value = object(parse(text), 'entry');
      if (canonicalText(value) !== text) throw new Refusal('not-canonical');
      return value;
    } catch (error) {
      return this.refused('canonical', position, error);
    }
  }

  /** An entry that is no ballot. @param {number} position @param {JsonObject} value */
  takeNote(position, value) {
    try {
      if (value.type === 'close') this.close = readClose(value);
      else if (value.type === 'note') this.takeNoted(readNote(value, position));
      else readPause(value, position);
    } catch (error) {
      this.refused(value.type === 'close' ? 'close-entry' : 'canonical', position, error);
    }
  }

  /** @param {import('./notes.js').Noted} noted */
  takeNoted({ at, moved, raises, release }) {
    this.added += raises;
    if (release?.released) this.released.add(release.rule);
    else if (release) this.released.delete(release.rule);
    if (moved !== null && !this.closings.take(moved, at)) fault('outage');
  }

  /** @param {number} position @param {JsonObject} value @param {number} length */
  async takeBallot(position, value, length) {
    this.ballots += 1;
    let ballot;
    try {
      ballot = readBallot(value, length);
    } catch (error) {
      this.refused('canonical', position, error);
      return;
    }
    this.keep(position, ballot);
    const { id, ph, level } = this.poll;
    const frozen = this.issuers && { poll: id, ph, level, issuers: this.issuers };
    const [permitted, signed] = await Promise.all([
      frozen && isBallotPermitted(ballot, frozen), isSignatureGood(ballot),
    ]);
    if (permitted === false) this.breaches.permits.add(position);
    if (!signed) this.breaches.signatures.add(position);
  }

  /**
   * Of one voter the ballot with the highest number counts.
   *
   * @param {number} position
   * @param {import('./ballot.js').Ballot} ballot
   */
  keep(position, ballot) {
    const [before, key] = [this.counting.get(ballot.holder), `${ballot.holder}:${ballot.seq}`];
    const twice = this.seen.has(key) || ((before || ballot.seq > 1) && !this.poll.revote);
    if (twice) this.breaches['duplicate-seq'].add(position);
    this.seen.add(key);
    const choices = this.choicesOf(position, ballot);
    if (!before || before.seq < ballot.seq) {
      this.counting.set(ballot.holder, { seq: ballot.seq, choices });
    }
  }

  /** @param {number} position @param {import('./ballot.js').Ballot} ballot */
  choicesOf(position, ballot) {
    try {
      return readAnswers(this.poll.questions, ballot.answers);
    } catch (error) {
      return this.refused('answers', position, error);
    }
  }

  /** @param {EntryCheck} check @param {number} position @param {unknown} error @returns {null} */
  refused(check, position, error) {
    if (!(error instanceof Refusal)) throw error;
    this.breaches[check].add(position);
    return null;
  }

  get voters() {
    return this.counting.size;
  }

  /** The questions whose answers only their own type could judge. */
  get notChecked() {
    const left = this.poll.questions.filter(({ type }) => !KNOWN_TYPES.includes(type));
    return left.map(({ id }) => id);
  }

  /**
   * The ballots that count, equal ones put together, for every question with choices.
   *
   * @returns {Map<string, import('./count.js').Group[]>} by question id
   */
  groups() {
    /** @type {Map<string, Map<string, import('./count.js').Group>>} */
    const found = new Map();
    for (const { id, type } of this.poll.questions) {
      if (KNOWN_TYPES.includes(type)) found.set(id, new Map());
    }
    for (const { choices } of this.counting.values()) {
      for (const [question, chosen] of choices ?? []) {
        const groups = found.get(question);
        if (groups && chosen) addTo(groups, chosen);
      }
    }
    return new Map([...found].map(([question, groups]) => [question, [...groups.values()]]));
  }
}

/** @param {Map<string, import('./count.js').Group>} groups @param {string[]} chosen */
function addTo(groups, chosen) {
  const key = [...chosen].sort().join('\n');
  const group = groups.get(key);
  if (group) group.times += 1;
  else groups.set(key, { chosen, times: 1 });
}

/** @param {JsonObject} value @returns {Close} */
function readClose(value) {
  const fields = record(value, 'close', ['type', 'counts', 'issued', 'issued_sha256'], ['quarantine']);
  const counts = record(fields.counts, 'counts', ['ballots', 'voters']);
  return {
    ballots: whole(counts, 'ballots'),
    voters: whole(counts, 'voters'),
    issued: whole(fields, 'issued'),
    issuedSha256: matching(fields, 'issued_sha256', SHA256_HEX),
    apart: Object.hasOwn(fields, 'quarantine') ? readCounts(fields.quarantine) : null,
  };
}

/**
 * `suspend` and `resume`; a cancelled poll has no bundle.
 *
 * @param {JsonObject} value
 * @param {number} position
 */
function readPause(value, position) {
  const fields = record(value, 'entry', ['type', 'position', 'at'], ['reason']);
  if (fields.type !== 'suspend' && fields.type !== 'resume') fault('type');
  time(fields, 'at');
  if (fields.position !== position) fault('position');
  if (!Object.hasOwn(fields, 'reason')) return;
  for (const said of Object.values(object(fields.reason, 'reason'))) {
    if (typeof said !== 'string' || !isPlain(said, MOST_REASON, true)) fault('reason');
  }
}
