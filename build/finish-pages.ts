import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { toPackage, writeLicenses } from './packages.ts';

const compressible = new Set(['.html', '.js', '.css', '.svg', '.ttf']);

interface Chunk {
  moduleIds?: readonly string[];
}

/** Plug-ins of Vite. */
export interface FinishPages {
  /** For the pages. */
  pages: { name: string; generateBundle(options: unknown, bundle: Readonly<Record<string, Chunk>>): void; closeBundle(): void };
  /** For their workers, which Vite builds apart. */
  workers: { name: string; generateBundle(options: unknown, bundle: Readonly<Record<string, Chunk>>): void };
}

export interface FinishPagesOptions {
  /** Where the pages are when they are finished. */
  dist: string;
  /** Where Vite builds them: beside `dist`, which a running server may be reading. */
  next: string;
  /** More files, by name. */
  more?: Readonly<Record<string, string>>;
  /** Keeps only the compressed forms of the files that the page loads, which are megabytes. */
  onlyCompressed?: boolean;
}

/** Finishes what Vite built: compresses it, adds files and the licenses of the packages inside, and replaces the earlier build. */
export function finishPages({ dist, next, more = {}, onlyCompressed = false }: FinishPagesOptions): FinishPages {
  const packages = new Set<string>();
  const generateBundle = (_options: unknown, bundle: Readonly<Record<string, Chunk>>): void => {
    const modules = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
    for (const folder of modules.map(toPackage)) if (folder !== null) packages.add(folder);
  };
  return {
    pages: {
      name: 'finish-pages',
      generateBundle,
      closeBundle() {
        compress(next, onlyCompressed);
        for (const [name, text] of Object.entries(more)) writeFileSync(join(next, name), text);
        writeLicenses([...packages].sort(), join(next, 'THIRD-PARTY-LICENSES.txt'));
        replace(dist, next);
      },
    },
    workers: { name: 'finish-workers', generateBundle },
  };
}

/** Compresses once, at build time, so that the server spends nothing on it. */
function compress(folder: string, onlyCompressed: boolean): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!compressible.has(extname(name))) continue;
    const path = join(folder, name);
    const body = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }));
    if (onlyCompressed && name !== 'index.html') rmSync(path);
  }
}

/** Puts the new files in the place of the old ones at once. */
function replace(dist: string, next: string): void {
  const old = `${dist}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(next, dist);
  rmSync(old, { recursive: true, force: true });
}
