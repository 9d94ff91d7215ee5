/** Search, filter and sort over a long list of options. */

import { button, el, newId } from './parts.js';
import { grouped } from './question.js';

/** @typedef {import('./question.js').Language} Language */
/** @typedef {import('./question.js').Option} Option */
/** @typedef {{ id: string, element: HTMLElement, option: Option }} Item */
/** @typedef {{ label: string, compare: (one: Item, other: Item) => number }} Sorting */
/** @typedef {{ label: string, keep: (item: Item) => boolean }} Filter */

/** From this many options on a list can be searched. */
export const LONG = 12;

const WORDS = {
  ko: {
    search: '찾기',
    sort: '순서',
    filter: '보기',
    about: '분야',
    any: '모든 분야',
    narrow: '거르기와 순서',
    /** @param {number} count @param {number} all */
    found: (count, all) => (count ? `${grouped(all)}개 가운데 ${grouped(count)}개가 보입니다.` : '찾는 것이 없습니다. 다른 말로 찾아보십시오.'),
  },
  en: {
    search: 'Search',
    sort: 'Order',
    filter: 'Show',
    about: 'About',
    any: 'Anything',
    narrow: 'Filter and order',
    /** @param {number} count @param {number} all */
    found: (count, all) => (count ? `${grouped(count)} of ${grouped(all)} are shown.` : 'Nothing is found. Try other words.'),
  },
};

const FIRST = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const SYLLABLES = 0xac00;
const BY_FIRST = 588;

/** The first consonants of Korean syllables, everything else as it is. @param {string} text */
export const firsts = (text) => text.replace(/[가-힣]/g, (one) => FIRST[Math.floor((one.charCodeAt(0) - SYLLABLES) / BY_FIRST)] ?? one);

/** As texts are compared: without case, accents of Latin letters and spaces. @param {string} text */
export const folded = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').normalize('NFC').toLowerCase().replace(/ł/g, 'l').replace(/\s+/g, '');

/**
 * Whether a text holds every word that is searched for; one of first consonants alone (ㄱㅇ)
 * finds what begins so (공원), as Korean readers expect.
 *
 * @param {string} text
 * @param {string} query
 */
export function holds(text, query) {
  const [plain, consonants] = [folded(text), firsts(folded(text))];
  return query.split(/\s+/).every((word) => {
    const wanted = folded(word);
    return plain.includes(wanted) || (/^[ㄱ-ㅎ]+$/.test(wanted) && consonants.includes(wanted));
  });
}

/**
 * Tools over `list`, in which each item's element stands.
 *
 * @param {object} given
 * @param {Language} given.language
 * @param {HTMLElement} given.list
 * @param {readonly Item[]} given.items in the order in which they are shown
 * @param {readonly Sorting[]} [given.sortings] the first is the shown order
 * @param {readonly Filter[]} [given.filters] the first keeps all
 * @param {() => ReadonlySet<string>} [given.apart] ids that do not stand in the list now
 */
export function longList({ language, list, items, sortings = [], filters = [], apart = () => new Set() }) {
  const words = WORDS[language];
  const found = el('p', { class: 'small quiet found', role: 'status' });
  const field = el('input', { type: 'search', id: newId('search'), autocomplete: 'off', enterkeyhint: 'search', input: draw });
  const sort = sortings.length ? chooser(words.sort, sortings, sorted) : null;
  const filter = filters.length ? chooser(words.filter, filters, draw) : null;
  const topics = topicsOf(items, language);
  const about = topics.length > 1 ? chooser(words.about, [words.any, ...topics].map((label) => ({ label })), draw) : null;
  const choosers = [about, filter, sort].flatMap((one) => one?.element ?? []);
  const tools = el('div', { class: 'finder no-print' },
    el('p', { class: 'field search' }, el('label', { for: field.id }, words.search), field),
    choosers.length > 0 && el('details', {}, el('summary', {}, words.narrow), el('div', { class: 'tools' }, ...choosers)),
    found);
  /** The texts in which is searched, made once. */
  const texts = items.map(({ option }) =>
    [option.title, option.text, ...(option.categories ?? [])].map((said) => said?.[language] ?? '').join(' '));

  function draw() {
    const query = field.value.trim();
    const keep = filters[filter?.select.selectedIndex ?? 0]?.keep ?? (() => true);
    const gone = apart();
    const topic = topics[(about?.select.selectedIndex ?? 0) - 1];
    let count = 0;
    items.forEach((item, place) => {
      const visible = keep(item) && (topic === undefined || isAbout(item, topic, language)) && (query === '' || holds(texts[place] ?? '', query));
      item.element.hidden = !visible;
      count += Number(visible && !gone.has(item.id));
    });
    const all = query === '' && topic === undefined && (filter?.select.selectedIndex ?? 0) === 0;
    const told = all ? '' : words.found(count, items.length - gone.size);
    if (found.textContent !== told) found.textContent = told;
  }
  function sorted() {
    const compare = sortings[sort?.select.selectedIndex ?? 0]?.compare ?? (() => 0);
    list.append(...[...items].sort(compare).map(({ element }) => element));
  }
  /** Leads back to the search from deep in the list. */
  const find = button({ class: 'plain', click: () => field.focus() }, words.search);
  return { tools, find, refresh: draw };
}

/** What the options are about, each once, in the order of the alphabet. @param {readonly Item[]} items @param {Language} language */
function topicsOf(items, language) {
  const all = items.flatMap(({ option: { categories = [] } }) => categories.map((one) => one[language]));
  return [...new Set(all)].sort((one, other) => one.localeCompare(other, language));
}

/** @param {Item} item @param {string} topic @param {Language} language */
const isAbout = ({ option: { categories = [] } }, topic, language) => categories.some((one) => one[language] === topic);

/** @param {string} label @param {readonly { label: string }[]} entries @param {() => void} change */
function chooser(label, entries, change) {
  const select = el('select', { id: newId('select'), change }, ...entries.map((one) => el('option', {}, one.label)));
  const element = el('p', { class: 'field' }, el('label', { for: select.id }, label), select);
  return { select, element };
}
