import { describe, expect, test } from 'vitest';
import { errorsIn, load, readConfig, withSystem, writeTemporaryFile } from './load.ts';

const withStore = (value: string): string => `${withSystem('')}store: ${value}\n`;
const expected = 'expected a folder, postgres://USER@HOST:PORT/DATABASE or { url: { env: NAME } }';
const noSecrets =
  'store: expected a URL without a password, or { url: { env: NAME } } (the configuration never contains secrets), got something else';

describe('store', () => {
  test.each([
    ['"./queue"', { kind: 'folder', folder: './queue' }],
    ['postgres://u@h:1/d', { kind: 'server', url: 'postgres://u@h:1/d' }],
    ['postgresql://h/d', { kind: 'server', url: 'postgresql://h/d' }],
    ['{ url: { env: STORE_URL } }', { kind: 'server', url: 'postgres://u:swordfish@h/d' }],
  ])('accepts %s', (value, store) => {
    expect(load(withStore(value), { STORE_URL: 'postgres://u:swordfish@h/d' }).store).toEqual(store);
  });

  test('is ./data by default with a file, and in memory without one', () => {
    expect(load(withSystem('')).store).toEqual({ kind: 'folder', folder: './data' });
    expect(readConfig([], {})).toMatchObject({ store: { kind: 'memory' } });
  });

  test('is overridden by JOBYARD_STORE, which may contain a password, and that by --store', () => {
    const file = writeTemporaryFile(withStore('"./queue"'));
    const environment = { JOBYARD_STORE: 'postgres://u:swordfish@h/d' };
    expect(readConfig(['--config', file], environment)).toMatchObject({ store: { kind: 'server', url: environment.JOBYARD_STORE } });
    expect(readConfig(['--config', file, '--store', './other'], environment)).toMatchObject({ store: { folder: './other' } });
    expect(readConfig(['--config', file], { JOBYARD_STORE: '' })).toMatchObject({ store: { folder: './queue' } });
  });

  test("has PGOPTIONS, unless the URL has options of its own or isn't a server's", () => {
    const environment = { PGOPTIONS: '-c lock_timeout=7s' };
    const optionsOf = (value: string): string | null => {
      const { store } = load(withStore(value), environment);
      return store.kind === 'server' ? new URL(store.url).searchParams.get('options') : store.kind;
    };
    expect(optionsOf('postgres://u@h/d?sslmode=require')).toBe('-c lock_timeout=7s');
    expect(optionsOf('postgres://u@h/d?options=-c%20work_mem%3D4MB')).toBe('-c work_mem=4MB');
    expect(optionsOf('"./queue"')).toBe('folder');
  });

  test.each([
    ['postgres://u:swordfish@h/d', noSecrets],
    ['"postgres://u@h/d?password=swordfish"', noSecrets],
    ['mysql://u:swordfish@h/d', `store: ${expected}, got something else`],
    ['""', `store: ${expected}, got ""`],
    ['5', `store: ${expected}, got 5`],
    ['[]', `store: ${expected}, got an empty list`],
    ['{ url: { env: STORE_URL } }', `store.url: ${expected}, got something else`],
    [
      '{ url: postgres://u:swordfish@h/d }',
      'store.url: expected { env: NAME } or { file: PATH } (the configuration never contains secrets), got something else',
    ],
    ['{ url: { env: NOWHERE } }', 'store.url: expected the environment variable NOWHERE to contain the secret, it is not set'],
  ])('rejects %s', (value, error) => {
    const errors = errorsIn(withStore(value), { STORE_URL: 'mysql://u:swordfish@h/d' });
    expect(errors).toEqual([error]);
    expect(errors.join()).not.toContain('swordfish');
  });

  test.each([
    ['--store', ['--store', 'postgres://u:swordfish@h/d'], {}, '--store: expected a URL without a password'],
    ['--store', ['--store', ''], {}, `--store: ${expected}, got ""`],
    ['JOBYARD_STORE', [], { JOBYARD_STORE: 'http://u:swordfish@h' }, `JOBYARD_STORE: ${expected}, got something else`],
  ])('names %s if that is invalid', (_place, flags, environment, error) => {
    const config = readConfig(flags, environment);
    const errors = 'errors' in config ? config.errors : [];
    expect(errors).toEqual([expect.stringContaining(error)]);
    expect(errors.join()).not.toContain('swordfish');
  });
});
