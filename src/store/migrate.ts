import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Query } from './store.ts';
import { UnusableStoreError } from './unusable.ts';

const folder = new URL('./migrations/', import.meta.url);
/** Any number, the same in all replicas: they migrate one after the other. */
const lock = 7_226_951;
/** What a statement that changes a table waits for the others' statements; theirs wait behind it meanwhile. Then it is tried again. */
const lockTimeoutMs = 5_000;
/** Its statements may take minutes, and between them nothing happens that takes long. */
const statementTimeoutMs = 600_000;

/** A change of the tables: a file of migrations/. */
export interface Migration {
  name: string;
  sql: string;
  /** Whether a Jobyard that does not know it must not use the tables any more: the file has a line that begins with `-- breaks older:`. */
  breaksOlder: boolean;
}

export interface MigrateOptions {
  logger: Logger;
  /** Default: the files of migrations/. */
  migrations?: readonly Migration[];
}

interface AppliedMigration {
  name: string;
  /** Absent before 060-migration-marks.sql; null: applied by a Jobyard that kept none. */
  checksum?: string | null;
  breaks_older?: boolean;
}

/**
 * Applies the migrations that this database has not had, in the order of their names. To be called within a transaction.
 * Throws StoreUnusable where a newer Jobyard has applied one that breaks this one, or where one was changed after it had been applied.
 * migrations/README.md has the rules for those who write one.
 */
export async function migrate(query: Query, { logger, migrations = readMigrations() }: MigrateOptions): Promise<void> {
  await query(`SET LOCAL statement_timeout = ${statementTimeoutMs}`);
  await query(`SET LOCAL lock_timeout = ${statementTimeoutMs}`);
  await query('SELECT pg_advisory_xact_lock($1)', [lock]);
  await query(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
  const applied = await readApplied(query);
  assertUnchanged(applied, migrations);
  runBesideNewer(applied, migrations, logger);
  for (const migration of migrations) {
    if (applied.has(migration.name)) continue;
    await query(migration.sql);
    await query('INSERT INTO jobyard.migration (name) VALUES ($1)', [migration.name]);
  }
  await mark(query, migrations);
}

/** The files of migrations/ in the order of their names. */
export function readMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), 'utf8');
      return { name, sql, breaksOlder: /^-- breaks older:/m.test(sql) };
    });
}

async function readApplied(query: Query): Promise<Map<string, AppliedMigration>> {
  const [first] = await query<{ isNew: boolean }>(`SELECT to_regclass('jobyard.migration') IS NULL AS "isNew"`);
  if (first?.isNew) return new Map();
  // As JSON, as the columns depend on which Jobyard made the table.
  const rows = await query<{ row: AppliedMigration }>('SELECT to_jsonb(m) AS row FROM jobyard.migration m');
  return new Map(rows.map(({ row }) => [row.name, row]));
}

function assertUnchanged(applied: ReadonlyMap<string, AppliedMigration>, migrations: readonly Migration[]): void {
  const changed = migrations.filter((migration) => {
    const checksum = applied.get(migration.name)?.checksum ?? null;
    return checksum !== null && checksum !== checksumOf(migration);
  });
  if (changed.length === 0) return;
  const names = changed.map(({ name }) => name).join(', ');
  throw new UnusableStoreError(
    `store: ${names} was changed after it had been applied, so the tables are not those that this Jobyard expects. Use an unmodified Jobyard.`,
  );
}

function runBesideNewer(applied: ReadonlyMap<string, AppliedMigration>, migrations: readonly Migration[], logger: Logger): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = [...applied.values()].filter(({ name }) => !known.has(name));
  const breaking = unknown.filter(({ breaks_older: breaksOlder }) => breaksOlder ?? true);
  if (breaking.length > 0) {
    const names = breaking.map(({ name }) => name).join(', ');
    throw new UnusableStoreError(
      `store: a newer Jobyard has changed the tables so that this one can't use them (${names}). Start the newer version.`,
    );
  }
  if (unknown.length === 0) return;
  logger.warn({ migrations: unknown.map(({ name }) => name) }, 'store: runs beside a newer Jobyard, whose tables it can use');
}

/** Keeps of each what a later start compares. Those that an earlier version applied are taken as they are now. */
async function mark(query: Query, migrations: readonly Migration[]): Promise<void> {
  await query(
    `UPDATE jobyard.migration AS m SET checksum = known.checksum, breaks_older = known.breaks_older
     FROM unnest($1::text[], $2::text[], $3::boolean[]) AS known (name, checksum, breaks_older)
     WHERE m.name = known.name AND m.checksum IS NULL`,
    [migrations.map(({ name }) => name), migrations.map(checksumOf), migrations.map(({ breaksOlder }) => breaksOlder)],
  );
}

/** A checkout may have changed the ends of lines. */
function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
}
