import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src/store/open-store.ts';
import { StoreUnavailableError } from '../../../src/store/store.ts';
import { withSystem, writeTemporaryFile } from '../../config/load.ts';
import { run, runJobyard } from '../../processes.ts';
import { createStorePlace } from '../../store.ts';

const logger = pino({ level: 'silent' });

function createPlace() {
  const place = createStorePlace();
  onTestFinished(place.remove);
  return place;
}

describe('a folder', () => {
  test('keeps what was written when its process is killed, and lets the next one in at once', async () => {
    const { text: folder } = createPlace();
    const config = writeTemporaryFile(withSystem(''));
    const first = await runJobyard(['--config', config, '--store', folder]);
    expect(first.stdout()).toContain(`"store":"the folder ${folder}"`);

    const second = run('src/main.ts', ['--port', '0', '--config', config, '--store', folder]);
    expect(await second.exit()).toBe(2);
    expect(second.stderr()).toBe(
      `store: can't use the folder ${folder}: process ${first.child.pid} uses it (${join(folder, 'lock')}). ` +
        'Stop that process, or give this one its own store (--store FOLDER, key store).\n',
    );
    expect(second.stdout()).toBe('');

    first.child.kill('SIGKILL');
    await first.exit();
    expect(existsSync(join(folder, 'lock'))).toBe(true);
    const third = await runJobyard(['--config', config, '--store', folder]);
    third.child.kill('SIGTERM');
    expect(await third.exit()).toBe(0);
    expect(third.stderr()).toBe('');
    expect(readdirSync(folder)).toEqual(['postgres']);
  });

  test('that is of a process whose number another has now is free', async () => {
    const { text: folder, open } = createPlace();
    const store = open();
    const lock = join(folder, 'lock');
    const holder = JSON.parse(readFileSync(lock, 'utf8'));
    await store.close();
    writeFileSync(lock, JSON.stringify({ ...holder, id: 'another', startedAt: '1' }));
    const next = open();
    await next.close();
    writeFileSync(lock, JSON.stringify({ ...holder, id: 'another' }));
    expect(open).toThrow(`process ${process.pid} uses it`);
  });

  test("that can't be written to is rejected with one line", async () => {
    const { text: folder } = createPlace();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => openStore({ kind: 'folder', folder: file }, logger)).toThrow(
      `store: expected a folder that Jobyard can write to, got ${file}: EEXIST`,
    );
  });

  test('with nothing in it is not made before it is used, and one with something is opened', async () => {
    const { text: folder, open } = createPlace();
    const fresh = openStore({ kind: 'folder', folder: join(folder, 'fresh') }, logger);
    onTestFinished(() => fresh.close());
    fresh.resume();
    expect(readdirSync(join(folder, 'fresh'))).toEqual(['lock']);
    expect(fresh.isUp()).toBe(null);
    const store = open();
    onTestFinished(() => store.close());
    store.resume();
    await store.opened;
    expect(store.isUp()).toBe(true);
    expect(readdirSync(join(folder, 'fresh'))).toEqual(['lock']);
  });
});

describe.each(['folder', 'memory'] as const)('a thread that ends (%s)', (kind) => {
  test('fails the running statement with StoreUnavailableError, and is restarted', { timeout: 60_000 }, async () => {
    const threads: Worker[] = [];
    const onWorker = (worker: Worker): void => void threads.push(worker);
    process.on('worker', onWorker);
    onTestFinished(() => void process.off('worker', onWorker));
    const place = createPlace();
    const store = kind === 'folder' ? place.open() : openStore({ kind: 'memory' }, logger);
    onTestFinished(() => store.close());
    await store.query('CREATE TABLE jobyard.thing (n int)');
    const received: string[] = [];
    await store.listen('jobyard_test', (payload) => received.push(payload));

    const statement = store.query('SELECT pg_sleep(60)');
    const failed = expect(statement).rejects.toBeInstanceOf(StoreUnavailableError);
    await threads[0]?.terminate();
    await failed;
    expect(store.isUp()).toBe(false);
    await expect(store.query('SELECT count(*)::int AS files FROM jobyard.migration')).resolves.toEqual([{ files: expect.any(Number) }]);
    expect(store.isUp()).toBe(true);
    const [row] = await store.query<{ kept: boolean }>(`SELECT to_regclass('jobyard.thing') IS NOT NULL AS kept`);
    expect(row?.kept).toBe(kind === 'folder');
    await store.notify('jobyard_test', 'again');
    await expect.poll(() => received).toEqual(['again']);
    expect(threads).toHaveLength(2);
  });
});
