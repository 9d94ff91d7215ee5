/** The other side of the blind signature, by the package `@cloudflare/blindrsa-ts`. */

import { RSABSSA } from '../spec/node_modules/@cloudflare/blindrsa-ts/lib/src/index.js';
import { b64u, hex, unb64u, unhex } from '../../mvote/phone/app/bytes.js';

const suite = RSABSSA.SHA384.PSS.Randomized();
const pss = { name: 'RSA-PSS', hash: 'SHA-384' };
const publicKey = (jwk) => crypto.subtle.importKey('jwk', jwk, pss, true, ['verify']);

const cases = {
  async generate({ bits }) {
    const publicExponent = Uint8Array.of(1, 0, 1);
    const pair = await suite.generateKey({ modulusLength: bits, publicExponent });
    const jwk = (key) => crypto.subtle.exportKey('jwk', key);
    return { public: await jwk(pair.publicKey), private: await jwk(pair.privateKey) };
  },

  async sign({ jwk, blinded }) {
    const key = await crypto.subtle.importKey('jwk', jwk, pss, true, ['sign']);
    return b64u(await suite.blindSign(key, unb64u(blinded)));
  },

  verify: async ({ jwk, message, sig }) =>
    suite.verify(await publicKey(jwk), unb64u(sig), unhex(message)),

  async blind({ jwk, message }) {
    const prepared = suite.prepare(unhex(message));
    const { blindedMsg, inv } = await suite.blind(await publicKey(jwk), prepared);
    return { prepared: hex(prepared), blinded: b64u(blindedMsg), inv: hex(inv) };
  },

  async finalise({ jwk, prepared, blindSig, inv }) {
    const key = await publicKey(jwk);
    return b64u(await suite.finalize(key, unhex(prepared), unb64u(blindSig), unhex(inv)));
  },
};

/** @param {[keyof typeof cases, any][]} calls */
export async function run(calls) {
  const answers = [];
  for (const [name, given] of calls) answers.push({ value: await cases[name](given) });
  return answers;
}
