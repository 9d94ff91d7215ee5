/** What a recount says: its checks, their words, and what it did not prove. */

/** @typedef {import('./poll.js').Words} Words */
/** @typedef {'passed' | 'partly' | 'failed' | 'skipped'} State */
/** @typedef {{ code: string, state: State, words: Words }} Check */
/** @typedef {{ code: string, words: Words }} Limit */

export const SOUND = 0;
export const NOT_SOUND = 1;
export const UNREADABLE = 2;

/** The checks in their order, with what each of them asks. @type {Record<string, Words>} */
export const LABELS = {
  manifest: {
    ko: '묶음의 파일이 목록과 같음', en: 'The files are those that the manifest names',
  },
  canonical: {
    ko: '모든 파일과 기록이 정해진 표기를 지킴', en: 'Every file and entry is spelled in the one allowed way',
  },
  'board-key': { ko: '게시판 열쇠가 따로 받은 것과 같음', en: 'The board key is the one you were given' },
  checkpoint: { ko: '게시판이 확인점에 서명함', en: 'The board signed its checkpoints' },
  'tree-root': { ko: '기록에서 다시 계산한 값이 확인점과 같음', en: 'The entries lead to the signed roots' },
  'poll-entry': { ko: '첫 기록이 이 투표의 정의임', en: 'The first entry is the definition of this poll' },
  'close-entry': { ko: '마지막 기록이 마감이고 수가 맞음', en: 'The last entry closes the poll with the right counts' },
  keys: { ko: '발급 열쇠가 요건에 맞음', en: "The issuers' keys are as they have to be" },
  permits: { ko: '모든 표에 유효한 투표 허가증이 있음', en: 'Every ballot spends a good permit' },
  signatures: { ko: '모든 표의 서명이 맞음', en: 'Every ballot is signed by its own key' },
  answers: { ko: '모든 답이 투표 규칙에 맞음', en: 'Every answer keeps the rules of the poll' },
  'duplicate-seq': { ko: '같은 순번의 표가 두 장 있지 않음', en: 'No voter has two ballots of one number' },
  counts: { ko: '투표자 ≤ 발급 ≤ 대상자', en: 'Voters ≤ permits issued ≤ eligible' },
  'issued-list': { ko: '발급 목록이 마감 기록과 같음', en: 'The list of issued permits is the committed one' },
  result: { ko: '다시 센 결과가 발표와 같음', en: 'The recount gives the published result' },
  receipt: { ko: '접수증의 표가 게시판에 있음', en: 'The ballot of the receipt is on the board' },
  'earlier-checkpoint': {
    ko: '게시판이 이전 확인점에서 이어짐', en: 'The board extends the earlier checkpoint',
  },
};

/** @param {number} number */
const many = (number) => number.toLocaleString('en-US');

/** @type {Record<string, (...facts: any[]) => Words>} */
export const SAY = {
  good: () => ({ ko: '확인했습니다.', en: 'Checked.' }),
  goodOf: (/** @type {number} */ number) => ({
    ko: `${many(number)}건을 확인했습니다.`, en: `${many(number)} checked.`,
  }),
  files: (/** @type {string[]} */ names) => ({
    ko: `다르거나 없거나 알 수 없는 파일: ${names.slice(0, 5).join(', ')}`,
    en: `Different, missing or unknown files: ${names.slice(0, 5).join(', ')}`,
  }),
  entries: (/** @type {number} */ number, /** @type {number[]} */ first) => ({
    ko: `${many(number)}건이 어긋납니다. 기록 번호: ${first.join(', ')}`,
    en: `${many(number)} do not hold. Entries: ${first.join(', ')}`,
  }),
  spelling: (/** @type {string} */ file) => ({
    ko: `${file} 파일의 표기가 올바르지 않습니다.`, en: `${file} is not spelled as it has to be.`,
  }),
  wrong: (/** @type {string} */ what) => ({
    ko: `다음 항목이 맞지 않습니다: ${what}`, en: `This does not hold: ${what}`,
  }),
  notDone: () => ({
    ko: '앞의 확인이 실패하여 확인하지 못했습니다.', en: 'Not checked, because an earlier check failed.',
  }),
  keyFromBundle: () => ({
    ko: '열쇠를 따로 받지 않아 묶음 안의 열쇠를 썼습니다.',
    en: 'No key was given; the one inside the bundle was taken.',
  }),
  otherKey: () => ({
    ko: '묶음의 게시판 열쇠가 따로 받은 열쇠와 다릅니다.',
    en: 'The board key in the bundle is another than the one given.',
  }),
  figures: (/** @type {number} */ voters, /** @type {number} */ issued, /** @type {number | null} */ eligible, /** @type {number} */ added) => ({
    ko: `투표자 ${many(voters)}명, 발급 ${many(issued)}건, 대상자 ${eligible === null ? '모름' : `${many(eligible)}명`}${added ? `, 공무원이 명부에 더한 사람 ${many(added)}명` : ''}`,
    en: `${many(voters)} voters, ${many(issued)} permits, ${eligible === null ? 'an unknown number of' : many(eligible)} eligible${added ? `, ${many(added)} added to the roll by officials` : ''}`,
  }),
  noHashes: () => ({
    ko: '이 공개 수준에는 발급 해시 목록이 없어 수만 확인했습니다.',
    en: 'At this level no hashes are published; only the number was checked.',
  }),
  recounted: (/** @type {number} */ done, /** @type {string[]} */ left) => ({
    ko: left.length
      ? `질문 ${done}개를 다시 셌습니다. 이 페이지가 다시 세지 않은 질문: ${left.join(', ')}`
      : `질문 ${done}개를 모두 다시 셌습니다.`,
    en: left.length
      ? `${done} questions recounted. Not recounted by this page: ${left.join(', ')}`
      : `All ${done} questions recounted.`,
  }),
  answersLeft: (/** @type {string[]} */ left) => ({
    ko: `이 페이지가 답의 규칙을 다 알지 못하는 질문: ${left.join(', ')}`,
    en: `This page does not know all rules of the answers to: ${left.join(', ')}`,
  }),
  noReceipt: () => ({ ko: '접수증을 넣지 않았습니다.', en: 'No receipt was given.' }),
  receiptFound: (/** @type {string} */ tracker, /** @type {number} */ place) => ({
    ko: `추적 번호 ${tracker}의 표가 ${many(place)}번 기록입니다.`,
    en: `The ballot with tracker ${tracker} is entry ${many(place)}.`,
  }),
  receiptForged: () => ({
    ko: '이 게시판이 서명한 접수증이 아닙니다. 약속의 증거가 되지 않습니다.',
    en: 'This board did not sign the receipt; it proves no promise.',
  }),
  receiptBroken: (/** @type {string} */ tracker) => ({
    ko: `게시판이 서명으로 약속한 표(추적 번호 ${tracker})가 게시판에 없습니다. 접수증이 증거입니다.`,
    en: `The board signed a promise for the ballot with tracker ${tracker}, which is not on it. The receipt proves it.`,
  }),
  noEarlier: () => ({ ko: '이전 확인점을 넣지 않았습니다.', en: 'No earlier checkpoint was given.' }),
  extends: (/** @type {number} */ size) => ({
    ko: `처음 ${many(size)}건이 그대로 남아 있습니다.`, en: `Its first ${many(size)} entries stand unchanged.`,
  }),
  rewritten: () => ({
    ko: '경보: 게시판이 이전 확인점에서 이어지지 않습니다. 서명된 두 확인점이 다시 쓴 증거입니다.',
    en: 'ALARM: the board does not extend the earlier checkpoint. Two signed checkpoints prove that it was rewritten.',
  }),
  earlierForeign: () => ({
    ko: '이 게시판이 서명한 확인점이 아닙니다.', en: 'This board did not sign the earlier checkpoint.',
  }),
};

/**
 * Why a bundle or what was given beside it could not be read.
 *
 * @type {Record<string, (what: string) => Words>}
 */
export const UNREADABLE_WORDS = {
  'unreadable-zip': (what) => ({
    ko: `묶음을 열 수 없습니다: ${what}`, en: `The bundle cannot be opened: ${what}`,
  }),
  'file-missing': (what) => ({
    ko: `묶음에 ${what} 파일이 없습니다.`, en: `The bundle holds no ${what}.`,
  }),
  manifest: () => ({
    ko: '묶음의 목록(manifest.json)을 읽을 수 없습니다.', en: 'The manifest of the bundle cannot be read.',
  }),
  'board-key': () => ({
    ko: '게시판 열쇠를 읽을 수 없습니다.', en: 'The board key given cannot be read.',
  }),
  receipt: () => ({ ko: '접수증을 읽을 수 없습니다.', en: 'The receipt cannot be read.' }),
  'earlier-checkpoint': () => ({
    ko: '이전 확인점을 읽을 수 없습니다.', en: 'The earlier checkpoint cannot be read.',
  }),
  'no-webcrypto': () => ({
    ko: '이 페이지는 https 또는 localhost에서 열어야 합니다. 지금은 브라우저가 암호 기능을 내주지 않습니다.',
    en: 'Open this page over https or from localhost; here the browser offers no cryptography.',
  }),
  'no-ed25519': () => ({
    ko: '이 브라우저는 Ed25519 서명을 확인하지 못합니다. 새 버전으로 열어 주십시오.',
    en: 'This browser cannot verify Ed25519 signatures. Please open the page in a newer one.',
  }),
};

/** @type {Record<string, (what?: string) => Words>} */
export const LIMITS = {
  'board-key-from-bundle': () => ({
    ko: '게시판 열쇠는 묶음에서 가져왔습니다. 다른 곳에 공개된 열쇠와 비교하기 전에는 누가 서명했는지 알 수 없습니다.',
    en: 'The board key came out of the bundle. Until it is compared with one published elsewhere, nobody knows whose signature this is.',
  }),
  'not-recounted': (what) => ({
    ko: `다음 질문은 다시 세지 않았습니다: ${what}. mvote verify 명령은 모든 방식을 다시 셉니다.`,
    en: `These questions were not recounted: ${what}. The command mvote verify recounts every method.`,
  }),
  'answers-not-checked': (what) => ({
    ko: `다음 질문은 답의 규칙을 모두 확인하지 않았습니다: ${what}.`,
    en: `Not every rule was checked for the answers to: ${what}.`,
  }),
  'tie-decisions': () => ({
    ko: '동점을 정한 의장의 결정은 시의 주장입니다.',
    en: 'How the chair decided the ties is a claim of the city.',
  }),
  breakdown: () => ({
    ko: '집단별 표(breakdown.json)는 다시 셀 수 없는 자료입니다.',
    en: 'The tables by group (breakdown.json) cannot be recounted.',
  }),
  'dropped-ballots': () => ({
    ko: '게시판에 오르기 전에 버려진 표가 없는지는 접수증을 가진 사람만 밝힐 수 있습니다.',
    en: 'Whether a ballot was dropped before it reached the board shows only where somebody kept the receipt.',
  }),
  'same-board': () => ({
    ko: '모두가 같은 게시판을 보았는지는 다른 사람이 가진 확인점과 비교해야 알 수 있습니다.',
    en: "Whether everyone was shown this same board shows only against other people's checkpoints.",
  }),
  eligibility: () => ({
    ko: '허가증이 자격 있는 사람에게 한 번씩만 나갔는지는 알 수 없습니다. 발급 기관은 쓰이지 않은 자격만큼 허가증을 만들 수 있습니다.',
    en: 'That permits went to eligible people only, once each. An issuer can make permits inside unused eligibility.',
  }),
  freedom: () => ({
    ko: '본인이 자유롭게 투표했는지는 알 수 없습니다. 강요와 매수를 막지 못합니다.',
    en: 'That the voters cast their ballots themselves and freely; coercion and vote buying are not prevented.',
  }),
  secrecy: () => ({
    ko: '운영하는 쪽이 표와 사람을 이을 기록을 따로 남기지 않았는지는 알 수 없습니다.',
    en: 'That nobody kept records beside the system that link ballots and people.',
  }),
  times: () => ({
    ko: '결과에 적힌 마감 시각과 발표 시각은 시의 주장입니다.',
    en: 'The times of closing and publishing in the result are claims of the city.',
  }),
  review: () => ({
    ko: '외부의 암호 전문가가 이 방식을 검토하지 않았습니다.',
    en: 'No outside cryptographer has reviewed the protocol.',
  }),
};

const ALWAYS = ['dropped-ballots', 'same-board', 'eligibility', 'freedom', 'secrecy', 'times', 'review'];

/** @param {string} code @param {string} [what] @returns {Limit} */
const limit = (code, what) => ({
  code, words: /** @type {(what?: string) => Words} */ (LIMITS[code])(what),
});

/**
 * What was not proved, the particular before the general.
 *
 * @param {{ keyGiven: boolean, notRecounted: string[], notChecked: string[], chair: boolean, breakdown: boolean }} found
 * @returns {Limit[]}
 */
export function notProved({ keyGiven, notRecounted, notChecked, chair, breakdown }) {
  const made = [];
  if (!keyGiven) made.push(limit('board-key-from-bundle'));
  if (notRecounted.length) made.push(limit('not-recounted', notRecounted.join(', ')));
  if (notChecked.length) made.push(limit('answers-not-checked', notChecked.join(', ')));
  if (chair) made.push(limit('tie-decisions'));
  if (breakdown) made.push(limit('breakdown'));
  return [...made, ...ALWAYS.map((code) => limit(code))];
}

/** Collects checks; one that nobody decided was not done. */
export class Checks {
  constructor() {
    /** @type {Map<string, Check>} */
    this.made = new Map();
  }

  /**
   * The first failure of a check stays.
   *
   * @param {string} code
   * @param {State} state
   * @param {Words} words
   */
  say(code, state, words) {
    if (this.made.get(code)?.state !== 'failed') this.made.set(code, { code, state, words });
  }

  /** @param {string} code @param {Words} [words] */
  pass(code, words = SAY.good?.()) {
    this.say(code, 'passed', /** @type {Words} */ (words));
  }

  /** @param {string} code @param {Words} words */
  fail(code, words) {
    this.say(code, 'failed', words);
  }

  /** @returns {Check[]} */
  all() {
    const notDone = /** @type {Words} */ (SAY.notDone?.());
    return Object.keys(LABELS).map((code) =>
      this.made.get(code) ?? { code, state: /** @type {State} */ ('skipped'), words: notDone });
  }

  /** A check that could not be done makes nothing sound. */
  get sound() {
    return Object.keys(LABELS).every((code) => {
      const check = this.made.get(code);
      return check !== undefined && check.state !== 'failed';
    });
  }
}
