import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { inject, onTestFinished } from 'vitest';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { administer, templateDatabase } from './store/databases.ts';

/** What the tests of a run are about: each runs once with either. */
export const isPostgres = process.env.STORE === 'postgres';

/** Where an empty store is. */
export interface StorePlace {
  /** What JOBYARD_STORE takes. */
  text: string;
  /** Any number, at the same time on a server. */
  open(): Store;
  remove(): Promise<void>;
}

export function createStorePlace(): StorePlace {
  return isPostgres ? createDatabase() : copyFolder();
}

/** An empty store that is gone when the test ends. */
export function openTestStore(): Store {
  const store = openEmptyStore();
  onTestFinished(() => store.close());
  return store;
}

/** An empty store for what outlives a test; it is gone when it is closed. */
export function openEmptyStore(): Store {
  const place = createStorePlace();
  const store = place.open();
  store.resume();
  return {
    ...store,
    async close() {
      await store.close();
      await place.remove();
    },
  };
}

const logger = pino({ level: 'silent' });

function copyFolder(): StorePlace {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-store-'));
  cpSync(inject('storeFolder'), folder, { recursive: true });
  return {
    text: folder,
    open: () => openStore({ kind: 'folder', folder }, logger),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function createDatabase(): StorePlace {
  const server = inject('postgresUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = `${server}/${name}`;
  // A store that finds no database yet tries again.
  const created = administer(server, `CREATE DATABASE ${name} TEMPLATE ${templateDatabase}`);
  created.catch(() => {});
  return {
    text: url,
    open: () => openStore({ kind: 'server', url }, logger),
    async remove() {
      await created;
      await administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}
