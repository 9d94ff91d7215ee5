/**
 * Being signed in at the people wing: proved once by a code, renewed by a token that serves once;
 * and the passes of private rooms, which are shown for reading and for the permit.
 *
 * Two windows that renew at once would use one refresh token twice, which ends the sign-in on
 * the server; so renewing is done by one window at a time, which looks first what the other did.
 */

import { NotUnderstood, Refused, ask, now } from './api.js';
import * as store from './store.js';

/** @typedef {{ access: string, until: number, refresh: string }} Tokens `until` by the server's clock */

const NAME = 'identity';
const ROOM = 'room/';
const EARLY = 15_000; // milliseconds before its end at which an access token is not used any more
const OVER = ['token-expired', 'token-revoked', 'token-not-valid', 'token-missing', 'refresh-reused', 'account-gone'];

/** Nobody is signed in, or no longer: the number has to be proved (again). */
export class SignInNeeded extends Error {
  constructor() {
    super('sign-in-needed');
    this.name = 'SignInNeeded';
  }
}

export const isSignedIn = async () => (await store.get(NAME)) !== null;

/**
 * Ask for a code.
 *
 * @param {string} base the people wing
 * @param {{ number: string, language: string, consent?: number }} sent
 * @returns {Promise<{ check: string, expiresIn: number, resendIn: number }>} seconds
 */
export async function requestCode(base, sent) {
  const body = JSON.stringify(sent);
  const answer = await ask('/phone-checks', { method: 'POST', base, body });
  if (typeof answer?.check !== 'string') throw new NotUnderstood('no check');
  return { check: answer.check, expiresIn: answer.expires_in, resendIn: answer.resend_in };
}

/** @param {string} base @param {string} check @param {string} code */
export async function enterCode(base, check, code) {
  const body = JSON.stringify({ code });
  await keep(await ask(`/phone-checks/${check}/tokens`, { method: 'POST', base, body }));
}

/**
 * A request in this person's name.
 *
 * @param {string} path
 * @param {import('./api.js').Asked} asked
 * @throws {SignInNeeded}
 */
export async function askAsMyself(path, asked) {
  const token = await accessToken(asked.base ?? '');
  try {
    return await ask(path, { ...asked, token });
  } catch (error) {
    if (!(error instanceof Refused) || !OVER.includes(error.code)) throw error;
    if (error.code === 'account-gone') return forget();
    return ask(path, { ...asked, token: await accessToken(asked.base ?? '', token) });
  }
}

/** End the sign-in on the server and forget it here. @param {string} base */
export async function signOut(base) {
  await askAsMyself('/tokens', { method: 'DELETE', base }).catch(() => {});
  await store.remove(NAME);
}

/** @param {string} base @param {string} [spent] an access token that was refused */
function accessToken(base, spent) {
  return store.alone('identity', async () => {
    /** @type {Tokens | null} */
    const held = await store.get(NAME);
    if (!held) throw new SignInNeeded();
    if (held.access !== spent && now() < held.until - EARLY) return held.access;
    return renew(base, held.refresh);
  });
}

/** @param {string} base @param {string} refresh @returns {Promise<string>} */
async function renew(base, refresh) {
  try {
    return await keep(await ask('/tokens/refresh', { method: 'POST', base, token: refresh }));
  } catch (error) {
    if (error instanceof Refused && OVER.includes(error.code)) return forget();
    throw error;
  }
}

/** @returns {Promise<never>} */
async function forget() {
  await store.remove(NAME);
  throw new SignInNeeded();
}

/** @param {any} answer @returns {Promise<string>} the access token */
async function keep(answer) {
  const { access, refresh, expires_in: seconds } = answer ?? {};
  if (typeof access !== 'string' || typeof refresh !== 'string') throw new NotUnderstood('no tokens');
  await store.put(NAME, { access, refresh, until: now() + 1000 * Number(seconds) });
  return access;
}

/** The pass for a poll, while it is good. @param {string} poll @returns {Promise<string | null>} */
export async function passFor(poll) {
  const held = await store.get(ROOM + poll).catch(() => null);
  return held && now() < held.until ? held.pass : null;
}

/**
 * Enter the room in which a poll is.
 *
 * @param {string} poll
 * @param {{ base: string, number: string, password: string }} given
 */
export async function enterRoom(poll, { base, number, password }) {
  const body = JSON.stringify({ password });
  const path = `/rooms/${encodeURIComponent(number)}/entries`;
  const answer = await askAsMyself(path, { method: 'POST', base, body });
  if (typeof answer?.room_pass !== 'string') throw new NotUnderstood('no pass');
  await store.put(ROOM + poll, { pass: answer.room_pass, until: now() + 1000 * answer.expires_in });
}
