/** Taking the one permit of a poll, and what else is derived from the seed that was stored before. */

import { b64u, unb64u } from '../app/bytes.js';
import { newSeed, orderMark } from '../app/derive.js';
import { checkCryptography } from '../app/ed25519.js';
import { finishPermit, isPseudonymGood, issuersOf, readPseudonymPermit, requestPermit } from '../app/permit.js';
import { NotUnderstood, understood } from './api.js';
import { askAsMyself } from './identity.js';
import { alone } from './store.js';
import { changed, getVote } from './votes.js';

/** @typedef {import('./polls.js').Poll} Poll */
/** @typedef {import('./votes.js').Vote} Vote */

/**
 * Take the one permit, or find the one that is held.
 *
 * @param {Poll} poll
 * @param {{ name?: string, roomPass?: string | null }} [given] the name to publish at level open
 * @returns {Promise<Vote>}
 */
export function takePermit(poll, given = {}) {
  const { id, level } = poll.frozen;
  return alone(`permit/${id}`, async () => {
    const vote = await getVote(id);
    if (vote.permit) return vote;
    const permit = await (level === 'secret' ? blindPermit : pseudonym)(poll, vote, given);
    return changed(id, (now) => ({ ...now, permit }));
  });
}

/** Begin with another seed, where no permit was given for this one. @param {string} poll */
export const renewSeed = (poll) =>
  changed(poll, (vote) => (vote.permit ? vote : { ...vote, seed: b64u(newSeed()) }));

/** @param {Poll} poll */
const issuersOfPoll = ({ frozen }) => understood(() => issuersOf(frozen));

/** @param {Poll} poll @param {Vote} vote @param {{ roomPass?: string | null }} given */
async function blindPermit(poll, vote, given) {
  await checkCryptography();
  const [issuer] = (await issuersOfPoll(poll)).blind.values();
  if (!issuer) throw new NotUnderstood('no issuer');
  const seed = unb64u(vote.seed, 32);
  const answer = await askForPermit(poll, await requestPermit(seed, vote.ph, issuer), given);
  return understood(() => finishPermit(seed, vote.ph, issuer, { kid: answer.kid, blind_sig: answer.blind_sig }));
}

/** @param {Poll} poll @param {Vote} vote @param {{ name?: string, roomPass?: string | null }} given */
async function pseudonym(poll, vote, { name, roomPass }) {
  const issuers = await issuersOfPoll(poll);
  const answer = await askForPermit(poll, name ? { name } : {}, { roomPass });
  const { level } = poll.frozen;
  const permit = await understood(() => readPseudonymPermit(answer));
  const good = !(await canSign()) || (await isPseudonymGood(permit, { ph: vote.ph, level, issuers }));
  if (!good) throw new NotUnderstood('the permit is not signed by this poll');
  return answer;
}

/** Whether this browser knows Ed25519, without which it cannot check signatures. */
export const canSign = () => checkCryptography().then(() => true, () => false);

/** @param {Poll} poll @param {object} body @param {{ roomPass?: string | null }} given */
function askForPermit({ frozen, base }, body, { roomPass }) {
  /** @type {Record<string, string>} */
  const headers = roomPass ? { 'Room-Pass': roomPass } : {};
  const sent = { method: 'POST', base, headers, body: JSON.stringify(body), repeat: true };
  return askAsMyself(`/polls/${frozen.id}/permits`, sent);
}

/** What the order of options hangs on. @param {Vote} vote @returns {Promise<string>} */
export async function markOf(vote) {
  const mark = vote.permit?.mark;
  return typeof mark === 'string' ? mark : orderMark(unb64u(vote.seed, 32), vote.ph);
}
