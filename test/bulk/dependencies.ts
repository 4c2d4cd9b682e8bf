import { pino } from 'pino';
import { createChangeNotifier } from '../../src/bulk/change-notifier.ts';
import type { BulkOperation } from '../../src/bulk/operation.ts';
import type { SelectionDependencies } from '../../src/bulk/select.ts';
import type { ServedSystem } from '../../src/job-service/served-system.ts';
import type { Store } from '../../src/store/store.ts';

/** What a selection needs, over these systems. */
export function dependenciesOf(store: Store, systems: readonly ServedSystem[]): SelectionDependencies {
  return { store, systems, passthrough: new Set(), changes: createChangeNotifier(store, pino({ level: 'silent' })) };
}

/** A queue that no worker reads. */
export const unreadQueue = { enqueueChunks: async () => {} };

const counts = { selected: 3, pending: 3, succeeded: 0, failed: 0, unknown: 0 };

/** A cancellation of jobs of one system, in progress. */
export const runningOperation: BulkOperation = {
  id: 'one',
  number: '1',
  action: 'CANCEL',
  filter: {},
  reason: 'test',
  startedBy: 'ann',
  actor: 'ann',
  commands: [],
  status: 'RUNNING',
  createdAt: new Date(0),
  finishedAt: null,
  maxPerSecond: null,
  counts,
  systems: [{ systemId: 'kylin', counts, problem: null }],
  actionableSystems: ['kylin'],
  startError: null,
};
