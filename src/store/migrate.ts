import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { migrationsFolder } from '../package.js';
import type { Query } from './store.ts';
import { UnusableStoreError } from './unusable.ts';

/** Any number, the same in all replicas, so that they migrate one after the other. */
const lock = 7_226_951;
/** How long a statement that changes a table waits for others' statements, which wait behind it meanwhile. It is retried after that. */
const lockTimeoutMs = 5_000;
/** A migration's statements may take minutes. */
const statementTimeoutMs = 600_000;

/** A change of the tables: a file in migrations/. */
export interface Migration {
  name: string;
  sql: string;
  /** Whether versions without the migration must not use the tables: the file has a line that starts with `-- breaks older:`. */
  breaksOlder: boolean;
}

export interface MigrateOptions {
  logger: Logger;
  /** Default: the files in migrations/. */
  migrations?: readonly Migration[];
}

interface AppliedMigration {
  name: string;
  /** Absent before 060-migration-marks.sql; null: applied by a version that stored none. */
  checksum?: string | null;
  breaks_older?: boolean;
}

/**
 * Applies the migrations that this database doesn't have, in the order of their names. Call it within a transaction.
 * Throws UnusableStoreError if a newer version applied a migration that breaks this version, or if a migration was changed after it was applied.
 * migrations/README.md has the rules for writing migrations.
 */
export async function migrate(query: Query, { logger, migrations = readMigrations() }: MigrateOptions): Promise<void> {
  await query(`SET LOCAL statement_timeout = ${statementTimeoutMs}`);
  await query(`SET LOCAL lock_timeout = ${statementTimeoutMs}`);
  await query('SELECT pg_advisory_xact_lock($1)', [lock]);
  await query(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
  const applied = await readApplied(query);
  assertUnchanged(applied, migrations);
  checkUnknown(applied, migrations, logger);
  for (const migration of migrations) {
    if (applied.has(migration.name)) continue;
    await query(migration.sql);
    await query('INSERT INTO jobyard.migration (name) VALUES ($1)', [migration.name]);
  }
  await storeChecksums(query, migrations);
}

/** The files in migrations/, in the order of their names. */
export function readMigrations(): Migration[] {
  return readdirSync(migrationsFolder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, migrationsFolder), 'utf8');
      return { name, sql, breaksOlder: /^-- breaks older:/m.test(sql) };
    });
}

async function readApplied(query: Query): Promise<Map<string, AppliedMigration>> {
  const [first] = await query<{ isNew: boolean }>(`SELECT to_regclass('jobyard.migration') IS NULL AS "isNew"`);
  if (first?.isNew) return new Map();
  // As JSON, because the columns depend on the version that created the table.
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
    `store: ${names} changed after it was applied, so the tables aren't what this version expects. Use an unmodified Jobyard.`,
  );
}

function checkUnknown(applied: ReadonlyMap<string, AppliedMigration>, migrations: readonly Migration[], logger: Logger): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = [...applied.values()].filter(({ name }) => !known.has(name));
  const breaking = unknown.filter(({ breaks_older: breaksOlder }) => breaksOlder ?? true);
  if (breaking.length > 0) {
    const names = breaking.map(({ name }) => name).join(', ');
    throw new UnusableStoreError(
      `store: a newer Jobyard changed the tables, and this version can't use them (${names}). Start the newer version.`,
    );
  }
  if (unknown.length === 0) return;
  logger.warn({ migrations: unknown.map(({ name }) => name) }, 'store: a newer Jobyard changed the tables; this version can use them');
}

/** Stores what a later start compares. A migration that an earlier version applied without a checksum gets the current one. */
async function storeChecksums(query: Query, migrations: readonly Migration[]): Promise<void> {
  await query(
    `UPDATE jobyard.migration AS m SET checksum = known.checksum, breaks_older = known.breaks_older
     FROM unnest($1::text[], $2::text[], $3::boolean[]) AS known (name, checksum, breaks_older)
     WHERE m.name = known.name AND m.checksum IS NULL`,
    [migrations.map(({ name }) => name), migrations.map(checksumOf), migrations.map(({ breaksOlder }) => breaksOlder)],
  );
}

/** Ignores line endings, which a checkout may have changed. */
function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
}
