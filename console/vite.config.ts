import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import documents from './src/api/generated/persisted-documents.json' with { type: 'json' };

const dist = join(import.meta.dirname, 'dist');
/** Built beside `dist`, which a running server may be reading. */
const next = `${dist}.next`;
const compressible = new Set(['.html', '.js', '.css', '.svg']);

/** Compresses once, at build time, so that the server spends nothing on it. */
function compress(): void {
  for (const name of readdirSync(next, { recursive: true, encoding: 'utf8' })) {
    if (!compressible.has(extname(name))) continue;
    const path = join(next, name);
    const body = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }));
  }
}

/** Lists the documents that the console sends, by their IDs: for a server that executes only trusted documents. */
function writeManifest(): void {
  writeFileSync(join(next, 'documents.json'), JSON.stringify(documents));
}

/** Puts the new files in the place of the old ones at once. */
function replaceOld(): void {
  const old = `${dist}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(next, dist);
  rmSync(old, { recursive: true, force: true });
}

const finish: Plugin = {
  name: 'finish',
  closeBundle() {
    compress();
    writeManifest();
    replaceOld();
  },
};

export default defineConfig({
  // Relative, so that the console works behind any prefix.
  base: './',
  plugins: [react(), finish],
  build: {
    outDir: next,
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
