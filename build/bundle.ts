import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { z } from 'zod';
import { entries, root } from './declarations.ts';
import { readManifest, toPackage } from './packages.ts';

/** Not in package.json: optional packages of packages, which work without them. */
const optional = ['bufferutil', 'pg-cloudflare', 'pg-native', 'utf-8-validate'];

const isNamed = (names: readonly string[], id: string): boolean => names.some((name) => id === name || id.startsWith(`${name}/`));

/**
 * Writes the server's code to a folder, with the packages that it uses: one file is read faster than the 900 modules that a start loads. The
 * package's `dependencies` stay outside. Modules that several entries use are in one chunk, so that each is loaded once. Returns the
 * folders of the packages inside.
 */
export async function bundleServer(folder: string): Promise<string[]> {
  const { dependencies, peerDependencies } = readManifest(root);
  const outside = [...Object.keys(dependencies), ...Object.keys(peerDependencies), ...optional];
  const build = await rolldown({
    cwd: root,
    input: {
      jobyard: 'src/jobyard.js',
      // Threads.
      'store/pglite-worker': 'src/store/pglite-worker.ts',
      'store/pglite-create': 'src/store/pglite-create.ts',
      ...Object.fromEntries(entries.map((entry) => [`exports/${entry}`, `src/exports/${entry}.ts`])),
    },
    platform: 'node',
    external: (id) => isNamed(outside, id),
    checks: { pluginTimings: false },
  });
  // Jobyard's own chunks are beside jobyard.js: src/package.js finds the package from there.
  const { output } = await build.write({
    dir: folder,
    format: 'esm',
    chunkFileNames: ({ moduleIds }) => {
      const packages = moduleIds.map(toPackage);
      return packages.includes(null) ? '[name].js' : `packages/${basename(packages.at(-1) ?? '')}.js`;
    },
    sourcemap: true,
  });
  await build.close();
  const chunks = output.filter((part) => part.type === 'chunk');
  for (const { fileName, map } of chunks) if (map) leaveOutSourcesOfPackages(join(folder, `${fileName}.map`));
  return [...new Set(chunks.flatMap(({ moduleIds }) => moduleIds.map(toPackage).filter((path) => path !== null)))].sort();
}

const mapSchema = z.looseObject({ sources: z.array(z.string()), sourcesContent: z.array(z.string().nullable()) });

/** A stack trace needs only their names and lines, and they are half of the source maps. */
function leaveOutSourcesOfPackages(file: string): void {
  const map = mapSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const sourcesContent = map.sourcesContent.map((text, index) => (map.sources[index]?.includes('node_modules/') ? null : text));
  writeFileSync(file, JSON.stringify({ ...map, sourcesContent }));
}
