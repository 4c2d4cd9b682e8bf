import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { finishPages } from '../build/finish-pages.ts';
import documents from './src/api/generated/persisted-documents.json' with { type: 'json' };

const dist = join(import.meta.dirname, 'dist');
const next = `${dist}.next`;

/** The documents that the console sends, by their IDs: for a server that executes only trusted documents. */
const manifest = { 'documents.json': JSON.stringify(documents) };

export default defineConfig({
  // Relative, so that the console works behind any prefix.
  base: './',
  plugins: [react(), finishPages({ dist, next, more: manifest }).pages],
  build: {
    outDir: next,
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
