import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const compressible = new Set(['.html', '.js', '.css', '.svg', '.ttf']);

/** A plug-in of Vite. */
interface FinishPages {
  name: string;
  closeBundle(): void;
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

/** Finishes what Vite built: adds files, compresses, and replaces the earlier build. */
export function finishPages({ dist, next, more = {}, onlyCompressed = false }: FinishPagesOptions): FinishPages {
  return {
    name: 'finish-pages',
    closeBundle() {
      compress(next, onlyCompressed);
      for (const [name, text] of Object.entries(more)) writeFileSync(join(next, name), text);
      replace(dist, next);
    },
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
