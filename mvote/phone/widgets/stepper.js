/** A number with a button to lower and a button to raise it; arrow keys do the same. */

import { parseNumber, spell } from './number-rules.js';
import { button, el, sign } from './parts.js';

/** @typedef {import('./question.js').Language} Language */

const WORDS = {
  ko: { lower: '줄이기', raise: '늘리기' },
  en: { lower: 'less', raise: 'more' },
};
const WAIT = 450;
const AGAIN = 90;
const FAR = 10;

/**
 * `value` is a whole number of smallest units, null where nothing is typed, NaN where it is no
 * number.  A held button goes on; what is typed is taken as it is and judged by the widget.
 *
 * @param {object} given
 * @param {Language} given.language
 * @param {string} given.label
 * @param {number | null} given.value
 * @param {number} given.least
 * @param {() => number} given.most as far as buttons and keys go, which may change
 * @param {number} [given.decimals]
 * @param {number} [given.step]
 * @param {number | null} [given.empty] what stands for an empty field
 * @param {Record<string, string>} [given.described]
 * @param {(value: number | null) => void} given.changed
 */
export function makeStepper({ language, label, value, least, most, decimals = 0, step = 1, empty = null, described = {}, changed }) {
  const words = WORDS[language];
  const input = el('input', {
    ...described, type: 'text', role: 'spinbutton', inputmode: least < 0 ? 'text' : decimals ? 'decimal' : 'numeric',
    autocomplete: 'off', 'aria-label': label, 'aria-valuemin': spell(least, decimals), size: 6,
    input: () => tell(read()), keydown: pressed, focus: () => input.select(),
  });
  const lower = stepButton(-1, '−', `${label}: ${words.lower}`);
  const raise = stepButton(1, '+', `${label}: ${words.raise}`);
  const element = el('span', { class: 'stepper' }, lower, input, raise);

  function read() {
    return input.value.trim() === '' ? empty : parseNumber(input.value, decimals);
  }
  /** @param {number | null} now */
  function tell(now) {
    changed(now);
    draw(now);
  }
  /** @param {number | null} now */
  function draw(now) {
    const known = now !== null && !Number.isNaN(now);
    input.setAttribute('aria-valuemax', spell(Math.max(most(), least), decimals));
    if (known) input.setAttribute('aria-valuenow', spell(now, decimals));
    else input.removeAttribute('aria-valuenow');
    lower.setAttribute('aria-disabled', String(known && now <= least));
    raise.setAttribute('aria-disabled', String(known && now >= most()));
  }
  /** @param {number | null} now */
  function set(now) {
    input.value = now === null ? '' : spell(now, decimals);
    draw(now);
  }
  /** @param {number} by */
  function go(by) {
    const now = read();
    const from = now === null || Number.isNaN(now) ? null : now;
    const [low, high] = [least, Math.max(least, most())];
    const wanted = from === null ? (by > 0 ? Math.max(low, Math.min(0, high)) : low) : from + by;
    const next = Math.min(high, Math.max(low, wanted));
    if (next === now) return false;
    set(next);
    tell(next);
    return true;
  }
  /** @param {KeyboardEvent} event */
  function pressed(event) {
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: FAR, PageDown: -FAR }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    go(Math.sign(by) * (Math.abs(by) === 1 ? 1 : FAR));
  }
  /** @param {-1 | 1} by @param {string} shape @param {string} name */
  function stepButton(by, shape, name) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const stop = () => clearTimeout(timer);
    const again = () => {
      timer = go(by * step) ? setTimeout(again, AGAIN) : undefined;
    };
    const held = () => {
      stop();
      timer = setTimeout(again, WAIT);
    };
    return button({
      class: 'second', tabindex: -1, 'aria-label': name, click: () => { stop(); go(by * step); },
      pointerdown: held, pointerup: stop, pointerleave: stop, pointercancel: stop,
    }, sign(shape));
  }
  set(value);
  return { element, input, set, draw };
}
