/** What is asked before the ballot in some polls: a name to publish, a room's password. */

import { el } from '../widgets/parts.js';
import { SignInNeeded, enterRoom, isSignedIn } from '../state/identity.js';
import { Elsewhere, go } from '../shell/router.js';
import { inWords, say } from '../words/index.js';
import '../words/later.js';
import { permitOr } from './ballot.js';
import { field, form, tick } from './form.js';
import { begin, forgetPolls, openCity, openPoll, pathOf, reasonsOf, requireNotCast } from './voting.js';

const ABOUT_NAMES = ['name-malformed', 'name-needed', 'permit-already-issued', 'fields-refused'];

/** At level open. @type {import('../shell/router.js').Show} */
export async function showName(place) {
  const { poll, vote } = await openPoll(place);
  const { id } = poll.frozen;
  requireNotCast(vote);
  if (vote?.permit) throw new Elsewhere(pathOf(id, 'ballot'));
  await begin(poll, place);
  if (isTargeted(poll) && !(await reasonsOf(poll)).may_vote) throw new Elsewhere(pathOf(id, 'why'));
  const name = field(say('name'), { autocomplete: 'name', name: 'name', maxlength: 80 });
  const agree = tick(say('nameAgree'));
  return {
    title: say('nameTitle'),
    crumb: { href: pathOf(id), label: inWords(poll.head.title) },
    body: [
      el('p', { class: 'notice warn' }, say('nameWhy')),
      form({
        fields: [name, agree], label: say('goToBallot'),
        wrong: (refused) => {
          if (ABOUT_NAMES.includes(refused.code)) name.tell(inWords(refused.sentence));
          return ABOUT_NAMES.includes(refused.code);
        },
        async send() {
          const chosen = name.input.value.trim().normalize('NFC');
          name.tell(chosen ? '' : say('nameMissing'));
          if (!chosen) return;
          agree.tell(agree.input.checked ? '' : say('nameAgreeMissing'));
          if (agree.input.checked) await takeWith(poll, chosen);
        },
      }),
      el('p', { class: 'quiet small' }, say('fateNothing')),
    ],
  };
}

/** Whether not everybody with a number may vote, so that somebody might be asked a name in vain. */
const isTargeted = (/** @type {import('../state/polls.js').Poll} */ { frozen }) =>
  JSON.stringify(frozen.definition.audience) !== '{"all":[{"condition":"verified-number"}]}';

/** @param {import('../state/polls.js').Poll} poll @param {string} name */
async function takeWith(poll, name) {
  let to = pathOf(poll.frozen.id, 'ballot');
  try {
    await permitOr(poll, { name });
  } catch (error) {
    if (!(error instanceof Elsewhere)) throw error;
    to = error.path;
  }
  await go(to, { replace: true });
}

/** @type {import('../shell/router.js').Show} */
export async function showRoom({ given, path }) {
  const poll = String(given.poll);
  if (!(await isSignedIn())) throw new Elsewhere(`/app/sign-in?to=${encodeURIComponent(path)}`);
  const { base } = await openCity();
  const number = field(say('roomNumber'), { inputmode: 'numeric', autocomplete: 'off' });
  const password = field(say('roomPassword'), { type: 'password', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false' });
  const seen = tick(say('roomShow'));
  seen.input.addEventListener('change', () => { password.input.type = seen.input.checked ? 'text' : 'password'; });
  return {
    title: say('roomTitle'),
    crumb: { href: '/app/', label: say('toPolls') },
    body: [
      el('p', {}, say('roomWhy')),
      form({
        fields: [number, password, seen], label: say('roomEnter'),
        async send() {
          const entry = { base, number: number.input.value.replace(/\D/g, ''), password: password.input.value };
          number.tell(entry.number ? '' : say('roomNumberMissing'));
          if (!entry.number) return;
          password.tell(entry.password ? '' : say('roomPasswordMissing'));
          if (!entry.password) return;
          try {
            await enterRoom(poll, entry);
          } catch (error) {
            if (!(error instanceof SignInNeeded)) throw error;
            await go(`/app/sign-in?to=${encodeURIComponent(path)}`, { replace: true });
            return;
          }
          forgetPolls();
          await go(pathOf(poll), { replace: true });
        },
      }),
      el('p', { class: 'quiet small' }, say('fateNothing')),
    ],
  };
}
