/** A screen that says words which a first ballot does not need imports this. */

import { alsoSpeak } from './index.js';
import en from './later-en.js';
import ko from './later-ko.js';

alsoSpeak({ ko, en });
