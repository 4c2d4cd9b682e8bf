import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { acquireFolderLock } from '../../../src/store/folder-lock.ts';
import { UnusableStoreError } from '../../../src/store/unusable.ts';
import { withSystem, writeTemporaryFile } from '../../config/load.ts';
import { runJobyard } from '../../processes.ts';
import { createStorePlace } from '../../store.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
});

function takeLock() {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'lock');
  const [onLost, onFailure] = [vi.fn(), vi.fn()];
  onTestFinished(acquireFolderLock(file, onLost, onFailure));
  return { file, onLost, onFailure };
}

test('a lock that another process has taken over is reported once and kept', () => {
  const { file, onLost, onFailure } = takeLock();
  vi.advanceTimersByTime(5_000);
  expect(onLost).not.toHaveBeenCalled();
  const other = JSON.stringify({ id: 'other', pid: 7, startedAt: null, machine: 'elsewhere' });
  writeFileSync(file, other);
  const long = new Date('2026-01-01T00:00:00Z');
  utimesSync(file, long, long);
  vi.advanceTimersByTime(15_000);
  expect(onLost).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({
      message: `process 7 has taken it over (${file}), because this process didn't touch its lock for 20 seconds, or the lock was removed`,
    }),
  );
  expect(onFailure).not.toHaveBeenCalled();
  expect(readFileSync(file, 'utf8')).toBe(other);
  expect(statSync(file).mtime).toEqual(long);
});

test('a removed lock is created again, and rejects other processes', () => {
  const { file, onLost, onFailure } = takeLock();
  const own = readFileSync(file, 'utf8');
  rmSync(file);
  vi.advanceTimersByTime(5_000);
  expect(readFileSync(file, 'utf8')).toBe(own);
  expect(readdirSync(dirname(file))).toEqual(['lock']);
  expect(() => acquireFolderLock(file, onLost, onFailure)).toThrow(UnusableStoreError);
  expect(onLost).not.toHaveBeenCalled();
  expect(onFailure).not.toHaveBeenCalled();
});

test('a removed lock that another process acquired is kept', () => {
  const { file, onLost, onFailure } = takeLock();
  rmSync(file);
  const [othersLost, othersTrouble] = [vi.fn(), vi.fn()];
  onTestFinished(acquireFolderLock(file, othersLost, othersTrouble));
  const others = readFileSync(file, 'utf8');
  vi.advanceTimersByTime(15_000);
  expect(onLost).toHaveBeenCalledOnce();
  expect(onFailure).not.toHaveBeenCalled();
  expect(othersLost).not.toHaveBeenCalled();
  expect(readFileSync(file, 'utf8')).toBe(others);
});

test.runIf(process.platform === 'linux')(
  'the lock of a killed process is taken at once, also where its parent has not noticed its end',
  async () => {
    const { file, onLost, onFailure } = takeLock();
    // The parent becomes another program, which doesn't ask for its children.
    const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600']);
    onTestFinished(() => void parent.kill());
    const pid = Number(String((await once(parent.stdout, 'data'))[0]));
    // The shell would still ask for it.
    await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n');
    const fieldsOf = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
    const holder = { ...JSON.parse(readFileSync(file, 'utf8')), id: 'other', pid, startedAt: fieldsOf()[21] };
    writeFileSync(file, JSON.stringify(holder));
    expect(() => acquireFolderLock(file, onLost, onFailure)).toThrow(`process ${pid} uses it`);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => fieldsOf()[2]).toBe('Z');
    onTestFinished(acquireFolderLock(file, onLost, onFailure));
    expect(JSON.parse(readFileSync(file, 'utf8')).pid).toBe(process.pid);
  },
);

test('a lock that can’t be read is not taken over, because its process may run', () => {
  const { file, onLost, onFailure } = takeLock();
  writeFileSync(file, '{"id":');
  expect(() => acquireFolderLock(file, onLost, onFailure)).toThrow(
    /^its lock can't be read: .*If no other process uses the folder, delete /,
  );
  expect(readFileSync(file, 'utf8')).toBe('{"id":');
  writeFileSync(file, '{"pid":1}');
  expect(() => acquireFolderLock(file, onLost, onFailure)).toThrow(/^its lock can't be read: it has other contents\. If no other process/);
  rmSync(file);
  mkdirSync(file);
  expect(() => acquireFolderLock(file, onLost, onFailure)).toThrow(/^its lock can't be read: EISDIR/);
});

test.runIf(process.platform === 'linux')('a lock is touched on a full disk, too', () => {
  const { file, onLost, onFailure } = takeLock();
  const long = new Date('2026-01-01T00:00:00Z');
  utimesSync(file, long, long);
  // The limit of a process on the size of its files fails as a full disk does.
  const limitFileSize = (bytes: string) => execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`]);
  limitFileSize('0');
  try {
    vi.advanceTimersByTime(5_000);
  } finally {
    limitFileSize('unlimited');
  }
  expect(onFailure).not.toHaveBeenCalled();
  expect(onLost).not.toHaveBeenCalled();
  expect(statSync(file).mtime).not.toEqual(long);
});

test('a lock that can’t be touched ends nothing', () => {
  const { file, onLost, onFailure } = takeLock();
  rmSync(dirname(file), { recursive: true });
  vi.advanceTimersByTime(5_000);
  expect(onFailure).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'ENOENT' }));
  expect(onLost).not.toHaveBeenCalled();
});

test('a Jobyard whose folder was taken over ends at once with one line', { timeout: 60_000 }, async () => {
  vi.useRealTimers();
  const { text: folder, remove } = createStorePlace();
  onTestFinished(remove);
  const jobyard = await runJobyard(['--config', writeTemporaryFile(withSystem('')), '--store', folder]);
  const lock = join(folder, 'lock');
  writeFileSync(lock, JSON.stringify({ id: 'other', pid: 7, startedAt: null, machine: 'elsewhere' }));
  expect(await jobyard.exit()).toBe(1);
  expect(jobyard.stderr()).toBe(
    `store: this process lost the folder ${folder} and ends at once: process 7 has taken it over (${lock}), because this process didn't touch its lock for 20 seconds, or the lock was removed.\n`,
  );
});
