/** Cases of the screens behind the ballot that need no browser. */

import { mergeParts, mergeVotes, newCode, readCode } from '../../mvote/phone/state/backup.js';
import en from '../../mvote/phone/pocket/words/en.js';
import ko from '../../mvote/phone/pocket/words/ko.js';

const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const cast = (seq, receipt, name = '') => ({ seq, leaf: `leaf-${seq}${name}`, receipt, refused: null });
const vote = (seed, permit, ...casts) => ({ v: 1, poll: 'p', ph: 'h', seed, permit, casts, draft: null });

const deed = (seq, bytes) => ({ seq, bytes, act: 'post', body: { text: seq === 1 ? '' : bytes }, refused: null });
const part = (seed, permit, ...deeds) => ({ v: 1, scope: 's', sh: 'h', seed, permit, deeds, drafts: {}, seq: deeds.at(-1)?.seq ?? 0 });

const cases = {
  newCode,
  words: () => ({ ko, en }),

  /** Codes with one sign changed or two neighbours swapped that are taken for codes. */
  mistyped() {
    const plain = newCode().replaceAll('-', '');
    const wrong = new Set();
    for (let at = 0; at < plain.length - 1; at += 1) {
      for (const sign of SIGNS) wrong.add(plain.slice(0, at) + sign + plain.slice(at + 1));
      wrong.add(plain.slice(0, at) + plain[at + 1] + plain[at] + plain.slice(at + 2));
    }
    wrong.delete(plain);
    return [...wrong].filter((one) => isCode(one)).length;
  },

  merged() {
    const [sent, later] = [cast(1, { v: 1 }), cast(2, null)];
    const newer = mergeVotes(vote('a', {}, sent, later), vote('a', {}, sent));
    const older = mergeVotes(vote('a', {}, cast(1, null, '-other')), vote('a', {}, sent, later));
    return {
      newer: newer.casts.map(({ seq }) => seq),
      older: older.casts.map(({ leaf }) => leaf),
      stranger: mergeVotes(vote('a', {}), vote('b', {}, sent)).seed,
      begun: mergeVotes(vote('a', null), vote('b', {}, sent)).seed,
    };
  },

  mergedParts() {
    const [sent, later, mine] = [deed(1, ''), deed(2, 'b'), deed(2, 'c')];
    const both = mergeParts(part('a', {}, deed(1, 'a'), mine), part('a', {}, sent, later));
    return {
      seq: both.seq,
      deeds: both.deeds.map(({ seq, bytes }) => `${seq}${bytes}`),
      stranger: mergeParts(part('a', {}), part('b', {}, sent)).seed,
      begun: mergeParts(part('a', null), part('b', {}, sent)).seed,
      refused: mergeParts(part('a', {}, sent), part('a', {}, { ...sent, refused: {} })).deeds.map(({ refused }) => refused),
    };
  },
};

function isCode(typed) {
  try {
    readCode(typed);
    return true;
  } catch {
    return false;
  }
}

export const run = async (calls) =>
  Promise.all(calls.map(async ([name, given]) => ({ value: await cases[name](given) })));
