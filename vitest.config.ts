import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Tests that need a store, and run on both kinds of it. */
const withStore = ['test/{store,bulk,idempotency}/**/*.test.ts', 'test/history/*.test.ts', 'test/live/replica-channel.test.ts'];

/** Tests that need a store of any kind. */
const withAnyStore = ['test/access/scopes.test.ts', 'test/docs/operations.test.ts'];

export default defineConfig({
  resolve: {
    // Vite would take graphql's ES modules where Node takes its CommonJS ones, and graphql can't be there twice.
    alias: [{ find: /^graphql$/, replacement: fileURLToPath(new URL('node_modules/graphql/index.js', import.meta.url)) }],
  },
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Vitest leaves one processor free, which of two is half.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'no store', include: ['test/**/*.test.ts'], exclude: [...withStore, ...withAnyStore] } },
      {
        extends: true,
        test: {
          name: 'pglite',
          include: [...withStore, ...withAnyStore],
          exclude: ['test/store/postgres/**'],
          env: { STORE: 'pglite' },
          globalSetup: 'test/store/pglite-setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: withStore,
          exclude: ['test/store/pglite/**'],
          env: { STORE: 'postgres' },
          globalSetup: 'test/store/postgres-setup.ts',
        },
      },
    ],
  },
});
