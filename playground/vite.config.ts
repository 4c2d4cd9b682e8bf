import { join } from 'node:path';
import { defineConfig } from 'vite';
import { finishPages } from '../build/finish-pages.ts';

const dist = join(import.meta.dirname, 'dist');
const next = `${dist}.next`;

const { pages, workers } = finishPages({ dist, next, onlyCompressed: true });

export default defineConfig({
  // Relative, so that the playground works behind any prefix.
  base: './',
  plugins: [pages],
  resolve: { alias: { 'monaco-editor/esm/vs/editor/edcore.main.js': join(import.meta.dirname, 'src/editor.ts') } },
  build: {
    outDir: next,
    emptyOutDir: true,
    // The page is at / and at /playground: from both, the address `./playground/NAME` leads to the same file.
    assetsDir: 'playground',
    target: 'es2023',
    // The content security policy allows fonts and scripts only from files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Monaco, as one file.
    chunkSizeWarningLimit: 3_000,
    // Directives for servers that render React.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  worker: { format: 'es', plugins: () => [workers] },
});
