import { describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../../src/store/store.ts';
import { openTestStore } from '../store.ts';

describe('a store', () => {
  test('gives rows, with bigint as text, times as dates and JSON parsed', async () => {
    const store = openTestStore();
    const rows = await store.query(`SELECT $1::bigint AS big, $2::timestamptz AS at, $3::jsonb AS json, $4::text[] AS list`, [
      '9007199254740993',
      new Date(0),
      JSON.stringify([{ a: 1 }]),
      ['x', 'y'],
    ]);
    expect(rows).toEqual([{ big: '9007199254740993', at: new Date(0), json: [{ a: 1 }], list: ['x', 'y'] }]);
  });

  test('continues after a statement that failed', async () => {
    const store = openTestStore();
    await expect(store.query('SELECT 1/0')).rejects.toMatchObject({ code: '22012' });
    await expect(store.query('BEGIN; SELECT 1/0; COMMIT')).rejects.toMatchObject({ code: '22012' });
    await expect(store.query('SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  });

  const transientStates = ['25006', '26000', '40001', '40P01', '42501', '42P05', '53100', '53300', '55P03', '57014', '58030', 'XX000'];
  const failWith = (state: string): string => `DO $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '${state}'; END $$`;

  test('is unavailable if the database fails temporarily, so that a retry is worthwhile', async () => {
    const store = openTestStore();
    for (const state of transientStates) {
      await expect(store.query(failWith(state))).rejects.toThrow(StoreUnavailableError);
      await expect(store.transaction((query) => query(failWith(state)))).rejects.toMatchObject({
        message: "Jobyard's store is unavailable. Retry later.",
        detail: `not now (SQLSTATE ${state})`,
      });
    }
    await expect(store.query(failWith('23505'))).rejects.toMatchObject({ code: '23505' });
  });

  test('keeps the connection of a transaction that met that', async () => {
    const store = openTestStore();
    await store.query(`SELECT set_config('jobyard.connection', 'the first', false)`);
    await expect(store.transaction((query) => query(failWith('40001')))).rejects.toThrow(StoreUnavailableError);
    expect(await store.query(`SELECT current_setting('jobyard.connection', true) AS is`)).toEqual([{ is: 'the first' }]);
  });

  test('applies a transaction completely or not at all, without visible intermediate states', async () => {
    const store = openTestStore();
    await store.query('CREATE TABLE jobyard.thing (n int)');
    const failure = new Error('no');
    await expect(
      store.transaction(async (query) => {
        await query('INSERT INTO jobyard.thing VALUES (1)');
        throw failure;
      }),
    ).rejects.toBe(failure);
    const seen: unknown[] = [];
    await Promise.all([
      store.transaction(async (query) => {
        await query('INSERT INTO jobyard.thing VALUES (2)');
        await query('INSERT INTO jobyard.thing VALUES (3)');
      }),
      store.query('SELECT n FROM jobyard.thing').then((rows) => seen.push(rows.length)),
    ]);
    expect([0, 2]).toContain(seen[0]);
    expect(await store.query('SELECT n FROM jobyard.thing ORDER BY n')).toEqual([{ n: 2 }, { n: 3 }]);
  });

  test('calls back after the commit, in order, once others can see what was done', async () => {
    const store = openTestStore();
    await store.query('CREATE TABLE jobyard.thing (n int)');
    const called: string[] = [];
    const seen = Promise.withResolvers<unknown>();
    const value = await store.transaction(async (query, afterCommit) => {
      afterCommit(() => {
        called.push('first');
        store.query('SELECT n FROM jobyard.thing').then(seen.resolve, seen.reject);
      });
      afterCommit(() => void called.push('second'));
      await query('INSERT INTO jobyard.thing VALUES (1)');
      expect(called).toEqual([]);
      return 'done';
    });
    expect(value).toBe('done');
    expect(called).toEqual(['first', 'second']);
    expect(await seen.promise).toEqual([{ n: 1 }]);
  });

  test('does not call back for a transaction that was rolled back, by an error or by a statement that failed', async () => {
    const store = openTestStore();
    const called: string[] = [];
    const failing = store.transaction(async (_query, afterCommit) => {
      afterCommit(() => void called.push('error'));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const undone = store.transaction(async (query, afterCommit) => {
      afterCommit(() => void called.push('statement'));
      await query('SELECT 1/0').catch(() => {});
    });
    await expect(undone).rejects.toThrow('the transaction was rolled back');
    expect(called).toEqual([]);
  });

  test('notifies listeners until they stop', async () => {
    const store = openTestStore();
    const received: string[] = [];
    const end = await store.listen('jobyard_test', (payload) => received.push(payload));
    const first = new Promise((resolve) => void store.listen('jobyard_test', resolve).then(() => store.notify('jobyard_test', 'a')));
    expect(await first).toBe('a');
    await end();
    await store.notify('jobyard_test', 'b');
    expect(received).toEqual(['a']);
  });
});
