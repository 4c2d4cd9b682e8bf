// `npm run build`: makes dist/, the code of the package, from src/.
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
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
  const path = fileURLToPath(new URL(name, playgroundFolder));
  writeFileSync(path, body);
  writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
  // The highest quality would take ten seconds for 3 % less.
  writeFileSync(`${path}.br`, brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
}
