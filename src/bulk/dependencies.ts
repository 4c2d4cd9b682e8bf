import type { NewJobEvent } from '../history/job-event.ts';
import type { JobServiceOptions } from '../job-service/job-service.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import type { Store, Transaction } from '../store/store.ts';
import type { ChangeNotifier } from './change-notifier.ts';
import type { BulkRecord } from './record.ts';

/** The dependencies of all code for bulk operations. */
export interface BulkDependencies {
  store: Store;
  systems: readonly ServedSystem[];
  /** Systems that need each caller's own credential: no background work is possible there. */
  passthrough: ReadonlySet<string>;
  /** Records the actions that an operation performs on behalf of `caller`. */
  recordOf(operationId: string, caller: string): BulkRecord;
  /** Stores events as part of the transaction. */
  storeEvents(transaction: Transaction, events: readonly NewJobEvent[]): Promise<void>;
  /** Called with the results of an action on jobs of one system. */
  onResults: NonNullable<JobServiceOptions['onResults']>;
  changes: ChangeNotifier;
}
