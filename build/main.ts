// `npm run build`: makes dist/, the code of the package, from src/.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleServer } from './bundle.ts';
import { bundleDeclarations, compile, entries, root } from './declarations.ts';
import { writeLicenses } from './packages.ts';

const dist = join(root, 'dist');
// A file whose source is gone must not get into the package.
rmSync(dist, { recursive: true, force: true });
writeLicenses(await bundleServer(dist), join(dist, 'THIRD-PARTY-LICENSES.txt'));
const declarations = mkdtempSync(join(tmpdir(), 'jobyard-declarations-'));
compile('--emitDeclarationOnly', '--outDir', declarations);
// Only what the package's modules reach: the rest needs types of packages that an installation doesn't have.
for (const entry of entries) writeFileSync(join(dist, 'exports', `${entry}.d.ts`), await bundleDeclarations(declarations, entry));
rmSync(declarations, { recursive: true });
