import type { NewJobEvent } from '../history/job-event.ts';
import type { JobServiceOptions } from '../job-service/job-service.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import type { Store, Transaction } from '../store/store.ts';
import type { ChangeNotifier } from './change-notifier.ts';
import type { BulkRecord } from './record.ts';

/** What all of the bulk operations' code works with. */
export interface BulkDependencies {
  store: Store;
  systems: readonly ServedSystem[];
  /** Systems that are asked with each caller's own credential: nothing can be done on them in the background. */
  passthrough: ReadonlySet<string>;
  /** Keeps what is done for an operation in the name of `caller`. */
  recordOf(operationId: string, caller: string): BulkRecord;
  /** Stores events as part of the transaction. */
  storeEvents(transaction: Transaction, events: readonly NewJobEvent[]): Promise<void>;
  /** Told of what came of an action on jobs of one system. */
  onResults: NonNullable<JobServiceOptions['onResults']>;
  changes: ChangeNotifier;
}
