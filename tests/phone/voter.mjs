/** A phone that votes over HTTP by its own module alone, and watches the board. */

import { makeBallot } from '../../mvote/phone/app/ballot.js';
import { BoardAlarm, findBallot, requireExtends, requireIncluded, tellablePrefix } from '../../mvote/phone/app/board.js';
import { b64u, fromUtf8, hex, unhex } from '../../mvote/phone/app/bytes.js';
import { parse } from '../../mvote/phone/app/canonical.js';
import { openCheckpoint } from '../../mvote/phone/app/checkpoint.js';
import { finishPermit, issuersOf, requestPermit } from '../../mvote/phone/app/permit.js';
import { readPoll } from '../../mvote/phone/app/poll.js';
import { checkReceipt, readReceipt } from '../../mvote/phone/app/receipt.js';
import { verifyBundle } from '../../mvote/phone/app/verify.js';

/** The body of an answer; one that is none of `statuses` ends the test. */
async function ask(url, statuses, { token, body } = {}) {
  const headers = { ...(token && { Authorization: `Bearer ${token}` }) };
  if (body) headers['Content-Type'] = 'application/json';
  const answer = await fetch(url, { method: body ? 'POST' : 'GET', headers, body });
  const raw = new Uint8Array(await answer.arrayBuffer());
  if (!statuses.includes(answer.status)) throw new Error(`${url}: ${answer.status} ${fromUtf8(raw)}`);
  return raw;
}

async function pollAt(url, id) {
  const poll = await readPoll(parse(await ask(`${url}/api/v1/polls/${id}`, [200])).definition);
  return { poll, at: `${url}/api/v1/polls/${id}`, issuer: [...(await issuersOf(poll)).blind.values()][0] };
}

const cases = {
  /** Everything twice, as after a lost answer: the second time nothing new may come of it. */
  async vote({ url, id, token, seed, answers }) {
    const { poll, at, issuer } = await pollAt(url, id);
    const request = await requestPermit(unhex(seed), poll.ph, issuer);
    const permits = [];
    for (const statuses of [[200, 201], [200, 201]]) {
      const answer = await ask(`${at}/permits`, statuses, { token, body: JSON.stringify(request) });
      permits.push(await finishPermit(unhex(seed), poll.ph, issuer, parse(answer)));
    }
    const { bytes, leaf } = await makeBallot(unhex(seed), { poll: id, ph: poll.ph, answers, permits: [permits[1]] });
    const first = await ask(`${at}/ballots`, [201], { body: bytes });
    const again = await ask(`${at}/ballots`, [200], { body: bytes });
    await checkReceipt(parse(first), { boardKey: poll.boardKey, poll: id, leaf });
    return { same: fromUtf8(first) === fromUtf8(again), receipt: fromUtf8(first), leaf: hex(leaf), boardKey: b64u(poll.boardKey) };
  },

  checkpoint: async ({ url, id }) => fromUtf8(await ask(`${url}/api/v1/polls/${id}/board/checkpoint`, [200])),

  /** Where the ballot of a receipt stands on a board that extends the kept checkpoint. */
  async watch({ url, id, receipt, kept }) {
    const { poll, at } = await pollAt(url, id);
    const { origin, leaf, ...promise } = readReceipt(parse(receipt));
    const signer = { boardKey: poll.boardKey, origin };
    const before = await openCheckpoint(kept, signer);
    const shown = await openCheckpoint(await ask(`${at}/board/checkpoint`, [200]), signer);
    const prefix = tellablePrefix(leaf, shown.size);
    const found = await findBallot(parse(await ask(`${at}/board/leaves${prefix && `/${prefix}`}`, [200])), leaf, signer);
    const range = `from=${before.size}&to=${found.checkpoint.size}`;
    const proof = parse(await ask(`${at}/board/consistency?${range}`, [200]));
    const later = await requireExtends(before, found.checkpoint, proof);
    requireIncluded(promise, found, new Date());
    const wrong = { ...before, root: new Uint8Array(32) };
    const alarm = await requireExtends(wrong, found.checkpoint, proof).catch((error) => error);
    return { prefix, position: found.position, size: later.size, alarm: alarm instanceof BoardAlarm };
  },

  async verify({ url, id, boardKey, receipt, earlierCheckpoint }) {
    const bundle = await ask(`${url}/api/v1/polls/${id}/bundle`, [200]);
    const report = await verifyBundle(bundle, { boardKey, receipt, earlierCheckpoint });
    const states = Object.fromEntries(report.checks.map(({ code, state }) => [code, state]));
    const [first] = report.outcomes;
    return { status: report.status, states, votes: first?.options.map(({ votes }) => votes), bundle: b64u(bundle) };
  },
};

/** @param {[keyof typeof cases, any][]} calls */
export async function run(calls) {
  const answers = [];
  for (const [name, given] of calls) answers.push({ value: await cases[name](given) });
  return answers;
}
