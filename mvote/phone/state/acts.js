/**
 * Taking part without a name: what this phone does within one scope (a call, a proposal, a pool,
 * a record), from the seed to the answer; every step may be repeated.
 *
 *     seed stored -> permit -> act signed and stored -> sent -> answer stored
 *
 * It goes as a vote does (votes.js, casting.js), but of acts there may be many in one scope.
 * They are sent in the order in which they were signed, for none is taken whose number is not
 * above that of the last one.
 */

import { makeAct, scopeHash } from '../app/act.js';
import { b64u, fromUtf8, unb64u } from '../app/bytes.js';
import { newSeed } from '../app/derive.js';
import { checkCryptography } from '../app/ed25519.js';
import { finishPermit, readIssuers, requestPermit } from '../app/permit.js';
import { NotUnderstood, Refused, ask, understood } from './api.js';
import { askAsMyself } from './identity.js';
import * as store from './store.js';

/** @typedef {import('../app/canonical.js').JsonObject} JsonObject */
/** @typedef {import('../app/poll.js').Words} Words */
/**
 * An act that was signed.  `bytes` is what is sent, letter by letter, and empty once it was
 * answered; `id` is what the server called that which was made; `draft` names the form that it
 * was written in.
 *
 * @typedef {object} Deed
 * @property {number} seq
 * @property {string} act
 * @property {string} path
 * @property {JsonObject} body
 * @property {string} bytes
 * @property {string} id
 * @property {string} draft
 * @property {{ code: string, sentence: Words } | null} refused
 */
/** @typedef {Record<string, string>} Draft by the name of the field */
/** @typedef {{ title: Words, path: string }} About what the scope is, and its screen */
/**
 * @typedef {object} Part
 * @property {1} v
 * @property {string} scope
 * @property {string} sh
 * @property {string} seed base64url; everything secret comes from it
 * @property {About} about
 * @property {JsonObject | null} permit
 * @property {number} seq of the act that was signed last
 * @property {Deed[]} deeds in the order in which they were signed
 * @property {Record<string, Draft>} drafts by the name of the form
 */
/** @typedef {{ act: string, path: string, body: JsonObject, draft?: string, seen?: number }} Made */

export const PREFIX = 'act/';
const LOOKS = 8; // how often it is looked whether a scope that was opened just now gives permits
const PAUSE = 1_000; // milliseconds between them
const ANSWERS = ['id', 'supports', 'votes', 'item', 'poll']; // of which every answer to an act tells one
const SKIPPED = 16; // numbers left out where another phone with this seed went ahead

/** The scope was opened a moment ago, and nobody gives permits for it yet. */
export class NotOpenYet extends Error {}
/** Another window acted here since this one looked; `seq` is where it got to. */
export class ActedElsewhere extends Error {
  /** @param {number} seq */
  constructor(seq) {
    super('acted-elsewhere');
    this.name = 'ActedElsewhere';
    this.seq = seq;
  }
}

/** @param {string} scope @returns {Promise<Part | null>} */
export const findPart = (scope) => store.get(PREFIX + scope);

/** The scopes in which this phone takes part. */
export const listParts = async () => (await store.names(PREFIX)).map((name) => name.slice(PREFIX.length));

/** @param {Deed} deed */
export const isWaiting = ({ bytes }) => bytes !== '';

/** What was done and stands, or is on its way: acts of this name, the newest last. @param {Part | null} part @param {string} act */
export const deedsOf = (part, act) => part?.deeds.filter((one) => one.act === act && !one.refused) ?? [];

/** @param {Part} part */
async function save(part) {
  await store.put(PREFIX + part.scope, part);
  return part;
}

/**
 * @param {string} scope
 * @throws {store.KeptIsGone}
 */
async function getPart(scope) {
  const found = await findPart(scope);
  if (!found) throw new store.KeptIsGone();
  return found;
}

/** @param {string} scope @param {(part: Part) => Part | Promise<Part>} change */
const changed = (scope, change) =>
  store.alone(`scope/${scope}`, async () => save(await change(await getPart(scope))));

/**
 * Take the one permit of a scope, its seed stored first, or find the one that is held.
 *
 * @param {string} scope
 * @param {string} base of the people wing
 * @param {About} about
 * @returns {Promise<Part>}
 * @throws {NotOpenYet | Refused | import('./identity.js').SignInNeeded}
 */
export function takePart(scope, base, about) {
  return store.alone(`permit/${scope}`, async () => {
    const held = await findPart(scope);
    if (held?.permit) return held;
    await checkCryptography();
    const { sh, issuer } = await fetchScope(scope);
    const part = await begin(scope, sh, about);
    try {
      return await permitted(part, base, issuer);
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'blinded-message-taken') throw error;
      const other = await changed(scope, (now) => ({ ...now, seed: b64u(newSeed()) }));
      return permitted(other, base, issuer);
    }
  });
}

/** @param {string} scope @param {string} sh @param {About} about */
function begin(scope, sh, about) {
  return store.alone(`scope/${scope}`, async () => {
    const held = await findPart(scope);
    if (held?.sh === sh) return save({ ...held, about });
    const seed = b64u(newSeed());
    return save({ v: 1, scope, sh, seed, about, permit: null, seq: 0, deeds: [], drafts: {} });
  });
}

/** @param {Part} part @param {string} base @param {import('../app/blind.js').Issuer} issuer */
async function permitted({ scope, sh, seed: spelled }, base, issuer) {
  const seed = unb64u(spelled, 32);
  const body = JSON.stringify(await requestPermit(seed, sh, issuer));
  const answer = await askAsMyself(`/scopes/${scope}/permits`, { method: 'POST', base, body, repeat: true });
  const permit = await understood(() =>
    finishPermit(seed, sh, issuer, { kid: answer?.kid, blind_sig: answer?.blind_sig }));
  return changed(scope, (now) => ({ ...now, permit }));
}

/** A scope and the key that signs its permits. @param {string} scope */
async function fetchScope(scope) {
  for (let looked = 1; ; looked += 1) {
    const answer = await ask(`/scopes/${scope}`);
    const { state, sh, definition } = answer ?? {};
    if (definition?.scope !== scope || (await understood(() => scopeHash(definition))) !== sh) throw new NotUnderstood('another scope');
    const blind = state === 'opening' ? null : (await understood(() => readIssuers(answer.issuer))).blind;
    const issuer = blind ? [...blind.values()].at(-1) : null;
    if (issuer) return { sh: String(sh), issuer };
    if (looked === LOOKS) throw new NotOpenYet();
    await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
  }
}

/** What is written and not sent yet; null: nothing any more. @param {string} scope @param {string} name @param {Draft | null} draft */
export const keepDraft = (scope, name, draft) => changed(scope, (part) => {
  const { [name]: _, ...drafts } = part.drafts;
  return { ...part, drafts: draft ? { ...drafts, [name]: draft } : drafts };
});

/**
 * Sign an act and keep it; from now on it is that one and no other, whatever happens.
 *
 * @param {string} scope
 * @param {Made} made `seen`: the number of the last act that the citizen knew of
 * @returns {Promise<Part>}
 * @throws {ActedElsewhere}
 */
export const signAct = (scope, { act, path, body, draft = '', seen }) => changed(scope, async (part) => {
  if (!part.permit) throw new store.KeptIsGone();
  if (seen !== undefined && part.seq !== seen) throw new ActedElsewhere(part.seq);
  const { sh, permit } = part;
  const seq = part.seq + 1;
  const bytes = fromUtf8(await makeAct(unb64u(part.seed, 32), { scope, sh, act, body, permit, seq }));
  const { [draft]: _, ...drafts } = part.drafts;
  /** @type {Deed} */
  const deed = { seq, act, path, body, bytes, id: '', draft, refused: null };
  return { ...part, seq, drafts, deeds: [...part.deeds, deed] };
});

/**
 * Send what waits in a scope, the oldest first, and keep what was answered; sent again, an act
 * is the same one.
 *
 * @param {string} scope
 * @returns {Promise<Part>}
 * @throws {import('./api.js').Unreachable | NotUnderstood | Refused} the rest still waits; a refusal that is for
 *   good is kept and not thrown
 */
export function sendActs(scope) {
  return store.alone(`send/${scope}`, async () => {
    for (let part = await getPart(scope); ;) {
      const deed = part.deeds.find(isWaiting);
      if (!deed) return part;
      const answer = await answerOf(deed);
      part = await changed(scope, (now) => settled(now, deed, answer));
    }
  });
}

/** @param {Deed} deed @returns {Promise<Pick<Deed, 'id' | 'refused'>>} */
async function answerOf({ path, bytes }) {
  try {
    const answer = await ask(path, { method: 'POST', body: bytes, repeat: true });
    if (!ANSWERS.some((one) => Object.hasOwn(answer ?? {}, one))) throw new NotUnderstood('no answer to an act');
    return { id: typeof answer?.id === 'string' ? answer.id : '', refused: null };
  } catch (error) {
    if (!(error instanceof Refused) || !isForGood(error)) throw error;
    return { id: '', refused: { code: error.code, sentence: error.sentence } };
  }
}

/**
 * After a fault of the server or a limit on all senders the act may be taken already, or later;
 * and whoever does not know the address has not looked at it.  A limit on one citizen's acts
 * names no time.
 *
 * @param {Refused} refused
 */
function isForGood({ status, code, retryAfter }) {
  if (status === 404) return code.endsWith('-unknown');
  if (status === 429) return retryAfter === null;
  return status < 500 && ![401, 405, 408, 425].includes(status);
}

/** What was refused is there to be written anew. @param {Part} part @param {Deed} deed @param {Pick<Deed, 'id' | 'refused'>} answer @returns {Part} */
function settled(part, deed, { id, refused }) {
  const deeds = part.deeds.map((one) => (one.bytes === deed.bytes ? { ...one, bytes: '', id, refused } : one));
  if (!refused) return { ...part, deeds };
  const seq = refused.code === 'act-outdated' ? part.seq + SKIPPED : part.seq;
  const back = deed.draft && !part.drafts[deed.draft] ? { [deed.draft]: textsOf(deed.body) } : {};
  return { ...part, seq, deeds, drafts: { ...part.drafts, ...back } };
}

/** @param {JsonObject} body @returns {Draft} */
const textsOf = (body) => Object.fromEntries(Object.entries(body).map(([name, said]) => [name, String(said ?? '')]));

/** The citizen read why it was refused. @param {string} scope @param {number} seq */
export const forgetRefused = (scope, seq) => changed(scope, (part) =>
  ({ ...part, deeds: part.deeds.filter((one) => one.seq !== seq || !one.refused) }));
