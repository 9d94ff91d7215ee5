/** Run the cases that stand on standard input and print what they answer. */

import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;
const { run } = await import(process.argv[2] ?? './cases.mjs');
process.stdout.write(JSON.stringify(await run(JSON.parse(readFileSync(0, 'utf8')))));
