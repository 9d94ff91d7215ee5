/**
 * Requests to mvote: strict JSON both ways, refusals as problem details (RFC 9457), time limits.
 *
 * A request that may be carried out twice is sent again by itself; whatever comes back that is
 * no answer of mvote (a page of a café's Wi-Fi, half an answer, nothing) is told apart from a
 * refusal, so that nobody takes it for one.
 *
 * Every answer tells the server's time, by which is said what is open or over, for phones are
 * wrong by days; what differs from the phone's clock is kept for when there is no net.
 */

import { fromUtf8 } from '../app/bytes.js';
import { parse } from '../app/canonical.js';
import { Refusal } from '../app/refusal.js';
import * as store from './store.js';

/** @typedef {import('../app/canonical.js').Json} Json */
/** @typedef {import('../app/poll.js').Words} Words */
/**
 * `repeat`: it may be carried out twice without harm.
 *
 * @typedef {object} Asked
 * @property {string} [method]
 * @property {string} [base] the address of the wing; empty: this one
 * @property {string | Uint8Array<ArrayBuffer>} [body] JSON
 * @property {string} [token]
 * @property {Record<string, string>} [headers]
 * @property {boolean} [repeat]
 * @property {boolean} [plain] plain text is to come, no JSON
 */

const ROOT = '/api/v1';
const SECONDS = 20;
const PAUSES = [600, 2_000]; // milliseconds between the tries
const LONGEST = 25_000; // milliseconds after which nothing is tried again
const LONGEST_WAIT = 10; // seconds that a server may ask to wait before it is asked again
const PROBLEM = 'application/problem+json';
const CLOCK = 'clock';
const LEAST_WORTH_KEEPING = 30_000; // milliseconds by which the kept difference may be off

/** mvote said no, and why; nothing was done. */
export class Refused extends Error {
  /** @param {{ status: number, code: string, sentence: Words, params: Record<string, any>, retryAfter: number | null, reasons?: any[] }} said */
  constructor(said) {
    super(`${said.status} ${said.code}`);
    this.name = 'Refused';
    this.status = said.status;
    this.code = said.code;
    this.sentence = said.sentence;
    this.params = said.params;
    this.retryAfter = said.retryAfter;
  }
}

/** No answer came: no net, no server, or it took too long.  It may have been heard or not. */
export class Unreachable extends Error {
  constructor() {
    super('unreachable');
    this.name = 'Unreachable';
  }
}

/** Something answered that is not mvote, or speaks another tongue. */
export class NotUnderstood extends Error {
  /** @param {string} what */
  constructor(what) {
    super(what);
    this.name = 'NotUnderstood';
  }
}

/**
 * @param {string} path below `/api/v1`
 * @param {Asked} [asked]
 * @returns {Promise<any>} the JSON that came; null where nothing is to come
 * @throws {Refused | Unreachable | NotUnderstood}
 */
export async function ask(path, asked = {}) {
  const repeat = asked.repeat ?? (asked.method ?? 'GET') === 'GET';
  const until = Date.now() + LONGEST;
  for (let tried = 1; ; tried += 1) {
    try {
      return await once(path, asked);
    } catch (error) {
      const pause = pauseAfter(error, tried, repeat);
      if (pause === null || Date.now() + pause > until) throw error;
      await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
  }
}

/**
 * How long to wait before the next try, in milliseconds; null: do not try again.
 *
 * @param {unknown} error
 * @param {number} tried
 * @param {boolean} repeat
 */
function pauseAfter(error, tried, repeat) {
  const pause = PAUSES[tried - 1];
  if (pause === undefined) return null;
  if (error instanceof Unreachable) return repeat && navigator.onLine !== false ? pause : null;
  if (!(error instanceof Refused) || error.retryAfter === null) return null;
  const busy = error.status === 429 || error.status === 503;
  return busy && error.retryAfter <= LONGEST_WAIT ? Math.max(pause, 1000 * error.retryAfter) : null;
}

/** @param {string} path @param {Asked} asked */
async function once(path, { method = 'GET', base = '', body, token, headers = {}, plain = false }) {
  /** @type {Record<string, string>} */
  const sent = { Accept: plain ? 'text/plain' : 'application/json', ...headers };
  if (body !== undefined) sent['Content-Type'] = 'application/json';
  if (token) sent.Authorization = `Bearer ${token}`;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 1000 * SECONDS);
  let response, raw;
  try {
    response = await fetch(`${base}${ROOT}${path}`, {
      method, headers: sent, body, signal: stop.signal,
      credentials: 'omit', cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer',
    });
    raw = new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new Unreachable();
  } finally {
    clearTimeout(timer);
  }
  return read(response, raw, plain);
}

/** @param {Response} response @param {Uint8Array<ArrayBuffer>} raw @param {boolean} plain */
function read(response, raw, plain) {
  const kind = (response.headers.get('Content-Type') ?? '').split(';')[0]?.trim();
  if (response.status === 204) return heard(response, null);
  if (response.ok && plain && kind === 'text/plain') return heard(response, fromUtf8(raw));
  if (response.ok && kind === 'application/json') return heard(response, json(raw));
  if (response.status >= 400 && kind === PROBLEM) throw heard(response, refusal(response, raw));
  if (response.status === 502 || response.status === 504) throw new Unreachable();
  throw new NotUnderstood(`${response.status} ${kind}`);
}

/** Only what mvote itself answered tells the time. @template T @param {Response} response @param {T} value */
function heard(response, value) {
  hear(response.headers.get('Date'));
  return value;
}

/** @param {Uint8Array<ArrayBuffer>} raw @returns {any} */
function json(raw) {
  try {
    return parse(raw);
  } catch {
    throw new NotUnderstood('no JSON');
  }
}

/** @param {Response} response @param {Uint8Array<ArrayBuffer>} raw */
function refusal(response, raw) {
  let problem;
  try {
    problem = JSON.parse(fromUtf8(raw)); // what officials wrote may be in it, so not strictly
  } catch {
    throw new NotUnderstood('no problem details');
  }
  const { code, sentence, params = {} } = problem ?? {};
  if (typeof code !== 'string' || typeof sentence?.ko !== 'string' || typeof sentence?.en !== 'string') {
    throw new NotUnderstood('no problem details');
  }
  const wait = response.headers.get('Retry-After') ?? '';
  const retryAfter = /^\d{1,6}$/.test(wait) ? Number(wait) : null;
  return new Refused({ status: response.status, code, sentence, params, retryAfter });
}

/** What a server says that it should not is a fault of the server. @template T @param {() => T | Promise<T>} work */
export async function understood(work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal || error instanceof TypeError) throw new NotUnderstood(error.message);
    throw error;
  }
}

let ahead = 0;
let kept = 0;

/** Read how wrong the clock was, at the start. */
export async function wind() {
  const found = await store.get(CLOCK).catch(() => null);
  if (typeof found?.ahead === 'number') ahead = kept = found.ahead;
}

/** Hear the time that an answer tells. @param {string | null} date the header `Date` */
export function hear(date) {
  const told = date ? Date.parse(date) : NaN;
  if (Number.isNaN(told)) return;
  ahead = told - Date.now();
  if (Math.abs(ahead - kept) < LEAST_WORTH_KEEPING) return;
  kept = ahead;
  store.put(CLOCK, { ahead }).catch(() => {}); // it is heard again with the next answer
}

/** Milliseconds since 1970 as the server counts them. */
export const now = () => Date.now() + ahead;

/** By how much the phone's own clock is wrong, in milliseconds. */
export const wrongBy = () => Math.abs(ahead);
