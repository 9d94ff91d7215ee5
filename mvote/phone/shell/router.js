/**
 * Screens by address: `/app/polls/ID/ballot` can be linked to, reloaded and left by "back".
 */

import { button, el } from '../widgets/parts.js';
import { say } from '../words/index.js';
import * as frame from './frame.js';

/** @typedef {import('./frame.js').Screen} Screen */
/**
 * Where one is: `given` are the parts of the path that the route names, `secret` is what stood
 * behind the `#`, which is taken out of the address bar at once.
 *
 * @typedef {object} Place
 * @property {string} path
 * @property {Record<string, string>} given
 * @property {URLSearchParams} query
 * @property {URLSearchParams} secret
 */
/** @typedef {(place: Place) => Screen | Promise<Screen>} Show */
/** @typedef {{ pattern: RegExp, load: () => Promise<Show> }} Route */

/** A screen that is not for now: go there instead. */
export class Elsewhere extends Error {
  /** @param {string} path */
  constructor(path) {
    super(path);
    this.name = 'Elsewhere';
    this.path = path;
  }
}

/** @type {Route[]} */
const routes = [];
/** @type {(() => Promise<unknown>) | null} */
let unread = null;
/** @type {(error: unknown, place: Place) => Promise<Screen>} */
let mend = async (error) => { throw error; };
/** @type {Screen | null} */
let shown = null;
let turn = 0;

/** How often a screen was drawn. */
export const turns = () => turn;

/**
 * @param {string} path as `/app/polls/:poll`
 * @param {() => Promise<Show>} load
 */
export function route(path, load) {
  const spelled = path.replace(/:(\w+)/g, '(?<$1>[^/]+)');
  routes.push({ pattern: new RegExp(`^${spelled}/?$`), load });
}

/** More routes, fetched where none of those that are known fits. @param {() => Promise<unknown>} load */
export function later(load) {
  unread = load;
}

/**
 * Begin: links of the app and "back" lead to screens from now on.
 *
 * @param {(error: unknown, place: Place) => Promise<Screen>} onError makes a screen of what went wrong
 */
export async function start(onError) {
  mend = onError;
  addEventListener('popstate', () => { draw(); });
  document.addEventListener('click', follow);
  await draw();
}

/** Go to a screen. @param {string} path @param {{ replace?: boolean }} [how] */
export async function go(path, { replace = false } = {}) {
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  await draw();
}

/** Show the same screen anew, as in another language or after "try again". */
export async function draw() {
  const mine = (turn += 1);
  await shown?.leave?.();
  shown = null;
  frame.showBusy();
  const place = here();
  let screen;
  try {
    screen = await (await find(place))(place);
  } catch (error) {
    if (mine !== turn) return;
    const found = error instanceof Elsewhere ? error : await mend(error, place).catch(unmended);
    if (found instanceof Elsewhere) {
      await go(found.path, { replace: true });
      return;
    }
    screen = found;
  }
  if (mine !== turn) return;
  shown = screen;
  frame.show(screen);
}

/** Not even the screen for faults came: the line is gone. @param {unknown} error @returns {Screen | Elsewhere} */
function unmended(error) {
  if (error instanceof Elsewhere) return error;
  return {
    title: say('faultTitle'),
    body: [
      el('p', { class: 'notice bad' }, say('unreachable')),
      el('p', { class: 'buttons' }, button({ click: () => location.reload() }, say('again'))),
    ],
  };
}

/** @type {URLSearchParams} */
let secret = new URLSearchParams();

/** @returns {Place} */
function here() {
  const { pathname, search, hash } = location;
  if (hash.length > 1) {
    secret = new URLSearchParams(hash.slice(1));
    history.replaceState(null, '', pathname + search);
  }
  return { path: pathname, given: {}, query: new URLSearchParams(search), secret };
}

/** A screen that was not written. */
export class NoScreen extends Error {}

/** @param {Place} place @returns {Promise<Show>} */
async function find(place) {
  for (const { pattern, load } of routes) {
    const found = pattern.exec(place.path);
    if (found) {
      Object.assign(place.given, found.groups);
      return load();
    }
  }
  if (!unread) throw new NoScreen(place.path);
  await unread();
  unread = null;
  return find(place);
}

/** @param {MouseEvent} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute('download')) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || !url.pathname.startsWith('/app/') || url.pathname.includes('.')) return;
  event.preventDefault();
  go(url.pathname + url.search + url.hash);
}
