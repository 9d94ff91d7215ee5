/**
 * The sentences that a published result holds, word for word as the counting methods write them.
 */

/** @typedef {import('./poll.js').Words} Words */
/** @typedef {import('./poll.js').Question} Question */
/** @typedef {import('./ties.js').Tie} Tie */

const MOST_NAMED = 5;

/** Thousands set apart by commas. @param {number} number */
export const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

/** @param {...Words} sentences @returns {Words} */
export function joined(...sentences) {
  return {
    ko: sentences.map(({ ko }) => ko).join(' '),
    en: sentences.map(({ en }) => en).join(' '),
  };
}

/**
 * The titles of options in quotation marks.
 *
 * @param {Question} question
 * @param {string[]} ids
 * @param {number} [most]
 * @returns {Words}
 */
function named(question, ids, most = MOST_NAMED) {
  const more = ids.length - most;
  const titles = ids.slice(0, most).map((id) => question.options.find((one) => one.id === id)?.title);
  return {
    ko: titles.map((title) => `‘${title?.ko}’`).join(', ') + (more > 0 ? ` 외 ${more}개` : ''),
    en: titles.map((title) => `“${title?.en}”`).join(', ') + (more > 0 ? ` and ${more} more` : ''),
  };
}

/** @param {Question} question @param {Tie} tie @param {Words} label @returns {Words} */
function tieWords(question, tie, label) {
  const who = named(question, tie.options);
  return { ko: `동점: ${who.ko}. ${label.ko}`, en: `Tied: ${who.en}. ${label.en}` };
}

/**
 * @param {Question} question
 * @param {{ valid: number, votes: number[], winners: string[], tie: Tie | null, label: Words }} count
 * @returns {Words}
 */
export function pluralityWords(question, { valid, votes, winners, tie, label }) {
  if (!valid) {
    return { ko: '유효표가 없어 선정된 것이 없습니다.', en: 'No valid votes, so nothing won.' };
  }
  const [who, figures] = [named(question, winners, winners.length), votes.map(grouped).join(', ')];
  const said = winners.length
    ? {
        ko: `유효표 ${grouped(valid)}표 가운데 최다 득표: ${who.ko} (${figures}표).`,
        en: `The most of ${grouped(valid)} valid votes: ${who.en} (${figures}).`,
      }
    : { ko: '선정된 것이 없습니다.', en: 'Nothing won.' };
  return tie ? joined(said, tieWords(question, tie, label)) : said;
}

/** @type {Record<string, Words>} */
export const WHY = {
  taken: { ko: '남은 예산에 들어가 선정했습니다.', en: 'Chosen: it fits the money left.' },
  'too-dear': { ko: '비용이 남은 예산을 넘습니다.', en: 'It costs more than is left.' },
  'too-few-votes': { ko: '최소 득표수에 못 미칩니다.', en: 'It has too few votes.' },
  withdrawn: { ko: '철회된 사업입니다.', en: 'The project is withdrawn.' },
  tied: { ko: '동점이 가려지지 않았습니다.', en: 'A tie is left undecided here.' },
  'after-the-end': {
    ko: '이 사업에 이르기 전에 선정이 끝났습니다.',
    en: 'The count ended before it came to this project.',
  },
};

const SKIPPED = {
  ko: '표를 많이 얻은 사업부터 살펴, 남은 예산에 들어가면 선정하고 들어가지 않으면 건너뛰었습니다.',
  en: 'Projects were taken in the order of their votes; one that no longer fitted the money left was skipped.',
};
const ENDED = {
  ko: '표를 많이 얻은 사업부터 살펴, 남은 예산에 들어가면 선정하고 들어가지 않는 사업이 나오면 끝냈습니다.',
  en: 'Projects were taken in the order of their votes; the first that did not fit the money left ended the count.',
};

/**
 * @param {Question} question
 * @param {{ valid: number, budget: number, left: number, chosen: number, skips: boolean, ties: Tie[], label: Words }} count
 * @returns {Words}
 */
export function greedyWords(question, { valid, budget, left, chosen, skips, ties, label }) {
  const asked = question.options.length;
  const spent = grouped(budget - left);
  const figures = {
    ko: `유효표 ${grouped(valid)}표. 사업 ${asked}개 가운데 ${chosen}개를 선정했고, ` +
      `예산 ${grouped(budget)} 가운데 ${spent}, 남은 금액은 ${grouped(left)}입니다.`,
    en: `${grouped(valid)} valid votes. ${chosen} of ${asked} projects are chosen; ` +
      `they cost ${spent} of ${grouped(budget)}, ${grouped(left)} is left.`,
  };
  const said = ties.map((tie) => tieWords(question, tie, label));
  return joined(skips ? SKIPPED : ENDED, figures, ...said);
}

/**
 * @param {{ kind: string, least: number }} quorum
 * @param {boolean} met
 * @param {number} voters
 * @param {number | null} eligible
 * @returns {Words}
 */
function quorumWords({ kind, least }, met, voters, eligible) {
  const voted = {
    ko: `투표한 사람은 ${grouped(voters)}명입니다.`, en: `${grouped(voters)} people voted.`,
  };
  if (kind === 'none') return voted;
  const needed = kind === 'percent-of-eligible'
    ? {
        ko: `대상자 ${grouped(eligible ?? 0)}명의 ${least}%`,
        en: `${least}% of ${grouped(eligible ?? 0)} eligible`,
      }
    : { ko: `${grouped(least)}명`, en: `${grouped(least)} voters` };
  return {
    ko: `${voted.ko} 정족수(${needed.ko})를 ${met ? '채웠습니다' : '채우지 못했습니다'}.`,
    en: `${voted.en} The quorum (${needed.en}) ${met ? 'is met' : 'is not met'}.`,
  };
}

/**
 * @param {{ kind: string, least: number }} quorum
 * @param {{ numerator: number, denominator: number } | null} threshold
 * @param {number} weight
 * @param {{ met: boolean, voters: number, eligible: number | null }} figures
 * @returns {Words}
 */
export function decisionWords(quorum, threshold, weight, { met, voters, eligible }) {
  const parts = [quorumWords(quorum, met, voters, eligible)];
  if (threshold) {
    const share = `${threshold.numerator}/${threshold.denominator}`;
    parts.push({
      ko: `유효표의 ${share}보다 많은 표를 얻어야 채택됩니다.`,
      en: `A winner needs more than ${share} of the valid votes.`,
    });
  }
  parts.push(weight === 100
    ? { ko: '결과는 구속력이 있습니다.', en: 'The result is binding.' }
    : { ko: `결과는 결정에 ${weight}% 반영됩니다.`, en: `The result weighs ${weight}% in the decision.` });
  return joined(...parts);
}
