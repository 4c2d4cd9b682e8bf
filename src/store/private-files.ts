import { chmodSync, lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { StoreUnusable } from './unusable.ts';

const forOthers = 0o077;
const writableByOthers = 0o022;

/**
 * Makes the store's folder accessible to its owner only (0700). A folder that also holds files that are not the store's (`isOwnEntry` tells)
 * keeps its mode, but must not be writable by others. Throws StoreUnusable if it belongs to another user or can't be made private.
 */
export function makeFolderPrivate(folder: string, isOwnEntry: (name: string) => boolean): void {
  const stats = statSync(folder);
  assertOwned(folder, stats);
  const foreign = readdirSync(folder).find((name) => !isOwnEntry(name));
  if (foreign === undefined) makePrivate(folder, stats);
  else if (stats.mode & writableByOthers) {
    throw new StoreUnusable(
      `${folder} is writable by other users (mode ${modeOf(stats)}) and holds files that are not the store's, such as ${foreign}. ` +
        'Give the store a folder of its own, or run chmod go-w on this one.',
    );
  }
}

/** Makes a folder and all in it accessible to their owner only: 0700 and 0600. Throws StoreUnusable for what can't be made so. */
export function makeTreePrivate(path: string): void {
  const stats = lstatSync(path);
  assertOwned(path, stats);
  if (!stats.isDirectory() && !stats.isFile()) {
    throw new StoreUnusable(`${path} is neither a file nor a folder. Restore a copy of the store's folder, without links.`);
  }
  makePrivate(path, stats);
  if (stats.isDirectory()) for (const name of readdirSync(path)) makeTreePrivate(join(path, name));
}

function makePrivate(path: string, stats: Stats): void {
  // Only on systems with users of this kind.
  if (!process.geteuid) return;
  const needed = stats.isDirectory() ? 0o700 : 0o600;
  if ((stats.mode & needed) !== needed) {
    throw new StoreUnusable(`${path} is read-only (mode ${modeOf(stats)}). If Jobyard is to write it, run chmod -R u+rwX on the folder.`);
  }
  if ((stats.mode & forOthers) === 0) return;
  try {
    chmodSync(path, stats.mode & 0o700);
  } catch (error) {
    throw new StoreUnusable(`${path} can't be made private: ${error instanceof Error ? error.message : String(error)}. ${remedy}`);
  }
  const after = lstatSync(path);
  if (after.mode & forOthers) throw new StoreUnusable(`${path} keeps mode ${modeOf(after)}: its file system has no permissions. ${remedy}`);
}

const remedy = 'Give the store a folder on a file system with permissions, owned by the user that runs Jobyard.';

function assertOwned(path: string, { uid }: Stats): void {
  const own = process.geteuid?.();
  if (own === undefined || uid === own) return;
  throw new StoreUnusable(
    `${path} belongs to another user (uid ${uid}), and Jobyard runs as uid ${own}. ` +
      `Run chown -R ${own} on the folder, run Jobyard as that user, or give the store a folder inside it that doesn't exist yet.`,
  );
}

function modeOf({ mode }: Stats): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
