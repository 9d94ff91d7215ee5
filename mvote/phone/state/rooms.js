/** Private rooms: the pass that was given at the entry is shown for reading and for the permit. */

import { NotUnderstood } from './api.js';
import { askAsMyself } from './identity.js';
import { now } from './clock.js';
import * as store from './store.js';

const PREFIX = 'room/';

/** The pass for a poll, while it is good. @param {string} poll @returns {Promise<string | null>} */
export async function passFor(poll) {
  const held = await store.get(PREFIX + poll).catch(() => null);
  return held && now() < held.until ? held.pass : null;
}

/**
 * Enter the room in which a poll is.
 *
 * @param {string} poll
 * @param {{ base: string, number: string, password: string }} given
 */
export async function enter(poll, { base, number, password }) {
  const body = JSON.stringify({ password });
  const path = `/rooms/${encodeURIComponent(number)}/entries`;
  const answer = await askAsMyself(path, { method: 'POST', base, body });
  if (typeof answer?.room_pass !== 'string') throw new NotUnderstood('no pass');
  await store.put(PREFIX + poll, { pass: answer.room_pass, until: now() + 1000 * answer.expires_in });
}
