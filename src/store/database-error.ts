import pg from 'pg';
import { StoreUnavailableError, storeUnavailable } from './store.ts';
import { UnusableStoreError } from './unusable.ts';

/**
 * Classifies a failure by its SQLSTATE, for all of Jobyard:
 * - `transient`: the database failed, not the statement. Connections (08), a standby or an ended idle transaction (25006, 25P03, 25P04),
 *   statements that a pooler prepared elsewhere (26, 42P05), conflicts with other transactions (40), disk, memory, and connection limits (53),
 *   locks (55), canceled statements, shutdown, and restart (57), the disk (58), the configuration (F0), internal errors (XX).
 * - `configuration`: credentials (28), the database (3D), a schema (3F), or a privilege (42501) is missing. An operator must fix it before a retry.
 * - `badRow`: the database never accepts a value or the row (22, 23).
 * - `bug`: anything else, such as an invalid statement.
 */
export type DatabaseFault = 'transient' | 'configuration' | 'badRow' | 'bug';

const faultByState: readonly (readonly [DatabaseFault, RegExp])[] = [
  ['transient', /^(08|25006|25P0[34]|26|40|42P05|53|55|57|58|F0|XX)/],
  ['configuration', /^(28|3D|3F|42501)/],
  ['badRow', /^2[23]/],
];

/** For an error that didn't come from the database: `transient` if the connection failed; `configuration` if a password is missing. */
export function faultOf(error: unknown): DatabaseFault {
  if (error instanceof StoreUnavailableError) return error.isLasting ? 'configuration' : 'transient';
  if (error instanceof pg.DatabaseError) return faultByState.find(([, states]) => states.test(error.code ?? ''))?.[0] ?? 'bug';
  if (error instanceof TypeError || !(error instanceof Error)) return 'bug';
  // From node-postgres, if the server requires a password that is missing or has another type.
  return error.message.startsWith('SASL: ') ? 'configuration' : 'transient';
}

/** Whether the database never accepts the row or one of its values, so that a retry can't succeed. */
export function isBadRow(error: unknown): boolean {
  return faultOf(error) === 'badRow';
}

/** Throws StoreUnavailableError for a failure of the database or of the connection; rethrows other errors. */
export function throwStoreError(error: unknown): never {
  if (error instanceof UnusableStoreError || error instanceof StoreUnavailableError) throw error;
  const fault = faultOf(error);
  if (fault === 'badRow' || fault === 'bug') throw error;
  throw new StoreUnavailableError(storeUnavailable, {
    // After FATAL and PANIC the server closes the connection. A connection to a read-only server (25006) would stay read-only after a failover.
    isResponse: error instanceof pg.DatabaseError && error.severity === 'ERROR' && error.code !== '25006',
    isLasting: fault === 'configuration',
    detail: describeDatabaseError(error),
  });
}

/** One line. If several addresses failed, the message is empty, and the code describes the failure. */
export function describeDatabaseError(error: unknown): string {
  if (error instanceof StoreUnavailableError) return error.detail ?? error.message;
  if (error instanceof AggregateError && !error.message) return error.errors.map(describeDatabaseError).join('; ');
  if (!(error instanceof Error)) return typeof error === 'string' ? error : JSON.stringify(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (error instanceof pg.DatabaseError) return `${error.message} (SQLSTATE ${code})`;
  return (error.message || code || error.name).replaceAll('\n', ' ');
}
