/** Print the names of those modules whose two texts are not the same program. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const ts = createRequire(import.meta.url)(process.argv[2]);
const options = { removeComments: true, target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext };
const bare = (text) => ts.transpileModule(text, { compilerOptions: options }).outputText;
const pairs = Object.entries(JSON.parse(readFileSync(0, 'utf8')));
process.stdout.write(JSON.stringify(pairs.filter(([, [one, other]]) => bare(one) !== bare(other)).map(([name]) => name)));
