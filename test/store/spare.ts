import type { Store } from '../../src/store/store.ts';
import { StoreUnavailableError } from '../../src/store/store.ts';

const schemas = `('jobyard', 'pgboss')`;
const tables = `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ${schemas}`;

/** What a test may change of a database that is not in its rows. */
const definitions = `
  SELECT concat('table', oid, relname, relkind, relnatts, relacl) AS line FROM pg_class WHERE relnamespace::regnamespace::text IN ${schemas}
  UNION ALL SELECT concat('column', attrelid, attname, atttypid, attnotnull, atthasdef) FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
    WHERE relnamespace::regnamespace::text IN ${schemas}
  UNION ALL SELECT concat('constraint', oid, conname) FROM pg_constraint
  UNION ALL SELECT concat('trigger', oid, tgname, tgenabled) FROM pg_trigger
  UNION ALL SELECT concat('function', oid, proname, prosrc) FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT concat('schema', nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg_%'
  UNION ALL SELECT concat('setting', setdatabase, setrole, setconfig) FROM pg_db_role_setting`;

/** Saves the initial state of a new store, so that it can be restored. */
export async function keepOriginal(store: Store): Promise<void> {
  await store.query('CREATE SCHEMA original');
  for (const { name } of await store.query<{ name: string }>(tables)) {
    const [row] = await store.query<{ hasRows: boolean }>(`SELECT EXISTS (SELECT FROM ${name}) AS hasRows`);
    if (row?.hasRows) await store.query(`CREATE TABLE original."${name}" AS TABLE ${name}`);
  }
  await store.query('CREATE TABLE original.definitions (line text)');
  await store.query(`INSERT INTO original.definitions ${definitions}`);
}

/** Empties a store of the rows that a test has left; false: the test has changed more than rows. */
export async function makeNew(store: Store): Promise<boolean> {
  const changed = await store.query(`
    (${definitions} EXCEPT TABLE original.definitions) UNION ALL (TABLE original.definitions EXCEPT (${definitions})) LIMIT 1`);
  if (changed.length > 0) return false;
  const names = (await store.query<{ name: string }>(tables)).map(({ name }) => name);
  const filled = await store.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname <> 'definitions' AND relnamespace::regnamespace::text = 'original'`,
  );
  await store.transaction(async (query) => {
    await query(`TRUNCATE ${names.join(', ')} RESTART IDENTITY CASCADE`);
    for (const { name } of filled) await query(`INSERT INTO ${name} TABLE original."${name}"`);
  });
  return true;
}

/** A store for one test, over one that outlives it. Once it is closed nothing of the test reaches the other any more. */
export function lend(store: Store, onReturn: () => Promise<void>): Store {
  const running = new Set<Promise<unknown>>();
  const listening: (() => Promise<void>)[] = [];
  let returned: Promise<void> | undefined;
  const track = <Value>(start: () => Promise<Value>): Promise<Value> => {
    if (returned) return Promise.reject(new StoreUnavailableError('The store is closed.'));
    const work = start();
    running.add(work);
    work.finally(() => running.delete(work)).catch(() => {});
    return work;
  };
  const giveBack = async (): Promise<void> => {
    await Promise.allSettled(running);
    await Promise.all(listening.map((stop) => stop()));
    await onReturn();
  };
  return {
    ...store,
    query: (text, values, name) => track(() => store.query(text, values, name)),
    transaction: (work) => track(() => store.transaction(work)),
    notify: (channel, payload) => track(() => store.notify(channel, payload)),
    async listen(channel, onMessage) {
      const stop = await track(() => store.listen(channel, onMessage));
      listening.push(stop);
      return stop;
    },
    close() {
      returned ??= giveBack();
      return returned;
    },
  };
}
