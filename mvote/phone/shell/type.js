/** Large type: chosen once, kept on the phone, set before the first screen is drawn. */

const KEPT = 'mvote-type';
const LARGE = 'large';

export const isLarge = () => document.documentElement.dataset.type === LARGE;

/** As it was chosen earlier. */
export function findType() {
  try {
    if (localStorage.getItem(KEPT) === LARGE) document.documentElement.dataset.type = LARGE;
  } catch {
    // the size of the browser's own type stands
  }
}

/** @param {boolean} large */
export function chooseType(large) {
  if (large) document.documentElement.dataset.type = LARGE;
  else delete document.documentElement.dataset.type;
  try {
    localStorage.setItem(KEPT, large ? LARGE : '');
  } catch {
    // it is chosen for this visit
  }
}
