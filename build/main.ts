// `npm run build`: makes dist/, the code of the package, from src/.
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { renderPlayground } from '../src/http/playground.ts';
import { playgroundFolder } from '../src/package.js';
import { bundleDeclarations, compile, entries, root } from './declarations.ts';

const dist = join(root, 'dist');
// A file whose source is gone must not get into the package.
rmSync(dist, { recursive: true, force: true });
compile();
// Only what the package's modules reach: the rest needs types of packages that an installation doesn't have.
const bundles = await Promise.all(entries.map(async (entry) => ({ entry, text: await bundleDeclarations(dist, entry) })));
for (const file of globSync('**/*.d.ts', { cwd: dist })) rmSync(join(dist, file));
for (const { entry, text } of bundles) writeFileSync(join(dist, 'exports', `${entry}.d.ts`), text);
mkdirSync(playgroundFolder);
for (const [name, body] of await renderPlayground()) {
  // In one form only, as each has megabytes.
  writeFileSync(fileURLToPath(new URL(`${name}.gz`, playgroundFolder)), gzipSync(body, { level: 9 }));
}
