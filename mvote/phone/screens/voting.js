/**
 * What every screen of one poll begins with: the poll, held to its link, and this phone's vote.
 */

import { Refused, Unreachable, ask, now } from '../state/api.js';
import { passFor } from '../state/identity.js';
import { PollChanged, fetchPoll, requireSame } from '../state/polls.js';
import { beginVote, counted, findVote, hearOf, keptPoll, waiting } from '../state/votes.js';
import { StorageRefused } from '../state/store.js';
import { Elsewhere, draw } from '../shell/router.js';
import { nameCity } from '../shell/frame.js';

/** @typedef {import('../shell/router.js').Place} Place */
/** @typedef {import('../state/polls.js').Poll} Poll */
/** @typedef {import('../state/votes.js').Vote} Vote */

const FRESH = 5 * 60_000; // milliseconds for which what was heard of a poll is believed
const AFTER = 1_000; // milliseconds after a poll opens or closes until one looks at it again
const SPREAD = 5_000; // milliseconds over which phones spread, lest all look at once
const LONGEST = 2 ** 31 - 1; // milliseconds that a timer takes

/** @type {Map<string, { poll: Poll, at: number }>} */
const heard = new Map();

/** What the link said of a poll holds for all its screens. @type {Map<string, string>} */
const linked = new Map();

/** What this window heard of polls counts no more. */
export const forgetPolls = () => heard.clear();

/** @param {string} poll @param {string} [screen] */
export const pathOf = (poll, screen = '') => `/app/polls/${poll}${screen && `/${screen}`}`;

/**
 * The poll that the address names; `kept`: there is no net, and it is as it was heard last.
 *
 * @param {Place} place
 * @returns {Promise<{ poll: Poll, vote: Vote | null, kept: boolean }>}
 * @throws {PollChanged | Refused | Unreachable | import('../state/api.js').NotUnderstood}
 */
export async function openPoll({ given, query, secret }) {
  const id = String(given.poll);
  const vote = await findVote(id).catch(ignoreNoStorage);
  const { poll, kept } = await hear(id, vote);
  const digits = query.get('ph') ?? secret.get('ph') ?? linked.get(id) ?? null;
  requireSame(poll, digits);
  if (digits) linked.set(id, digits);
  if (vote && vote.ph !== poll.frozen.ph) throw new PollChanged();
  nameCity(poll.head.told.city);
  return { poll, vote: kept ? vote : (await hearOf(poll).catch(ignoreNoStorage)) ?? vote, kept };
}

/** Reading needs no storage; voting does, and says so. @param {unknown} error */
function ignoreNoStorage(error) {
  if (error instanceof StorageRefused) return null;
  throw error;
}

/** @param {string} id @param {Vote | null} vote @returns {Promise<{ poll: Poll, kept: boolean }>} */
async function hear(id, vote) {
  const known = heard.get(id);
  if (known && now() - known.at < FRESH) return { poll: known.poll, kept: false };
  try {
    const poll = await fetchPoll(id, { roomPass: await passFor(id) });
    heard.set(id, { poll, at: now() });
    return { poll, kept: false };
  } catch (error) {
    if (error instanceof Refused && ['room-pass-needed', 'room-pass-not-valid'].includes(error.code)) {
      throw new Elsewhere(pathOf(id, 'room'));
    }
    if (!(error instanceof Unreachable) || !vote) throw error;
    return { poll: await keptPoll(vote), kept: true };
  }
}

/**
 * The vote of this phone in a poll, its seed stored first.
 *
 * @param {Poll} poll
 * @param {Place} place a seed that another browser handed over stands in its secret part
 */
export async function begin(poll, place) {
  const handed = place.secret.get('seed');
  const vote = await beginVote(poll, handed);
  place.secret.delete('seed');
  return vote;
}

/**
 * Where somebody who voted belongs: on the receipt, or where the ballot waits.
 *
 * @param {Vote | null} vote
 * @param {boolean} [changing] the voter wants to change a vote that was counted
 * @throws {Elsewhere}
 */
export function requireNotCast(vote, changing = false) {
  if (!vote) return;
  if (waiting(vote)) throw new Elsewhere(pathOf(vote.poll, 'waiting'));
  if (counted(vote) && !changing) throw new Elsewhere(pathOf(vote.poll, 'counted'));
}

/** Whether a poll takes ballots now, by the server's clock. @param {Poll} poll */
export const isOpen = ({ head }) => head.state === 'open' && now() < Date.parse(head.closes);

/**
 * Show the screen anew once the poll opens or closes while one looks at it.
 *
 * @param {Poll} poll as it was shown
 * @returns {() => void} ends it, for when the screen is left
 */
export function watch(poll) {
  const { id } = poll.frozen;
  const shown = phaseOf(poll);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let left = false;
  let pause = AFTER;
  const look = async () => {
    const fresh = await fetchPoll(id, { roomPass: await passFor(id) }).catch(() => null);
    if (left) return;
    if (fresh) heard.set(id, { poll: fresh, at: now() });
    poll = fresh ?? poll; // outages move the closing
    if (phaseOf(poll) === shown) wait();
    else draw();
  };
  const wait = () => {
    const { state, opens, closes } = poll.head;
    const turn = state === 'frozen' ? opens : state === 'open' ? closes : null;
    if (!turn) return;
    const until = Math.max(0, Date.parse(turn) - now()) + pause + SPREAD * Math.random();
    pause *= 2; // a poll may open late
    timer = setTimeout(look, Math.min(until, LONGEST));
  };
  wait();
  return () => {
    left = true;
    clearTimeout(timer);
  };
}

/** @param {Poll} poll */
const phaseOf = (poll) => `${poll.head.state} ${isOpen(poll)}`;

/** Why this citizen may not vote, and what can be done about it. @param {Poll} poll */
export async function reasonsOf({ frozen, base }) {
  const { askAsMyself } = await import('../state/identity.js');
  const roomPass = await passFor(frozen.id);
  /** @type {Record<string, string>} */
  const headers = roomPass ? { 'Room-Pass': roomPass } : {};
  return askAsMyself(`/polls/${frozen.id}/eligibility`, { base, headers });
}

/** The city, where no poll tells of it. @returns {Promise<{ base: string }>} */
export async function openCity() {
  const city = await ask('/city');
  nameCity(city.city);
  return { base: city.people ?? '' };
}
