/** Moving from a messenger's window into the phone's browser, the seed of the vote with one. */

/** @typedef {import('./in-app.js').InApp} InApp */

/**
 * The address with which another browser goes on, its seed behind the `#`, which no server sees.
 *
 * @param {string} poll
 * @param {{ seed: string, ph: string }} handed
 */
export function handOver(poll, { seed, ph }) {
  const url = new URL(`/app/polls/${poll}`, location.origin);
  url.searchParams.set('ph', ph.slice(0, 16));
  url.hash = new URLSearchParams({ seed }).toString();
  return url;
}

/**
 * The link that a messenger understands as "open it outside".
 *
 * @param {URL} url
 * @param {InApp} app
 * @param {string} [agent]
 */
export function outside(url, { way }, agent = navigator.userAgent) {
  if (way === 'kakao') return `kakaotalk://web/openExternal?url=${encodeURIComponent(url.href)}`;
  if (way === 'line') {
    const asked = new URL(url);
    asked.searchParams.set('openExternalBrowser', '1');
    return asked.href;
  }
  if (/Android/.test(agent)) {
    const rest = url.href.slice(url.protocol.length);
    return `intent:${rest}#Intent;scheme=${url.protocol.slice(0, -1)};package=com.android.chrome;end`;
  }
  return null;
}
