/**
 * Push messages about topics of the city.  They are tied to no poll and no account: the server is
 * told where to push to and which topics, and gives a secret by which the phone leaves again.
 */

import { unb64u } from '../app/bytes.js';
import { NotUnderstood, ask } from './api.js';
import * as store from './store.js';

/** @typedef {{ own: string, topics: string[], language: string, endpoint: string }} Held */
/** @typedef {'unsupported' | 'off' | 'denied' | 'ready' | 'on'} Standing */

const NAME = 'push';

/** The browser's own push service took no registration. */
export class PushFailed extends Error {}

/** @returns {Promise<Held | null>} */
export const findPush = () => store.get(NAME);

const registration = () => navigator.serviceWorker?.getRegistration('/app/');

/** Where this phone stands. @returns {Promise<Standing>} */
export async function standing() {
  if (!('PushManager' in globalThis) || !('Notification' in globalThis) || !navigator.serviceWorker) return 'unsupported';
  if (await findPush()) return 'on';
  if (Notification.permission === 'denied') return 'denied';
  return (await ask('/push-key')).on ? 'ready' : 'off';
}

/**
 * Begin to get messages, or get them about other topics.
 *
 * @param {string[]} topics `all`, `department:CODE`, `topic:TAG`
 * @param {string} language
 * @returns {Promise<Standing>} `denied` where the citizen or the browser said no
 * @throws {PushFailed | import('./api.js').Refused | import('./api.js').Unreachable | NotUnderstood}
 */
export function startPush(topics, language) {
  return store.alone(NAME, async () => {
    if ((await Notification.requestPermission()) !== 'granted') return 'denied';
    const { key } = await ask('/push-key');
    const subscription = await subscribe(key);
    const { endpoint, keys } = subscription.toJSON();
    const body = JSON.stringify({ endpoint, keys, topics, language });
    const answer = await ask('/push-followers', { method: 'POST', body, repeat: true });
    if (typeof answer?.own !== 'string') throw new NotUnderstood('no follower');
    const before = await findPush();
    await store.put(NAME, { own: answer.own, topics, language, endpoint: subscription.endpoint });
    if (before && before.own !== answer.own) await leave(before.own).catch(() => {});
    return 'on';
  });
}

/** @param {string} key */
async function subscribe(key) {
  const manager = (await registration())?.pushManager;
  if (!manager) throw new PushFailed();
  const held = await manager.getSubscription();
  const mine = held?.options.applicationServerKey;
  if (held && mine && b64uOf(mine) === key) return held;
  await held?.unsubscribe();
  try {
    return await manager.subscribe({ userVisibleOnly: true, applicationServerKey: unb64u(key) });
  } catch {
    throw new PushFailed();
  }
}

/** @param {ArrayBuffer} raw */
const b64uOf = (raw) =>
  btoa(String.fromCharCode(...new Uint8Array(raw))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** @param {string} own */
const leave = (own) => ask(`/followers/${encodeURIComponent(own)}`, { method: 'DELETE', repeat: true });

/** Get no more messages; the server forgets this phone. */
export const stopPush = () => store.alone(NAME, async () => {
  const held = await findPush();
  if (held) await leave(held.own);
  await (await (await registration())?.pushManager.getSubscription())?.unsubscribe();
  await store.remove(NAME);
});
