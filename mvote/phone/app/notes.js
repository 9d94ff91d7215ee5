/**
 * Notes on a frozen poll as they stand on its board, and how declared outages move its closing.
 *
 *     {"type":"note", "position":7, "at":"…", "number":1, "about":"poll", "text":{"ko":"…","en":"…"},
 *      "corrects":1?, "outage":{"begin":"…","end":"…","closes":"…"}?,
 *      "roll":{"change":"added","day":"…","raises":1}?,
 *      "quarantine":{"rule":"proof","released":true}?}
 */

import { fault, isPlain, matching, object, record, time, whole } from './exact.js';
import { readOutageRule } from './poll.js';
import { readRelease } from './quarantine.js';

/** @typedef {import('./canonical.js').Json} Json */
/** @typedef {import('./canonical.js').JsonObject} JsonObject */
/** @typedef {{ begin: number, end: number }} Outage milliseconds since 1970 */
/** @typedef {Outage & { closes: number }} Moved an outage, and when the poll closes because of it */
/** @typedef {{ rule: string, released: boolean }} Release */
/** @typedef {{ at: number, moved: Moved | null, raises: number, release: Release | null }} Noted */

const ABOUT = /^(poll|outage|roll|quarantine)$/;
const BESIDE = ['outage', 'roll', 'quarantine'];
const CHANGE = /^(added|struck)$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LANGUAGES = ['ko', 'en'];
const MOST_TEXT = 10_000;

/**
 * Read a note strictly.
 *
 * @param {JsonObject} value
 * @param {number} position
 * @returns {Noted}
 * @throws {import('./refusal.js').Refusal} `malformed`
 */
export function readNote(value, position) {
  const needed = ['type', 'position', 'at', 'number', 'about', 'text'];
  const fields = record(value, 'entry', needed, ['corrects', ...BESIDE]);
  const at = instant(fields, 'at');
  const number = whole(fields, 'number', 1);
  if (whole(fields, 'position', 1) !== position) fault('position');
  const about = matching(fields, 'about', ABOUT);
  if (BESIDE.some((name) => (about === name) !== Object.hasOwn(fields, name))) fault('about');
  const text = record(fields.text, 'text', LANGUAGES);
  for (const said of LANGUAGES.map((language) => text[language])) {
    if (typeof said !== 'string' || !isPlain(said, MOST_TEXT, true)) fault('text');
  }
  if (Object.hasOwn(fields, 'corrects')) whole(fields, 'corrects', 1, number - 1);
  return {
    at,
    moved: about === 'outage' ? readOutage(fields.outage) : null,
    raises: about === 'roll' ? readRoll(fields.roll) : 0,
    release: about === 'quarantine' ? readRelease(fields.quarantine) : null,
  };
}

/** Follows a board: each outage noted on it has to move the closing as the rule says. */
export class Closings {
  /** @param {JsonObject} definition */
  constructor(definition) {
    this.rule = readOutageRule(definition);
    this.closes = instant(definition, 'closes');
    this.latest = this.closes + (this.rule ?? 0) * 1000;
    /** @type {Outage[]} */
    this.before = [];
  }

  /**
   * Whether an outage noted `at` moves the closing there and nowhere else.
   *
   * @param {Moved} moved
   * @param {number} at
   */
  take({ begin, end, closes }, at) {
    const overlaps = this.before.some((one) => begin < one.end && one.begin < end);
    const inside = begin < end && end <= this.closes && begin <= at && at < this.closes;
    const wanted = Math.min(this.closes + end - begin, this.latest);
    if (this.rule === null || overlaps || !inside || wanted <= this.closes || wanted !== closes) {
      return false;
    }
    this.closes = closes;
    this.before.push({ begin, end });
    return true;
  }
}

/** @param {Json | undefined} value */
function readOutage(value) {
  const fields = record(object(value, 'outage'), 'outage', ['begin', 'end', 'closes']);
  return {
    begin: instant(fields, 'begin'), end: instant(fields, 'end'), closes: instant(fields, 'closes'),
  };
}

/** By how many there may be more permits than were eligible. @param {Json | undefined} value */
function readRoll(value) {
  const fields = record(object(value, 'roll'), 'roll', ['change', 'day', 'raises']);
  const added = matching(fields, 'change', CHANGE) === 'added';
  const day = matching(fields, 'day', DAY);
  time({ day: `${day}T00:00:00Z` }, 'day');
  return whole(fields, 'raises', 0, added ? 1 : 0);
}

/** @param {JsonObject} fields @param {string} field */
const instant = (fields, field) => Date.parse(time(fields, field));
