import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { openStore } from '../../src/store/open-store.ts';

/** One empty store for the run, of which each test has a copy: making one takes seconds. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'jobyard-store-'));
  const store = openStore({ kind: 'folder', folder }, pino({ level: 'silent' }));
  // On a busy machine it takes longer than a request would wait.
  store.query('SELECT 1').catch(() => {});
  await store.opened;
  await store.close();
  project.provide('storeFolder', folder);
  return () => rm(folder, { recursive: true });
}

declare module 'vitest' {
  interface ProvidedContext {
    storeFolder: string;
  }
}
