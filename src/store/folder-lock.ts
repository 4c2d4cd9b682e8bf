import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { UnusableStoreError } from './unusable.ts';

interface Holder {
  id: string;
  pid: number;
  /** What tells a process from another that got its number later; null where the system does not say. */
  startedAt: string | null;
  /** Where its number means something: the same boot of the same machine, the same container. */
  machine: string;
}

const touchedEveryMs = 5_000;
const goneAfterMs = 20_000;

/**
 * Takes the lock `file` for this process, or throws StoreUnusable. The lock of a process that is gone is taken over: at once where that can
 * be seen, else (it ran in another container) once it has not touched its lock for 20 s.
 * Gives back what lets it go. A lock that somebody removed is made again where no other process has taken it meanwhile. `onLost`: another has, or
 * took it over as this one had not touched it for so long: write nothing more.
 * `onFailure`: it could not be touched this time.
 */
export function acquireFolderLock(
  file: string,
  onLost: (error: UnusableStoreError) => void,
  onFailure: (error: unknown) => void,
): () => void {
  const own: Holder = { id: randomUUID(), pid: process.pid, startedAt: startOf(process.pid), machine: thisMachine() };
  withDraft(own, file, (draft) => {
    if (!link(draft, file)) takeOver(draft, file);
  });
  const touching = setInterval(() => {
    try {
      // Somebody has removed it: without it another process would take the folder too.
      const holder = readHolder(file) ?? (place(own, file) ? own : readHolder(file));
      if (!holder || holder.id === own.id) return touch(own, file);
      release();
      onLost(
        new UnusableStoreError(
          `process ${holder.pid} has taken it over (${file}), as this one stood still for too long or its lock was removed`,
        ),
      );
    } catch (error) {
      onFailure(error);
    }
  }, touchedEveryMs).unref();
  const release = (): void => {
    clearInterval(touching);
    process.off('exit', release);
    if (isHeldBy(own, file)) rmSync(file, { force: true });
  };
  process.once('exit', release);
  return release;
}

/** Whether the lock is now this one's: false where there is one already. */
function place(own: Holder, file: string): boolean {
  return withDraft(own, file, (draft) => link(draft, file));
}

/** A lock is linked or renamed into its place and not written there, so that nobody reads half of it. */
function withDraft<Value>(own: Holder, file: string, work: (draft: string) => Value, text = JSON.stringify(own)): Value {
  const draft = `${file}.${own.id}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    return work(draft);
  } finally {
    rmSync(draft, { force: true });
  }
}

function takeOver(draft: string, file: string): void {
  const holder = readHolder(file);
  if (holder && isAlive(holder, file, draft)) throw new UnusableStoreError(isUsedBy(holder, file));
  const claim = `${file}.takeover`;
  if (!link(draft, claim)) throw new UnusableStoreError(`another process is taking it over. If none is, remove ${claim}.`);
  try {
    // Only who holds the claim replaces the lock, and only the lock that was seen to be stale.
    const present = readHolder(file);
    if (present?.id !== holder?.id) throw new UnusableStoreError(isUsedBy(present, file));
    renameSync(draft, file);
  } finally {
    rmSync(claim, { force: true });
  }
}

function isUsedBy(holder: Holder | null, file: string): string {
  return `process ${holder?.pid} uses it (${file}). Stop that process, or give this one a store of its own (--store FOLDER, key store).`;
}

function isAlive(holder: Holder, file: string, draft: string): boolean {
  // Both times are the file system's: machines' clocks differ.
  if (holder.machine !== thisMachine()) return statSync(draft).mtimeMs - statSync(file).mtimeMs < goneAfterMs;
  const startedAt = startOf(holder.pid);
  if (startedAt !== null || holder.startedAt !== null) return startedAt === holder.startedAt;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/**
 * Of Linux: clock ticks from the boot to the start of the process, the 22nd field; the second, its name, may hold spaces. Null: it is not known,
 * or the process has ended, and its parent has not asked for its exit code yet (Z, X): a container's first process may never ask.
 */
function startOf(pid: number): string | null {
  const fields = read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');
  return fields && !/^[ZX]/.test(fields[0] ?? '') ? (fields[19] ?? null) : null;
}

function thisMachine(): string {
  const boot = read('/proc/sys/kernel/random/boot_id')?.trim();
  if (!boot) return 'one';
  return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
}

/** False, too, for a lock that can't be read. */
function isHeldBy(own: Holder, file: string): boolean {
  try {
    return readHolder(file)?.id === own.id;
  } catch {
    return false;
  }
}

/** Null: there is no lock, or nothing in it, as after a crash of the machine. Throws StoreUnusable for one that can't be read: its process may run. */
function readHolder(file: string): Holder | null {
  try {
    const text = readFileSync(file, 'utf8');
    return text ? (JSON.parse(text) as Holder) : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnusableStoreError(`its lock can't be read: ${reason}. If no other process uses the folder, remove ${file}.`);
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * With the file system's own time: another machine compares it with that, and this one's clock may differ. From an empty file, which can be made
 * on a full disk, too: there the lock would seem to be left, and a process that may use the disk's reserve takes it over.
 */
function touch(own: Holder, file: string): void {
  const touchNow = (draft: string): void => {
    const { mtime } = statSync(draft);
    utimesSync(file, mtime, mtime);
  };
  withDraft(own, file, touchNow, '');
}
