import { execFileSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

export const root = fileURLToPath(new URL('../', import.meta.url));

/** The package's modules: the name of the file in src/exports of each. */
export const entries = ['embed', 'adapter', 'sandbox', 'conformance'] as const;
export type Entry = (typeof entries)[number];

/** Compiles src/ as tsconfig.build.json says, with these flags too. */
export function compile(...flags: string[]): void {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json'), ...flags], {
    stdio: 'inherit',
  });
}

/** All declarations that a module's types reach, in one text. `folder` has those of each file of src/. */
export async function bundleDeclarations(folder: string, entry: Entry): Promise<string> {
  const build = await rolldown({
    input: join(folder, 'exports', `${entry}.d.ts`),
    checks: { pluginTimings: false },
    external: (id) => /^[^./]/.test(id),
    plugins: [resolveDeclarations, dts({ dtsInput: true, oxc: true, tsconfig: false, sourcemap: false })],
  });
  const { output } = await build.generate({ format: 'es' });
  await build.close();
  const code = output.map((part) => (part.type === 'chunk' ? part.code : '')).join('');
  // The comments name files, which the package doesn't have.
  return code
    .replaceAll(/^\/\/.*\n/gm, '')
    .trim()
    .concat('\n');
}

/** The compiler keeps `./x.ts` in declarations, and finds `./x.d.ts`. */
const resolveDeclarations = {
  name: 'resolve-declarations',
  resolveId: (source: string, importer: string | undefined) =>
    importer && source.startsWith('.') && source.endsWith('.ts') && !source.endsWith('.d.ts')
      ? resolve(dirname(importer), source.replace(/\.ts$/, '.d.ts'))
      : null,
};
