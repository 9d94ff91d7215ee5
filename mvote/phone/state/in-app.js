/**
 * Messengers open links in windows of their own, which lose what they keep: whoever votes there
 * is asked to move to the phone's browser before the only permit is taken.
 */

/** @typedef {{ name: { ko: string, en: string }, way: 'kakao' | 'line' | 'other' }} InApp */

/** @type {[RegExp, InApp][]} */
const SIGNS = [
  [/KAKAOTALK/i, { name: { ko: '카카오톡', en: 'KakaoTalk' }, way: 'kakao' }],
  [/\bLine\//, { name: { ko: '라인', en: 'LINE' }, way: 'line' }],
  [/NAVER\(inapp/i, { name: { ko: '네이버 앱', en: 'the NAVER app' }, way: 'other' }],
  [/DaumApps/i, { name: { ko: '다음 앱', en: 'the Daum app' }, way: 'other' }],
  [/BAND\//, { name: { ko: '밴드', en: 'BAND' }, way: 'other' }],
  [/FBAN|FBAV|FB_IAB/, { name: { ko: '페이스북', en: 'Facebook' }, way: 'other' }],
  [/Instagram/, { name: { ko: '인스타그램', en: 'Instagram' }, way: 'other' }],
  [/Twitter/, { name: { ko: 'X', en: 'X' }, way: 'other' }],
  [/Telegram/i, { name: { ko: '텔레그램', en: 'Telegram' }, way: 'other' }],
  [/MicroMessenger/, { name: { ko: '위챗', en: 'WeChat' }, way: 'other' }],
  [/; wv\)/, { name: { ko: '다른 앱', en: 'another app' }, way: 'other' }],
];
const STAYS = 'mvote-stay';

/** The app in whose window this runs; null in a browser of its own. @param {string} [agent] */
export function inApp(agent = navigator.userAgent) {
  return SIGNS.find(([sign]) => sign.test(agent))?.[1] ?? null;
}

/** Whether the citizen chose to go on here all the same. */
export const stays = () => sessionStorage.getItem(STAYS) === 'yes';
export const stay = () => sessionStorage.setItem(STAYS, 'yes');
