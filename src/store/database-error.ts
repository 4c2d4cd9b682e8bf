import pg from 'pg';
import { StoreUnavailableError } from './store.ts';
import { UnusableStoreError } from './unusable.ts';

/**
 * What SQLSTATE says of a failure, decided here for every part of Jobyard:
 * - `passing`: the database could not do its work, and the statement is not at fault. Connections (08), a standby or an ended idle transaction
 *   (25006, 25P03, 25P04), statements that a pooler keeps elsewhere (26, 42P05), conflicts with other transactions (40), disk, memory and
 *   connection limits (53), locks (55), canceled statements, shutdown and restart (57), its disk (58), its configuration (F0), its own faults (XX).
 * - `configuration`: credentials (28), the database (3D), a schema (3F) or a right (42501) is missing: a retry helps once an operator has acted.
 * - `badRow`: a value or a row is one that the database does not take (22, 23), and never will.
 * - `bug`: anything else, such as a wrong statement.
 */
export type DatabaseFault = 'passing' | 'configuration' | 'badRow' | 'bug';

const faultByState: readonly (readonly [DatabaseFault, RegExp])[] = [
  ['passing', /^(08|25006|25P0[34]|26|40|42P05|53|55|57|58|F0|XX)/],
  ['configuration', /^(28|3D|3F|42501)/],
  ['badRow', /^2[23]/],
];

/** Of an error that did not come from the database: `passing`, if it is about the way there; `configuration`, if a password is missing. */
export function faultOf(error: unknown): DatabaseFault {
  if (error instanceof StoreUnavailableError) return error.isLasting ? 'configuration' : 'passing';
  if (error instanceof pg.DatabaseError) return faultByState.find(([, states]) => states.test(error.code ?? ''))?.[0] ?? 'bug';
  if (error instanceof TypeError || !(error instanceof Error)) return 'bug';
  // node-postgres, where the server wants a password and it has none, or another kind of one.
  return error.message.startsWith('SASL: ') ? 'configuration' : 'passing';
}

/** Whether the row or a value is one that the database never takes: sending it once more can't help. */
export function isBadRow(error: unknown): boolean {
  return faultOf(error) === 'badRow';
}

/** Throws StoreUnavailable for a fault of the database or of the way to it; a bad row, a bug and StoreUnusable are thrown as they are. */
export function throwStoreError(error: unknown): never {
  if (error instanceof UnusableStoreError || error instanceof StoreUnavailableError) throw error;
  const fault = faultOf(error);
  if (fault === 'badRow' || fault === 'bug') throw error;
  throw new StoreUnavailableError('The store is not available.', {
    // After FATAL and PANIC the server closes the connection. Of a read-only server (25006) it would last after the address leads to another one.
    isAnswer: error instanceof pg.DatabaseError && error.severity === 'ERROR' && error.code !== '25006',
    isLasting: fault === 'configuration',
    detail: describeDatabaseError(error),
  });
}

/** One line. Of several addresses that all failed the message is empty, and the code says it. */
export function describeDatabaseError(error: unknown): string {
  if (error instanceof StoreUnavailableError) return error.detail ?? error.message;
  if (error instanceof AggregateError && !error.message) return error.errors.map(describeDatabaseError).join('; ');
  if (!(error instanceof Error)) return typeof error === 'string' ? error : JSON.stringify(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (error instanceof pg.DatabaseError) return `${error.message} (SQLSTATE ${code})`;
  return (error.message || code || error.name).replaceAll('\n', ' ');
}
