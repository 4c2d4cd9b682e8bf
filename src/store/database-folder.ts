import { lstatSync, readdirSync, readFileSync, rmSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolderPrivate, makeTreePrivate } from './private-files.ts';
import { UnusableStoreError } from './unusable.ts';

/** The major version of PostgreSQL in PGlite, which can't open files of another one. */
export const postgresMajor = '18';

/** Without one of these, a database can't be opened, or rows are missing. All exist from its creation. */
const neededFolders = ['base', 'global', 'pg_logical', 'pg_multixact', 'pg_tblspc', 'pg_wal', 'pg_xact'];
const neededFiles = ['PG_VERSION', 'global/pg_control'];
const restore = "Restore a copy of the store's folder. To start with an empty store, move the folder away.";

/** The folder of the embedded database inside the store's folder. */
export function databaseFolderOf(folder: string): string {
  return join(folder, 'postgres');
}

/** Where a database is created before it is renamed to `databaseFolder`, so that an interrupted creation never has that name. */
export function draftFolderOf(databaseFolder: string, id: string): string {
  return `${databaseFolder}.new-${id}`;
}

/** Ensures, before the lock is written, that only the owner can write to the store's folder. */
export function prepareFolder(folder: string): void {
  makeFolderPrivate(folder, (name) => /^(postgres|lock)(\.|$)/.test(name) || name === 'lost+found');
  if (statsOf(join(folder, 'PG_VERSION'))) {
    throw new UnusableStoreError(
      `it is itself the folder of a PostgreSQL database. Use the folder that contains it as "postgres", or another folder.`,
    );
  }
}

/**
 * Whether the database must be created. Makes an existing one private, and throws UnusableStoreError if its files aren't complete as far as can
 * be seen without opening it, so that no database is ever created in its place. Deletes the files of an interrupted creation.
 * Only the process that has the lock may call this.
 */
export function checkDatabaseFolder(databaseFolder: string): 'absent' | 'present' {
  removeDrafts(databaseFolder);
  const stats = statsOf(databaseFolder);
  if (!stats) return 'absent';
  if (!stats.isDirectory())
    throw new UnusableStoreError(`expected a folder, got ${databaseFolder}, which is a ${kindOf(stats)}. ${restore}`);
  makeTreePrivate(databaseFolder);
  const missing =
    neededFolders.find((name) => !statsOf(join(databaseFolder, name))?.isDirectory()) ??
    neededFiles.find((name) => !statsOf(join(databaseFolder, name))?.isFile());
  if (missing) throw new UnusableStoreError(`${databaseFolder} is not a complete database: ${missing} is missing. ${restore}`);
  const empty = neededFiles.find((name) => statsOf(join(databaseFolder, name))?.size === 0);
  if (empty) throw new UnusableStoreError(`${databaseFolder} is damaged: ${empty} is empty. ${restore}`);
  const version = readFileSync(join(databaseFolder, 'PG_VERSION'), 'utf8').trim();
  if (version !== postgresMajor) {
    const found = /^\d{1,3}(\.\d+)?$/.test(version) ? `was created by PostgreSQL ${version}` : 'is damaged: PG_VERSION contains no version';
    throw new UnusableStoreError(`${databaseFolder} ${found}. This Jobyard requires PostgreSQL ${postgresMajor}. ${restore}`);
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
