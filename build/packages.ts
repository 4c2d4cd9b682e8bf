import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifestSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
});

/** The package.json in a folder. */
export const readManifest = (folder: string) => manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));

/** The folder of the package that a module is of; null: it is Jobyard's own. */
export function toPackage(moduleId: string): string | null {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(moduleId.replace(/^\0/, ''))?.[0] ?? null;
}

/** Writes the licenses of packages in bundled code, which ask to be passed on with it. `packages` are their folders. */
export function writeLicenses(packages: Iterable<string>, file: string): void {
  const texts = Array.from(packages, (folder) => {
    const { name, version, license = 'see below' } = readManifest(folder);
    const [path] = globSync('{LICENSE,LICENCE,License,license}*', { cwd: folder });
    // What is bundled in the package itself.
    const notices = globSync('ThirdPartyNotices*', { cwd: folder });
    const files = path === undefined ? notices : [path, ...notices];
    return [`${name} ${version} (${license})`, ...files.map((each) => readFileSync(join(folder, each), 'utf8').trim())].join('\n\n');
  });
  writeFileSync(file, `The compiled code contains these packages.\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}
