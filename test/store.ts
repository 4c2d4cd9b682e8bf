import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { inject, onTestFinished } from 'vitest';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { administer, templateDatabase } from './store/databases.ts';
import { lend, makeNew } from './store/spare.ts';

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
  const opened = spare ?? openAnew();
  spare = null;
  return lend(opened.store, async () => {
    if (!spare && (await makeNew(opened.store).catch(() => false))) spare = opened;
    else await opened.remove();
  });
}

interface OpenedStore {
  store: Store;
  remove(): Promise<void>;
}

/** The store of the test before: a second of a processor to open with PGlite, half a second to create on a server. */
let spare: OpenedStore | null = null;

function openAnew(): OpenedStore {
  const place = createStorePlace();
  const store = place.open();
  store.resume();
  // The spare one of a worker ends with it.
  const onExit = (): void => void (isPostgres || rmSync(place.text, { recursive: true, force: true }));
  process.once('exit', onExit);
  return {
    store,
    async remove() {
      process.off('exit', onExit);
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
