import type { JobAction } from '../../src/jobs/job.ts';
import type { Callers } from './callers.ts';
import type { History } from './history.ts';
import type { Network } from './network.ts';
import type { LifeTimes } from './operators.ts';
import type { Replica } from './replica.ts';
import type { Trace } from './trace.ts';
import type { Vendor } from './vendors.ts';

/** A world when all is over: what the oracle judges. */
export interface World {
  seed: number;
  trace: Trace;
  vendors: ReadonlyMap<string, Vendor>;
  history: History;
  network: Network;
  callers: Callers;
  replicas: readonly Replica[];
  lives: ReadonlyMap<string, LifeTimes>;
  /** When the store could not be used. */
  storeOutages: readonly { fromMs: number; toMs: number }[];
  /** Whether statements were lost or slow at times. */
  wasStoreFaulty: boolean;
  /** Since when jobs have succeeded although their cancels were accepted. */
  overruled: ReadonlyMap<string, number>;
  /** How these jobs were read last, before the events were. */
  lastRead: LastRead | null;
  drainMs: number;
  /** The final state of the store. */
  events: readonly EventRow[];
  bulks: readonly BulkRow[];
  isShared: boolean;
  /** Otherwise its database is down all the time. */
  hasStore: boolean;
  deadlineMs: number;
  overdueAfterMs: number;
  /** When the bad days were over. */
  calmMs: number;
  /** When the processes that were left were closed. */
  closingMs: number;
  endMs: number;
}

export interface LastRead {
  atMs: number;
  jobs: ReadonlyMap<string, { status: string; stale: boolean }>;
}

export interface EventRow {
  id: string;
  kind: 'ACTION' | 'FOLLOW_UP';
  recordedAt: string;
  jobId: string;
  caller: string;
  action: JobAction;
  requestId: string | null;
  bulkOperationId: string | null;
  sent: boolean;
  outcome: string;
  code: string | null;
  message: string | null;
}

export interface BulkRow {
  id: string;
  status: string;
  action: JobAction;
  startedBy: string;
  counts: Record<'selected' | 'pending' | 'succeeded' | 'failed' | 'unknown', number>;
  systems: { system: { id: string } }[];
  items: {
    jobId: string;
    status: string;
    attempts: number;
    result: { __typename: string; outcome?: string; code?: string; createdJob?: { id: string } | null } | null;
  }[];
}

/** Whether a caller or a bulk operation asked for one of these actions on the job. */
export function isAskedFor({ callers, bulks }: Pick<World, 'callers' | 'bulks'>, jobId: string, actions: readonly string[]): boolean {
  return (
    callers.operations.some(({ kind, variables }) => actions.includes(kind) && variables.input.ids.includes(jobId)) ||
    bulks.some(({ action, items }) => actions.includes(action) && items.some((item) => item.jobId === jobId))
  );
}
