import type { ActionAudit } from '../jobs/audit.ts';
import type { JobOperationOptions } from '../jobs/operation.ts';
import type { JobSystem } from '../jobs/system.ts';
import type { Store } from '../store/store.ts';
import type { Changes } from './changes.ts';

/** What all of the bulk operations' code works with. */
export interface BulkParts {
  store: Store;
  systems: readonly JobSystem[];
  /** Systems that are asked with each caller's own credential: nothing can be done on them in the background. */
  passthrough: ReadonlySet<string>;
  /** Keeps what an operation does, in the name of who started it. */
  auditOf(operation: { id: string; caller: string }): ActionAudit;
  /** Told of what came of each action on each job. */
  onResult: NonNullable<JobOperationOptions['onResult']>;
  changes: Changes;
}
