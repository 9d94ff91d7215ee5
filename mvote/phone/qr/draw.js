/** A QR code as SVG: one path, dark on white in dark mode too, since scanners expect it. */

import { encode } from './encode.js';

const SVG = 'http://www.w3.org/2000/svg';
const QUIET = 4; // squares that have to stay light around the code

/** @param {string} text */
export function drawCode(text) {
  const rows = encode(text);
  const size = rows.length + 2 * QUIET;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('shape-rendering', 'crispEdges');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(shape('rect', { width: `${size}`, height: `${size}`, fill: '#fff' }), shape('path', { d: pathOf(rows), fill: '#000' }));
  return svg;
}

/** @param {import('./encode.js').Modules} rows */
const pathOf = (rows) => rows.flatMap((row, y) =>
  row.map((dark, x) => (dark ? `M${x + QUIET},${y + QUIET}h1v1h-1z` : ''))).join('');

/** @param {string} tag @param {Record<string, string>} given */
function shape(tag, given) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  return made;
}
