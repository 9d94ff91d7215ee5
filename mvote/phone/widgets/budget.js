/** Projects under a sum: what is left stays in sight, and what no longer fits says by how much. */

import { costOf, describe, faultsOf, limitsOf, tooMany, withChoice } from './choosing-rules.js';
import { LONG, longList } from './long-list.js';
import { el, frame, newId, optionParts } from './parts.js';
import { grouped, idsOf, shown, titleOf } from './question.js';

/** @typedef {import('./index.js').Given} Given */
/** @typedef {import('./index.js').Control} Control */
/** @typedef {import('./long-list.js').Filter} Filter */
/** @typedef {import('./long-list.js').Sorting} Sorting */
/** @typedef {import('./question.js').Question} Question */

const WORDS = {
  ko: {
    /** @param {number} count @param {number} most @param {number} all */
    count: (count, most, all) => (most < all ? `${grouped(most)}개 중 ${grouped(count)}개` : `${grouped(count)}개`),
    /** @param {number} cost */
    spent: (cost) => `합계 ${grouped(cost)}`,
    /** @param {number} left */
    left: (left) => `남은 금액 ${grouped(left)}`,
    /** @param {number} over */
    over: (over) => `남은 금액보다 ${grouped(over)} 더 듭니다`,
    /** @param {string} title @param {number} over */
    refused: (title, over) => `‘${title}’: 남은 금액보다 ${grouped(over)} 더 들어 담을 수 없습니다. 다른 사업을 먼저 빼십시오.`,
    /** @param {string} count */
    chose: (count) => `${count} 고름`,
    order: '처음 순서', cheap: '비용이 적은 순', dear: '비용이 많은 순', title: '가나다순',
    all: '모든 사업', chosen: '고른 사업', fits: '남은 금액에 맞는 사업',
    /** @param {number} most */
    upTo: (most) => `비용 ${grouped(most)} 이하`,
    /** @param {number} least */
    above: (least) => `비용 ${grouped(least)} 초과`,
    /** @param {number} least @param {number} most */
    between: (least, most) => `비용 ${grouped(least)} 초과 ${grouped(most)} 이하`,
  },
  en: {
    /** @param {number} count @param {number} most @param {number} all */
    count: (count, most, all) => (most < all ? `${grouped(count)} of ${grouped(most)}` : `${grouped(count)} chosen`),
    /** @param {number} cost */
    spent: (cost) => `${grouped(cost)} together`,
    /** @param {number} left */
    left: (left) => `${grouped(left)} left`,
    /** @param {number} over */
    over: (over) => `${grouped(over)} more than is left`,
    /** @param {string} title @param {number} over */
    refused: (title, over) => `“${title}” costs ${grouped(over)} more than is left. Take another project out first.`,
    /** @param {string} count */
    chose: (count) => (count.endsWith('chosen') ? count : `${count} chosen`),
    order: 'As first shown', cheap: 'Lowest cost first', dear: 'Highest cost first', title: 'By title',
    all: 'All projects', chosen: 'What I chose', fits: 'What fits what is left',
    /** @param {number} most */
    upTo: (most) => `Costs up to ${grouped(most)}`,
    /** @param {number} least */
    above: (least) => `Costs more than ${grouped(least)}`,
    /** @param {number} least @param {number} most */
    between: (least, most) => `Costs ${grouped(least)} to ${grouped(most)}`,
  },
};

/** Two round sums that part the projects into three groups of about the same number. @param {readonly number[]} costs */
export function bandsOf(costs) {
  const sorted = [...costs].sort((one, other) => one - other);
  const thirds = [1, 2].map((part) => sorted[Math.floor((sorted.length * part) / 3)] ?? 0);
  /** @param {number} sum */
  const round = (sum) => {
    const unit = 10 ** Math.max(0, Math.floor(Math.log10(sum || 1)));
    return Math.round((sum / unit) * 2) * (unit / 2);
  };
  return [...new Set(thirds.map(round))].filter((sum) => Number.isInteger(sum) && sum > 0);
}

/** @param {Given} given @returns {Control} */
export function makeBudget({ question, language, order, draft, heading, changed }) {
  const words = WORDS[language];
  const { most, cost: limit } = limitsOf(question);
  let ids = idsOf(question, draft);
  const parts = frame({ question, language, heading, how: describe(question), clear });
  const gauge = el('progress', { class: 'gauge', max: limit ?? most, value: 0, 'aria-hidden': 'true' });
  const left = () => (limit === null ? Infinity : limit - costOf(question, ids));
  const items = shown(question, order).map((option) => {
    const noteId = newId('note');
    const input = el('input', { type: 'checkbox', value: option.id, 'aria-describedby': noteId, change: () => choose(option.id, input.checked) });
    const { inside, below } = optionParts(option, language);
    const note = el('span', { class: 'over', id: noteId });
    inside.append(note);
    const element = el('li', {}, el('label', { class: 'choice project' }, input, inside), below);
    return { id: option.id, option, cost: option.cost ?? 0, input, note, element };
  });
  const list = el('ul', { class: 'choices' }, ...items.map(({ element }) => element));
  const search = items.length >= LONG ? longList({ language, list, items, sortings: sortings(), filters: filters() }) : null;
  parts.control.append(parts.sayAbove(gauge, search?.find));
  if (search) parts.control.append(search.tools);
  parts.control.append(list);

  /** @returns {Sorting[]} */
  function sortings() {
    /** @param {{ option: { cost?: number } }} item */
    const cost = ({ option }) => option.cost ?? 0;
    return [
      { label: words.order, compare: () => 0 },
      { label: words.cheap, compare: (one, other) => cost(one) - cost(other) },
      { label: words.dear, compare: (one, other) => cost(other) - cost(one) },
      { label: words.title, compare: (one, other) => one.option.title[language].localeCompare(other.option.title[language], language) },
    ];
  }
  /** @returns {Filter[]} */
  function filters() {
    const bands = bandsOf(items.map(({ cost }) => cost));
    const [low = 0, high = low] = bands;
    /** @param {number} least @param {number} most */
    const within = (least, most) => (/** @type {import('./long-list.js').Item} */ { option: { cost = 0 } }) => cost > least && cost <= most;
    /** @type {Filter[]} */
    const made = [{ label: words.all, keep: () => true }, { label: words.chosen, keep: ({ id }) => ids.includes(id) }];
    if (limit !== null) made.push({ label: words.fits, keep: ({ id }) => ids.includes(id) || fits(id) });
    if (bands.length) made.push({ label: words.upTo(low), keep: within(-1, low) });
    if (bands.length > 1) made.push({ label: words.between(low, high), keep: within(low, high) });
    if (bands.length) made.push({ label: words.above(high), keep: within(high, Infinity) });
    return made;
  }
  /** @param {string} id */
  const fits = (id) => costOf(question, [id]) <= left();
  /** @param {string} id @param {boolean} on */
  function choose(id, on) {
    const over = costOf(question, [id]) - left();
    const why = !on ? '' : ids.length >= most ? tooMany(most)[language] : over > 0 ? words.refused(titleOf(question, id, language), over) : '';
    if (!why) ids = withChoice(question, ids, id, on);
    draw(why);
    if (!why) changed();
  }
  function clear() {
    ids = [];
    draw();
    items[0]?.input.focus();
    changed();
  }
  /** @param {string} [why] why the last tap changed nothing */
  function draw(why) {
    const [rest, spent] = [left(), costOf(question, ids)];
    const sum = words.spent(spent);
    const count = words.count(ids.length, most, items.length);
    parts.say(limit === null ? `${words.chose(count)}\n${sum}` : `${words.left(rest)}\n${count}, ${sum}`, why);
    gauge.value = limit === null ? ids.length : Math.min(limit, spent);
    for (const { id, cost, input, note, element } of items) {
      const [chosen, over] = [ids.includes(id), cost - rest];
      input.checked = chosen;
      const shut = !chosen && (over > 0 || ids.length >= most);
      input.setAttribute('aria-disabled', String(shut));
      element.classList.toggle('shut', shut);
      note.textContent = !chosen && over > 0 ? words.over(over) : '';
    }
    parts.clearing.hidden = !ids.length;
  }
  draw();
  return {
    parts,
    answer: () => [...ids].sort(),
    faults: () => faultsOf(question, ids),
    tell: () => items.filter(({ id }) => ids.includes(id)).map(({ option, cost }) => `${option.title[language]} (${grouped(cost)})`),
    first: () => items[0]?.input,
  };
}
