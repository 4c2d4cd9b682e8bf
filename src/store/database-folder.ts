import { lstatSync, readdirSync, readFileSync, rmSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolderPrivate, makeTreePrivate } from './private-files.ts';
import { UnusableStoreError } from './unusable.ts';

/** The major version of PostgreSQL that PGlite is: it opens no other's files. */
export const postgresMajor = '18';

/** Without one of these a database can't be opened, or is opened with rows missing. Each is there from its creation on. */
const neededFolders = ['base', 'global', 'pg_logical', 'pg_multixact', 'pg_tblspc', 'pg_wal', 'pg_xact'];
const neededFiles = ['PG_VERSION', 'global/pg_control'];
const restore = "Restore a copy of the store's folder. To start with an empty store, move the folder away.";

/** The folder of the embedded database inside the store's. */
export function databaseFolderOf(folder: string): string {
  return join(folder, 'postgres');
}

/** Where a database is created before it takes the name `databaseFolder`: what is cut off never has that name. */
export function draftFolderOf(databaseFolder: string, id: string): string {
  return `${databaseFolder}.new-${id}`;
}

/** Assures, before the lock is written, that nobody but the owner can write the store's folder. */
export function prepareFolder(folder: string): void {
  makeFolderPrivate(folder, (name) => /^(postgres|lock)(\.|$)/.test(name) || name === 'lost+found');
  if (statsOf(join(folder, 'PG_VERSION'))) {
    throw new UnusableStoreError(
      `it is the folder of a PostgreSQL database itself. Name the folder that has it as "postgres", or another one`,
    );
  }
}

/**
 * Whether the database is still to be created. What is there is made private, and must be whole as far as can be seen without opening
 * it: throws StoreUnusable otherwise, so that a database is never created in place of one. Removes what a creation that was cut off
 * left behind. To be called by the holder of the lock.
 */
export function checkDatabaseFolder(databaseFolder: string): 'absent' | 'present' {
  removeDrafts(databaseFolder);
  const stats = statsOf(databaseFolder);
  if (!stats) return 'absent';
  if (!stats.isDirectory()) throw new UnusableStoreError(`${databaseFolder} is not a folder but a ${kindOf(stats)}. ${restore}`);
  makeTreePrivate(databaseFolder);
  const missing =
    neededFolders.find((name) => !statsOf(join(databaseFolder, name))?.isDirectory()) ??
    neededFiles.find((name) => !statsOf(join(databaseFolder, name))?.isFile());
  if (missing) throw new UnusableStoreError(`${databaseFolder} is not a whole database: ${missing} is missing. ${restore}`);
  const empty = neededFiles.find((name) => statsOf(join(databaseFolder, name))?.size === 0);
  if (empty) throw new UnusableStoreError(`${databaseFolder} is damaged: ${empty} is empty. ${restore}`);
  const version = readFileSync(join(databaseFolder, 'PG_VERSION'), 'utf8').trim();
  if (version !== postgresMajor) {
    const found = /^\d{1,3}(\.\d+)?$/.test(version) ? `was made by PostgreSQL ${version}` : 'is damaged: PG_VERSION holds no version';
    throw new UnusableStoreError(`${databaseFolder} ${found}, and this Jobyard opens those of PostgreSQL ${postgresMajor}. ${restore}`);
  }
  return 'present';
}

function removeDrafts(databaseFolder: string): void {
  const folder = dirname(databaseFolder);
  const prefix = `${basename(databaseFolder)}.new`;
  for (const name of readdirSync(folder)) {
    if (name === prefix || name.startsWith(`${prefix}-`)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function statsOf(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

function kindOf(stats: Stats): string {
  return stats.isSymbolicLink() ? 'link' : stats.isFile() ? 'file' : 'special file';
}
