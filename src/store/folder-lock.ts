import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { UnusableStoreError } from './unusable.ts';

const holderSchema = z.object({
  id: z.string(),
  pid: z.number(),
  /** Distinguishes the process from a later one with the same PID; null if the system doesn't provide it. */
  startedAt: z.string().nullable(),
  /** Where the PID is valid: one boot of one machine, one container. */
  machine: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

const touchedEveryMs = 5_000;
const goneAfterMs = 20_000;

/**
 * Acquires the lock `file` for this process, or throws UnusableStoreError. Takes over the lock of a process that has ended: at once if that can
 * be seen, else (it ran in another container) when it has not touched its lock for 20 seconds.
 * Returns the function that releases the lock. A lock file that was removed is created again, unless another process has taken the lock.
 * `onLost`: another process has the lock now, so this one must write nothing more.
 * `onFailure`: the lock could not be touched this time.
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
      // If the file was removed, another process could take the folder, too.
      const holder = readHolder(file) ?? (place(own, file) ? own : readHolder(file));
      if (!holder || holder.id === own.id) return touch(own, file);
      release();
      onLost(
        new UnusableStoreError(
          `process ${holder.pid} has taken it over (${file}), because this process didn't touch its lock for 20 seconds, or the lock was removed`,
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

/** False: there is a lock. */
function place(own: Holder, file: string): boolean {
  return withDraft(own, file, (draft) => link(draft, file));
}

/** A lock is linked or renamed to its path, so that no process reads a partial file. */
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
  if (!link(draft, claim)) throw new UnusableStoreError(`another process is taking it over. If none is, delete ${claim}.`);
  try {
    // Only the process with the claim replaces the lock, and only if it is still the stale one.
    const present = readHolder(file);
    if (present?.id !== holder?.id) throw new UnusableStoreError(isUsedBy(present, file));
    renameSync(draft, file);
  } finally {
    rmSync(claim, { force: true });
  }
}

function isUsedBy(holder: Holder | null, file: string): string {
  return `process ${holder?.pid} uses it (${file}). Stop that process, or give this one its own store (--store FOLDER, key store).`;
}

function isAlive(holder: Holder, file: string, draft: string): boolean {
  // Both times are the file system's, because machines' clocks differ.
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
 * On Linux: clock ticks from boot to the start of the process, the 22nd field; the second, its name, may contain spaces. Null: unknown, or the
 * process has ended and its parent has not read its exit code (Z, X), which a container's first process may never do.
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

/** Also false for a lock that can't be read. */
function isHeldBy(own: Holder, file: string): boolean {
  try {
    return readHolder(file)?.id === own.id;
  } catch {
    return false;
  }
}

/** Null: there is no lock, or it is empty, as after a crash of the machine. Throws UnusableStoreError for one that can't be read: its process may run. */
function readHolder(file: string): Holder | null {
  try {
    const text = readFileSync(file, 'utf8');
    return text ? holderSchema.parse(JSON.parse(text)) : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    const reason = error instanceof z.ZodError ? 'it has other contents' : error instanceof Error ? error.message : String(error);
    throw new UnusableStoreError(`its lock can't be read: ${reason}. If no other process uses the folder, delete ${file}.`);
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
 * Uses the file system's time, which other machines compare with, because this machine's clock may differ. Takes it from an empty file,
 * which can be created on a full disk, too: otherwise the lock would become stale there, and a process that may use the disk's reserve would
 * take it over.
 */
function touch(own: Holder, file: string): void {
  const touchNow = (draft: string): void => {
    const { mtime } = statSync(draft);
    utimesSync(file, mtime, mtime);
  };
  withDraft(own, file, touchNow, '');
}
