/** Cases of the screens on which citizens act that need no browser. */

import { drawNext } from '../../mvote/phone/acts/drawing.js';
import en from '../../mvote/phone/acts/words/en.js';
import ko from '../../mvote/phone/acts/words/ko.js';

const cases = {
  words: () => ({ ko, en }),

  /** Which of several is drawn, with chances in even steps. */
  drawn({ weights, steps }) {
    const left = weights.map((weight, at) => ({ weight, at }));
    return Array.from({ length: steps }, (_, step) => drawNext(left, () => step / steps)?.at ?? null);
  },
};

export const run = async (calls) =>
  Promise.all(calls.map(async ([name, given]) => ({ value: await cases[name](given) })));
