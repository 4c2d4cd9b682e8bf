import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { checkDatabaseFolder, postgresMajor } from '../../../src/store/database-folder.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { UnusableStoreError } from '../../../src/store/unusable.ts';
import { withSystem, writeTemporaryFile } from '../../config/load.ts';
import { createRecordingLogger } from '../../history/parts.ts';
import { run } from '../../processes.ts';

const logger = pino({ level: 'silent' });
const isRoot = process.getuid?.() === 0;

/** A copy of a store's folder; gone when the test ends. */
function copyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(inject('storeFolder'), folder, { recursive: true });
  return folder;
}

function listTree(path: string): string[] {
  const stats = lstatSync(path);
  return [path, ...(stats.isDirectory() ? readdirSync(path).flatMap((name) => listTree(join(path, name))) : [])];
}

function modesOf(folder: string): Set<string> {
  return new Set(
    listTree(folder).map((path) => {
      const stats = lstatSync(path);
      return `${stats.isDirectory() ? 'folder' : 'file'} ${(stats.mode & 0o777).toString(8)}`;
    }),
  );
}

const onlyPrivate = new Set(['folder 700', 'file 600']);

describe('the files of the store', () => {
  test('are its owner’s only, from the creation on and while it is used', { timeout: 120_000 }, async () => {
    const parent = mkdtempSync(join(tmpdir(), 'jobyard-store-'));
    onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
    const folder = join(parent, 'new');
    const { lines, logger: recording } = createRecordingLogger();
    const store = openStore({ kind: 'folder', folder }, recording);
    onTestFinished(() => store.close());
    // What a creation that was cut off has left: of this version and of an earlier one.
    for (const name of ['postgres.new', 'postgres.new-0000']) mkdirSync(join(folder, name));
    store.query('SELECT 1').catch(() => {});
    await store.opened;
    await store.query('CREATE TABLE jobyard.thing AS SELECT generate_series(1, 1000) AS n');
    expect(modesOf(folder)).toEqual(onlyPrivate);
    expect(readdirSync(folder).sort()).toEqual(['lock', 'postgres']);
    expect(readFileSync(join(folder, 'postgres/PG_VERSION'), 'utf8').trim()).toBe(postgresMajor);
    expect(lines.map(({ msg }) => msg)).toContain('store: created a new, empty database');
  });

  test('are made private if an earlier version left them open', async () => {
    const folder = copyFolder();
    for (const path of listTree(folder)) chmodSync(path, lstatSync(path).isDirectory() ? 0o755 : 0o666);
    const store = openStore({ kind: 'folder', folder }, logger);
    await store.close();
    expect(modesOf(folder)).toEqual(onlyPrivate);
  });

  test('stay unchanged in a folder with other files, which must not be writable by others', async () => {
    const folder = copyFolder();
    writeFileSync(join(folder, 'audit.jsonl'), '');
    chmodSync(folder, 0o755);
    await openStore({ kind: 'folder', folder }, logger).close();
    expect((lstatSync(folder).mode & 0o777).toString(8)).toBe('755');
    expect(modesOf(join(folder, 'postgres'))).toEqual(onlyPrivate);
    chmodSync(folder, 0o777);
    expect(() => openStore({ kind: 'folder', folder }, logger)).toThrow(/writable by other users .* such as audit\.jsonl/);
  });

  test.runIf(isRoot)('must be the user’s own', () => {
    const folder = copyFolder();
    chownSync(join(folder, 'postgres/base'), 65_534, 65_534);
    expect(() => openStore({ kind: 'folder', folder }, logger)).toThrow(
      /postgres\/base belongs to another user \(uid 65534\), and Jobyard runs as uid 0\. Run chown -R 0 /,
    );
    chownSync(join(folder, 'postgres/base'), 0, 0);
    chownSync(folder, 65_534, 65_534);
    expect(() => openStore({ kind: 'folder', folder }, logger)).toThrow(`${folder} belongs to another user (uid 65534)`);
  });

  test.runIf(isRoot)('may be in a folder of another user that is open to a group of Jobyard’s, as a volume of Kubernetes is', async () => {
    const folder = copyFolder();
    const group = 65_533;
    const [database, base, file] = ['postgres', 'postgres/base', 'postgres/PG_VERSION'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const asGroups = [folder, database, base, file];
    for (const path of asGroups) {
      chownSync(path, 65_534, group);
      chmodSync(path, path === file ? 0o660 : 0o2770);
    }
    chmodSync(folder, 0o2775);
    const open = () => openStore({ kind: 'folder', folder }, logger);
    expect(open).toThrow(`${folder} belongs to another user (uid 65534)`);

    vi.spyOn(process, 'getgroups').mockReturnValue([group]);
    onTestFinished(() => void vi.restoreAllMocks());
    await open().close();
    expect((lstatSync(folder).mode & 0o7777).toString(8)).toBe('2775');
    expect((lstatSync(base).mode & 0o7777).toString(8)).toBe('2770');
    expect((lstatSync(join(folder, 'postgres/global')).mode & 0o7777).toString(8)).toBe('700');

    chmodSync(file, 0o664);
    expect(open).toThrow(/PG_VERSION is accessible to all users \(mode 0664\), .* Run chmod -R o-rwx on the folder\./);
    chmodSync(file, 0o640);
    expect(open).toThrow(`${file} belongs to another user (uid 65534)`);
    chmodSync(folder, 0o2777);
    expect(open).toThrow(/is writable by all users \(mode 2777\), .* Run chmod o-w on it\./);
  });
});

const damages: Record<string, { damage: (postgres: string) => void; message: RegExp }> = {
  'no PG_VERSION': {
    damage: (postgres) => rmSync(join(postgres, 'PG_VERSION')),
    message: /not a complete database: PG_VERSION is missing/,
  },
  'an empty PG_VERSION': { damage: (postgres) => truncateSync(join(postgres, 'PG_VERSION')), message: /damaged: PG_VERSION is empty/ },
  'a PG_VERSION of something else': {
    damage: (postgres) => writeFileSync(join(postgres, 'PG_VERSION'), 'hello'),
    message: /damaged: PG_VERSION contains no version/,
  },
  'another version of PostgreSQL': {
    damage: (postgres) => writeFileSync(join(postgres, 'PG_VERSION'), '15\n'),
    message: /was created by PostgreSQL 15\. This Jobyard requires PostgreSQL 18/,
  },
  'an empty pg_control': {
    damage: (postgres) => truncateSync(join(postgres, 'global/pg_control')),
    message: /damaged: global\/pg_control is empty/,
  },
  'half of it copied': { damage: (postgres) => rmSync(join(postgres, 'pg_xact'), { recursive: true }), message: /pg_xact is missing/ },
  'nothing in it': {
    damage(postgres) {
      rmSync(postgres, { recursive: true });
      mkdirSync(postgres);
    },
    message: /not a complete database: base is missing/,
  },
  'a file in its place': {
    damage(postgres) {
      rmSync(postgres, { recursive: true });
      writeFileSync(postgres, '');
    },
    message: /which is a file/,
  },
  'a link in its place': {
    damage(postgres) {
      renameSync(postgres, `${postgres}.elsewhere`);
      symlinkSync(`${postgres}.elsewhere`, postgres);
    },
    message: /which is a link/,
  },
  'a link in it': {
    damage: (postgres) => symlinkSync('/etc/hostname', join(postgres, 'postgresql.more.conf')),
    message: /postgresql\.more\.conf is neither a file nor a folder/,
  },
  'files that are read-only': {
    damage: (postgres) => chmodSync(join(postgres, 'pg_wal'), 0o500),
    message: /pg_wal is read-only \(mode 0500\)/,
  },
};

describe('an incomplete folder is rejected and stays unchanged', () => {
  test.each(Object.entries(damages))('%s', (_name, { damage, message }) => {
    const folder = copyFolder();
    damage(join(folder, 'postgres'));
    const before = listTree(folder);
    expect(() => openStore({ kind: 'folder', folder }, logger)).toThrow(UnusableStoreError);
    expect(() => openStore({ kind: 'folder', folder }, logger)).toThrow(message);
    expect(listTree(folder)).toEqual(before);
  });

  test('the folder of a database itself', () => {
    const folder = join(copyFolder(), 'postgres');
    expect(() => openStore({ kind: 'folder', folder }, logger)).toThrow('it is itself the folder of a PostgreSQL database');
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  test('with a damage that only PostgreSQL sees: the start ends with its words', { timeout: 120_000 }, async () => {
    const folder = copyFolder();
    const wal = join(folder, 'postgres/pg_wal');
    for (const name of readdirSync(wal)) if (/^[0-9A-F]{24}$/.test(name)) rmSync(join(wal, name));
    expect(checkDatabaseFolder(join(folder, 'postgres'))).toBe('present');
    const config = writeTemporaryFile(withSystem(''));
    const started = run('src/main.ts', ['--port', '0', '--config', config, '--store', folder]);
    expect(await started.exit()).toBe(2);
    expect(started.stderr()).toMatch(/^store: can't open the database [^\n]*: could not locate a valid checkpoint record at [^\n]*\n$/);
    expect(readdirSync(folder)).toEqual(['postgres']);
  });

  test('without PG_VERSION: the start ends, and its rows are there once that is back', { timeout: 120_000 }, async () => {
    const folder = copyFolder();
    const store = openStore({ kind: 'folder', folder }, logger);
    store.resume();
    await store.opened;
    await store.query('CREATE TABLE jobyard.thing AS SELECT 40 AS n');
    await store.close();
    const version = join(folder, 'postgres/PG_VERSION');
    rmSync(version);
    const config = writeTemporaryFile(withSystem(''));
    const started = run('src/main.ts', ['--port', '0', '--config', config, '--store', folder]);
    expect(await started.exit()).toBe(2);
    expect(started.stderr()).toMatch(/^store: can't use the folder [^\n]*PG_VERSION is missing\. Restore a copy [^\n]*\n$/);
    expect(started.stdout()).toBe('');
    writeFileSync(version, `${postgresMajor}\n`);
    const again = openStore({ kind: 'folder', folder }, logger);
    onTestFinished(() => again.close());
    again.resume();
    await again.opened;
    expect(await again.query('SELECT n FROM jobyard.thing')).toEqual([{ n: 40 }]);
  });
});
