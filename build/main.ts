// `npm run build`: makes dist/, the code of the package, from src/.
import { globSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderPlayground } from '../src/http/playground.ts';
import { playgroundPage } from '../src/package.js';
import { bundleDeclarations, compile, entries, root } from './declarations.ts';

const dist = join(root, 'dist');
// A file whose source is gone must not get into the package.
rmSync(dist, { recursive: true, force: true });
compile();
// Only what the package's modules reach: the rest needs types of packages that an installation doesn't have.
const bundles = await Promise.all(entries.map(async (entry) => ({ entry, text: await bundleDeclarations(dist, entry) })));
for (const file of globSync('**/*.d.ts', { cwd: dist })) rmSync(join(dist, file));
for (const { entry, text } of bundles) writeFileSync(join(dist, 'exports', `${entry}.d.ts`), text);
writeFileSync(playgroundPage, await renderPlayground());
