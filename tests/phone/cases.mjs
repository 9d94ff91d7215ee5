/** What the tests ask of the phone's module; the same in Node and in Chromium. */

import * as acts from '../../mvote/phone/app/act.js';
import * as ballots from '../../mvote/phone/app/ballot.js';
import * as blindRsa from '../../mvote/phone/app/blind.js';
import * as boards from '../../mvote/phone/app/board.js';
import { b64u, fromNumber, hex, toNumber, unb64, unb64u, unhex, utf8 } from '../../mvote/phone/app/bytes.js';
import * as canonical from '../../mvote/phone/app/canonical.js';
import * as checkpoints from '../../mvote/phone/app/checkpoint.js';
import * as derive from '../../mvote/phone/app/derive.js';
import * as ed25519 from '../../mvote/phone/app/ed25519.js';
import * as merkle from '../../mvote/phone/app/merkle.js';
import * as permits from '../../mvote/phone/app/permit.js';
import * as receipts from '../../mvote/phone/app/receipt.js';
import { readAnswers } from '../../mvote/phone/app/answers.js';
import { readPoll } from '../../mvote/phone/app/poll.js';
import * as reports from '../../mvote/phone/app/report.js';
import { compose, difference, readTieDecisions, recount } from '../../mvote/phone/app/result.js';
import { verifyBundle } from '../../mvote/phone/app/verify.js';

import { encode } from '../../mvote/phone/qr/encode.js';
import { handOver, outside } from '../../mvote/phone/state/hand-over.js';
import { inApp } from '../../mvote/phone/state/in-app.js';
import en from '../../mvote/phone/words/en.js';
import ko from '../../mvote/phone/words/ko.js';
import laterEn from '../../mvote/phone/words/later-en.js';
import laterKo from '../../mvote/phone/words/later-ko.js';

const number = (text) => toNumber(unhex(text.replace(/^0x/, '')));

const cases = {
  checkCryptography: () => ed25519.checkCryptography().then(() => true),

  /** Each row of a QR code as text, dark squares as 1. */
  code: ({ text }) => encode(text).map((row) => row.map(Number).join('')),
  appWords: () => ({ first: { ko, en }, later: { ko: laterKo, en: laterEn } }),

  inApp({ agent, seed, ph, poll }) {
    globalThis.location ??= { origin: 'https://vote.example.kr' };
    const app = inApp(agent);
    return app && { name: app.name.en, link: outside(handOver(poll, { seed, ph }), app, agent) };
  },

  async pss({ msg, salt, bits, hash }) {
    return hex(await blindRsa.encodePss(unhex(msg), bits, unhex(salt), hash));
  },

  /** The whole RFC 9474 protocol by one vector; `inv` tells the blinding factor. */
  async blindRsa({ n, msg, salt, inv, blind_sig: blindSig }) {
    const key = await blindRsa.importKey(number(n));
    const [message, saltBytes] = [unhex(msg), unhex(salt)];
    const r = blindRsa.invert(number(inv), key.n);
    const { blinded, inverse } = await blindRsa.blind(key, message, saltBytes, r);
    const length = saltBytes.length;
    const sig = await blindRsa.finalise(key, message, unhex(blindSig), inverse, length);
    const encoded = await blindRsa.encodePss(message, key.bits - 1, saltBytes);
    const wrong = await blindRsa.verify(key, utf8('other'), sig, length);
    return { encoded: hex(encoded), blinded: hex(blinded), sig: hex(sig), wrong };
  },

  async rsaGood({ n, message, sig }) {
    const key = await blindRsa.importKey(toNumber(unb64u(n)));
    return blindRsa.verify(key, unhex(message), unb64u(sig));
  },

  readIssuer: async ({ issuer }) => (await blindRsa.readIssuer(canonical.parse(issuer))).kid,
  parse: ({ raw }) => canonical.canonicalText(canonical.parse(unb64u(raw))),
  canonical: ({ value }) => canonical.canonicalText(value),
  unb64u: ({ text, length }) => hex(unb64u(text, length)),

  async ed25519({ pk, msg, sig }) {
    return ed25519.verify(unhex(pk), unhex(msg), unhex(sig));
  },

  async included({ leafIdx, treeSize, root, leafHash, proof }) {
    return merkle.isIncluded({
      leaf: unb64(leafHash), index: leafIdx, size: treeSize, root: unb64(root),
      proof: (proof ?? []).map(unb64),
    });
  },

  async extended({ size1, size2, root1, root2, proof }) {
    const [earlier, later] = [{ size: size1, root: unb64(root1) }, { size: size2, root: unb64(root2) }];
    return merkle.isExtended(earlier, later, (proof ?? []).map(unb64));
  },

  async roots({ leaves }) {
    const tree = await merkle.Tree.of(leaves.map(unhex));
    const sizes = [...leaves.keys(), leaves.length];
    return Promise.all(sizes.map(async (size) => hex(await tree.root(size))));
  },

  async derive({ seed, ph, issuer }) {
    const key = await blindRsa.readIssuer(issuer);
    const blinding = await derive.blinding(unhex(seed), ph, key);
    return {
      bk: hex((await derive.ballotKey(unhex(seed), ph)).public),
      pre: hex(blinding.pre),
      salt: hex(blinding.salt),
      r: hex(fromNumber(blinding.r, key.length)),
      order: await derive.orderMark(unhex(seed), ph),
    };
  },

  async request({ seed, ph, issuer }) {
    return permits.requestPermit(unhex(seed), ph, await blindRsa.readIssuer(issuer));
  },

  async permit({ seed, ph, issuer, answer }) {
    return permits.finishPermit(unhex(seed), ph, await blindRsa.readIssuer(issuer), answer);
  },

  async ballot({ seed, poll, ph, answers, permit, seq, nonce }) {
    const made = { poll, ph, answers, permits: [permit], seq, nonce: unhex(nonce) };
    const { bytes, leaf } = await ballots.makeBallot(unhex(seed), made);
    return { text: new TextDecoder().decode(bytes), leaf: hex(leaf) };
  },

  /** Whether the phone's reader finds the ballot whole: form, permit, signature. */
  async ballotGood({ ballot, poll, ph, level, issuer }) {
    const value = canonical.parse(ballot);
    const read = ballots.readBallot(value);
    const issuers = await permits.readIssuers(issuer);
    const permitted = await ballots.isBallotPermitted(read, { poll, ph, level, issuers });
    const leaf = await ballots.leafOf(canonical.canonicalBytes(value));
    return { holder: read.holder, permitted, signed: await ballots.isSignatureGood(read), leaf: hex(leaf) };
  },

  scopeHash: ({ definition }) => acts.scopeHash(definition),

  async act({ seed, scope, sh, act, body, permit, seq, nonce }) {
    const made = { scope, sh, act, body, permit, seq, nonce: unhex(nonce) };
    return new TextDecoder().decode(await acts.makeAct(unhex(seed), made));
  },

  async actGood({ act, ...taken }) {
    const read = acts.readAct(canonical.parse(act));
    const issuers = await permits.readIssuers(taken.issuer);
    const good = await acts.isActGood(read, { ...taken, act: taken.kind, issuers });
    return { holder: read.holder, good };
  },

  async receipt({ receipt, boardKey, poll, leaf }) {
    const expected = { boardKey: unb64u(boardKey), poll, leaf: unhex(leaf) };
    return receipts.tracker((await receipts.checkReceipt(receipt, expected)).leaf);
  },

  async checkpoint({ text, boardKey, origin }) {
    const board = { boardKey: unb64u(boardKey), origin };
    const { size, root } = await checkpoints.openCheckpoint(text, board);
    return { size, root: hex(root) };
  },

  prefix: ({ leaf, size }) => boards.tellablePrefix(unhex(leaf), size),

  async findBallot({ answer, leaf, boardKey, origin }) {
    const board = { boardKey: unb64u(boardKey), origin };
    return (await boards.findBallot(answer, unhex(leaf), board)).position;
  },

  async requireExtends({ kept, shown, answer, boardKey, origin }) {
    const board = { boardKey: unb64u(boardKey), origin };
    const [one, other] = [await checkpoints.openCheckpoint(kept, board), await checkpoints.openCheckpoint(shown, board)];
    return (await boards.requireExtends(one, other, answer)).size;
  },

  async requireIncluded({ receipt, position, checkpoint, now }) {
    const found = { position, checkpoint: checkpoints.readCheckpoint(checkpoint).checkpoint };
    boards.requireIncluded(receipts.readReceipt(receipt), found, new Date(now));
    return 'nothing to say';
  },

  verifierKey: async ({ name, key }) => checkpoints.verifierKey(name, unhex(key)),
  async readVerifierKey({ text }) {
    const { name, publicKey } = await checkpoints.readVerifierKey(text);
    return { name, key: b64u(publicKey) };
  },

  /** The first difference of the recounted document from the claimed one, and what was not recounted. */
  async recount({ definition, ballots, figures, claimed }) {
    const poll = await readPoll(definition);
    const groups = new Map(poll.questions.map(({ id }) => [id, []]));
    for (const answers of ballots) {
      for (const [id, chosen] of readAnswers(poll.questions, answers)) groups.get(id).push({ chosen, times: 1 });
    }
    const outcomes = await recount(poll, groups, readTieDecisions(claimed));
    const left = poll.questions.map(({ id }) => id).filter((id) => !outcomes.has(id));
    return { left, differs: difference(compose(poll, outcomes, figures, claimed), claimed) };
  },

  /** Whether the answers are allowed, by the reason where they are not. */
  async answers({ definition, answers }) {
    const poll = await readPoll(definition);
    return answers.map((one) => {
      try {
        readAnswers(poll.questions, one);
        return null;
      } catch (error) {
        return error.params.reason;
      }
    });
  },

  /** The report with its checks as an object; `bundle` is base64url. */
  async verify({ bundle, ...beside }) {
    const report = await verifyBundle(unb64u(bundle), beside);
    const states = Object.fromEntries(report.checks.map(({ code, state }) => [code, state]));
    const failed = report.checks.filter(({ state }) => state === 'failed').map(({ code, words }) => `${code}: ${words.en}`);
    const limits = report.notProved.map(({ code }) => code);
    return { status: report.status, states, failed, limits, why: report.unreadable?.en ?? null, outcomes: report.outcomes };
  },

  /** What reports say, with a question mark for what differs from bundle to bundle. */
  words() {
    const said = (all) => Object.fromEntries(Object.entries(all).map(([code, words]) => [code, words('?')]));
    return {
      labels: reports.LABELS,
      limits: said(reports.LIMITS),
      unreadable: said(reports.UNREADABLE_WORDS),
    };
  },

  order: ({ mark, question, options }) => derive.optionOrder(mark, question, options),
};

/**
 * Answer one question after another; a refusal is an answer too.
 *
 * @param {[keyof typeof cases, any][]} calls
 */
export async function run(calls) {
  const answers = [];
  for (const [name, given] of calls) {
    try {
      answers.push({ value: await cases[name](given) });
    } catch (error) {
      if (error.name !== 'Refusal' && error.name !== 'BoardAlarm') throw error;
      answers.push({ refused: error.name === 'Refusal' ? error.code : `alarm ${error.code}` });
    }
  }
  return answers;
}
