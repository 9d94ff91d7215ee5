/**
 * Strict JSON in, canonical JSON out.
 *
 * What is hashed or signed is the RFC 8785 (JCS) form of what was parsed.  Parsing refuses
 * everything that two readers could understand differently: duplicate keys, floats, integers
 * outside ±(2^53 − 1), texts that are not NFC, NUL, lone surrogates, trailing characters.
 */

import { fromUtf8, hex, sha256, utf8 } from './bytes.js';
import { Refusal } from './refusal.js';

/** @typedef {null | boolean | number | string | JsonArray | JsonObject} Json */
/** @typedef {Json[]} JsonArray */
/** @typedef {{ [key: string]: Json }} JsonObject */

export const MAX_DEPTH = 16;
const MAX_DIGITS = 17;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const SPACE = /[ \t\n\r]*/y;
const ESCAPES = new Map(Object.entries({
  '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t',
}));
const ASCII = /^[\u0001-\u007f]*$/;
const NUL_OR_HALF = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** @param {string} reason @returns {never} */
function malformed(reason) {
  throw new Refusal('malformed-json', { reason });
}

/** A recursive descent over one text; `at` is the next character. */
class Parser {
  /** @param {string} text @param {number} maxDepth */
  constructor(text, maxDepth) {
    this.text = text;
    this.at = 0;
    this.maxDepth = maxDepth;
  }

  /** @returns {Json} */
  whole() {
    const value = this.value(0);
    if (this.at !== this.text.length) malformed(`more behind character ${this.at}`);
    return value;
  }

  /** @param {RegExp} sticky */
  take(sticky) {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text);
    if (found) this.at = sticky.lastIndex;
    return found ? found[0] : '';
  }

  /** @param {number} depth @returns {Json} */
  value(depth) {
    this.take(SPACE);
    const value = this.bare(depth);
    this.take(SPACE);
    return value;
  }

  /** @param {number} depth @returns {Json} */
  bare(depth) {
    const first = this.text[this.at];
    if (first === '{') return this.object(depth + 1);
    if (first === '[') return this.array(depth + 1);
    if (first === '"') return this.string();
    for (const [word, value] of /** @type {[string, Json][]} */ ([
      ['true', true], ['false', false], ['null', null],
    ])) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  /** @returns {number} */
  number() {
    const spelled = this.take(NUMBER);
    if (!spelled) malformed(`no value at character ${this.at}`);
    if (/[.eE]/.test(spelled)) malformed(`${spelled.slice(0, 20)} is not an integer`);
    const number = Number(spelled);
    if (spelled.length > MAX_DIGITS || spelled === '-0' || !Number.isSafeInteger(number)) {
      malformed(`${spelled.slice(0, 20)} is not a safe integer`);
    }
    return number;
  }

  /** @returns {string} */
  string() {
    this.at += 1;
    let made = this.take(PLAIN);
    while (this.text[this.at] === '\\') made += this.escape() + this.take(PLAIN);
    if (this.text[this.at] !== '"') malformed(`a text does not end at character ${this.at}`);
    this.at += 1;
    if (ASCII.test(made)) return made;
    if (made.normalize('NFC') !== made) malformed('a text is not in Unicode form NFC');
    if (NUL_OR_HALF.test(made)) malformed('a text holds NUL or half a character');
    return made;
  }

  escape() {
    const sign = this.text[this.at + 1] ?? '';
    if (sign === 'u') {
      const digits = this.text.slice(this.at + 2, this.at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) malformed(`a wrong escape at character ${this.at}`);
      this.at += 6;
      return String.fromCharCode(parseInt(digits, 16));
    }
    const meant = ESCAPES.get(sign);
    if (meant === undefined) malformed(`a wrong escape at character ${this.at}`);
    this.at += 2;
    return meant;
  }

  /** @param {number} depth */
  open(depth) {
    if (depth > this.maxDepth) malformed(`nested deeper than ${this.maxDepth}`);
    this.at += 1;
    this.take(SPACE);
  }

  /** Whether another item follows; steps over the comma or the end. @param {string} end */
  goesOn(end) {
    const sign = this.text[this.at];
    if (sign !== ',' && sign !== end) malformed(`no , or ${end} at character ${this.at}`);
    this.at += 1;
    return sign === ',';
  }

  /** @param {number} depth @returns {Json[]} */
  array(depth) {
    this.open(depth);
    /** @type {Json[]} */
    const made = [];
    if (this.text[this.at] === ']') {
      this.at += 1;
      return made;
    }
    do made.push(this.value(depth)); while (this.goesOn(']'));
    return made;
  }

  /** Without a prototype, so that every key is only a key. @param {number} depth */
  object(depth) {
    this.open(depth);
    /** @type {JsonObject} */
    const made = Object.create(null);
    if (this.text[this.at] === '}') {
      this.at += 1;
      return made;
    }
    do {
      this.take(SPACE);
      if (this.text[this.at] !== '"') malformed(`no key at character ${this.at}`);
      const key = this.string();
      this.take(SPACE);
      if (this.text[this.at] !== ':') malformed(`no : at character ${this.at}`);
      this.at += 1;
      if (Object.hasOwn(made, key)) malformed('a key stands twice in one object');
      made[key] = this.value(depth);
    } while (this.goesOn('}'));
    return made;
  }
}

/**
 * Read strict JSON.
 *
 * @param {string | Uint8Array} raw
 * @param {number} [maxDepth]
 * @returns {Json}
 * @throws {Refusal} `malformed-json`, `not-utf-8`
 */
export function parse(raw, maxDepth = MAX_DEPTH) {
  const text = typeof raw === 'string' ? raw : fromUtf8(raw);
  return new Parser(text, maxDepth).whole();
}

/**
 * The RFC 8785 form.
 *
 * @param {Json} value
 * @returns {string}
 */
export function canonicalText(value) {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'number' && !Number.isFinite(value)) malformed('a number is not finite');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  const items = Object.keys(value)
    .sort() // by UTF-16 code units, as RFC 8785 section 3.2.3 wants it
    .map((key) => `${JSON.stringify(key)}:${canonicalText(/** @type {Json} */ (value[key]))}`);
  return `{${items.join(',')}}`;
}

/** @param {Json} value */
export const canonicalBytes = (value) => utf8(canonicalText(value));

/**
 * Canonical bytes that every strict reader takes: what cannot be sent is refused here already.
 *
 * @param {Json} value
 * @throws {Refusal} `malformed-json`
 */
export function sendableBytes(value) {
  const text = canonicalText(value);
  parse(text);
  return utf8(text);
}

/** SHA-256 of the canonical form, 64 hexadecimal digits. @param {Json} value */
export const digest = async (value) => hex(await sha256(canonicalBytes(value)));
