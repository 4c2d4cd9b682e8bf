import { readdirSync, readFileSync } from 'node:fs';
import type { Query } from './store.ts';

const folder = new URL('./migrations/', import.meta.url);
/** Any number, the same in all replicas: they migrate one after the other. */
const lock = 7_226_951;

/** Applies the files of migrations/ that this database has not had, in the order of their names. To be called within a transaction. */
export async function migrate(query: Query): Promise<void> {
  await query('SELECT pg_advisory_xact_lock($1)', [lock]);
  const [first] = await query<{ isNew: boolean }>(`SELECT to_regclass('jobyard.migration') IS NULL AS "isNew"`);
  const rows = first?.isNew ? [] : await query<{ name: string }>('SELECT name FROM jobyard.migration');
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const applied = new Set(rows.map(({ name }) => name));
  const unknown = applied.difference(new Set(names));
  if (unknown.size > 0) throw new Error(`The store was written by a newer Jobyard: it has ${[...unknown].join(', ')}.`);
  for (const name of names) {
    if (applied.has(name)) continue;
    await query(readFileSync(new URL(name, folder), 'utf8'));
    await query('INSERT INTO jobyard.migration (name) VALUES ($1)', [name]);
  }
}
