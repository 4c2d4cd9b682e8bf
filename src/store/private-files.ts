import { chmodSync, lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { UnusableStoreError } from './unusable.ts';

const byOwner = 0o700;
const byGroup = 0o070;
const byAll = 0o007;
const writableByAll = 0o002;
const writableByOthers = 0o022;

/**
 * Makes the store's folder accessible only to its owner (0700). A folder that also has other files (see `isOwnEntry`) keeps its mode, but must not
 * be writable by others. A folder of another user that is open to a group of this process, such as a Kubernetes volume, keeps its mode, but must
 * not be writable by all users. Throws UnusableStoreError for any other folder of another user, and for one that can't be made private.
 */
export function makeFolderPrivate(folder: string, isOwnEntry: (name: string) => boolean): void {
  const stats = statSync(folder);
  if (!isOwn(folder, stats)) {
    if (stats.mode & writableByAll)
      throw new UnusableStoreError(`${isOpenTo(folder, stats, 'writable by all users')} Run chmod o-w on it.`);
    return;
  }
  const foreign = readdirSync(folder).find((name) => !isOwnEntry(name));
  if (foreign === undefined) makePrivate(folder, stats);
  else if (stats.mode & writableByOthers) {
    throw new UnusableStoreError(
      `${folder} is writable by other users (mode ${modeOf(stats)}) and has files that are not the store's, such as ${foreign}. ` +
        'Give the store its own folder, or run chmod go-w on this one.',
    );
  }
}

/**
 * Makes a folder and everything in it accessible only to the owner: 0700 and 0600. Files of another user stay open to their group of this
 * process. Throws UnusableStoreError if that is not possible.
 */
export function makeTreePrivate(path: string): void {
  const stats = lstatSync(path);
  if (!stats.isDirectory() && !stats.isFile()) {
    throw new UnusableStoreError(`${path} is neither a file nor a folder. Restore a copy of the store's folder, without links.`);
  }
  if (isOwn(path, stats)) makePrivate(path, stats);
  else if (stats.mode & byAll)
    throw new UnusableStoreError(`${isOpenTo(path, stats, 'accessible to all users')} Run chmod -R o-rwx on the folder.`);
  if (stats.isDirectory()) for (const name of readdirSync(path)) makeTreePrivate(join(path, name));
}

function makePrivate(path: string, stats: Stats): void {
  // Only on systems with POSIX users.
  if (!process.geteuid) return;
  if (!allows(stats, byOwner)) {
    throw new UnusableStoreError(
      `${path} is read-only (mode ${modeOf(stats)}). To let Jobyard write to it, run chmod -R u+rwX on the folder.`,
    );
  }
  if ((stats.mode & (byGroup | byAll)) === 0) return;
  try {
    chmodSync(path, stats.mode & byOwner);
  } catch (error) {
    throw new UnusableStoreError(`${path} can't be made private: ${error instanceof Error ? error.message : String(error)}. ${remedy}`);
  }
  const after = lstatSync(path);
  if (after.mode & (byGroup | byAll))
    throw new UnusableStoreError(`${path} keeps mode ${modeOf(after)}: its file system has no permissions. ${remedy}`);
}

const remedy = 'Give the store a folder on a file system with permissions, owned by the user that runs Jobyard.';

/** False: it belongs to another user, and is open to a group of this process. Throws UnusableStoreError if it belongs to another user and is not. */
function isOwn(path: string, stats: Stats): boolean {
  const own = process.geteuid?.();
  if (own === undefined || stats.uid === own) return true;
  const groups = [process.getegid?.(), ...(process.getgroups?.() ?? [])];
  if (groups.includes(stats.gid) && allows(stats, byGroup)) return false;
  throw new UnusableStoreError(
    `${path} belongs to another user (uid ${stats.uid}), and Jobyard runs as uid ${own}. ` +
      `Run chown -R ${own} on the folder, run Jobyard as that user, open the folder to one of Jobyard's groups (chgrp -R and chmod -R g+rwX), ` +
      "or give the store a folder inside it that doesn't exist yet.",
  );
}

/** Whether full access is allowed to the owner (0700) or the group (0070). */
function allows(stats: Stats, who: number): boolean {
  const needed = who & (stats.isDirectory() ? 0o777 : 0o666);
  return (stats.mode & needed) === needed;
}

function isOpenTo(path: string, stats: Stats, how: string): string {
  return `${path} is ${how} (mode ${modeOf(stats)}), and as it belongs to another user (uid ${stats.uid}), Jobyard can't change that.`;
}

function modeOf({ mode }: Stats): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
