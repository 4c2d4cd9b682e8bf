import { useState } from 'react';
import { query } from '../api/client.ts';
import { nowMs } from '../api/clock.ts';
import type { Failure } from '../api/failure.ts';
import {
  BulkListDocument,
  type BulkRowFragment,
  CancellationsDocument,
  type CancellationsQuery,
  type CancellationTextFragment,
  ListCountsDocument,
  OldestRunningDocument,
  type OldestRunningQuery,
  RecentActionsDocument,
  type RecentActionsQuery,
  RecentFailuresDocument,
} from '../api/generated/graphql.ts';
import { toCreatedFrom } from '../jobs/address.ts';
import type { Counts } from '../jobs/counts.ts';
import { useMay } from '../session/viewer.ts';
import { useReading } from '../ui/reading.ts';
import { mergeFailures, type RecentFailures } from './recent-failures.ts';

/** The cancellations that need attention: the newest of each kind, and how many there are. */
export interface OpenCancellations {
  /** Contradicted and overdue ones first. */
  nodes: readonly CancellationTextFragment[];
  /** Each at most 1,000, which means at least as many. */
  open: number;
  overdue: number;
  contradicted: number;
}

/** What the overview shows. Null: not read yet, or the caller can't read it. */
export interface OverviewData {
  counts: Counts | null;
  oldest: OldestRunningQuery['jobs']['nodes'] | null;
  failures: RecentFailures | null;
  cancellations: OpenCancellations | null;
  actions: RecentActionsQuery['jobEvents']['nodes'] | null;
  operations: readonly BulkRowFragment[] | null;
  failure: Failure | null;
}

const nothing: OverviewData = {
  counts: null,
  oldest: null,
  failures: null,
  cancellations: null,
  actions: null,
  operations: null,
  failure: null,
};

const pollMs = 15_000;
const rows = 13;
const shownCancellations = 8;
/** Most systems can't list by end: Jobyard reads all their failed jobs. This bounds how many, and leaves out jobs that took longer. */
const maxRunMs = 7 * 24 * 3_600_000;

/** Reads the overview, each part on its own, so that a slow part holds up no other. */
export function useOverview(period: string): OverviewData & { read: () => void } {
  const [data, setData] = useState(nothing);
  const mayReadJobs = useMay('jobs:read');
  const mayReadAudit = useMay('audit:read');
  const read = useReading(`${period} ${mayReadJobs} ${mayReadAudit}`, () => {
    let isOver = false;
    const put = (part: Partial<OverviewData>): void => {
      if (!isOver) setData((now) => ({ ...now, ...part }));
    };
    const readAll = (): void => {
      if (document.hidden) return;
      if (mayReadJobs) readJobs(period, put);
      if (mayReadAudit) readEvents(period, put);
    };
    readAll();
    const timer = setInterval(readAll, pollMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  });
  return { ...data, read };
}

type Put = (part: Partial<OverviewData>) => void;

const fromOf = (period: string): string => toCreatedFrom(period, nowMs()) ?? new Date(0).toISOString();

function readJobs(period: string, put: Put): void {
  const createdFrom = fromOf(period);
  void query(ListCountsDocument, { filter: { createdFrom } }).then(({ data, failure }) =>
    put({ failure: data ? null : failure, ...(data && { counts: data.jobCounts }) }),
  );
  void query(OldestRunningDocument, { first: rows }).then(({ data }) => data && put({ oldest: data.jobs.nodes }));
  const failures = { since: createdFrom, createdFrom: new Date(Date.parse(createdFrom) - maxRunMs).toISOString(), first: rows };
  void query(RecentFailuresDocument, failures).then(({ data }) => data && put({ failures: mergeFailures(data, rows) }));
  void query(BulkListDocument, { first: 5 }).then(({ data }) => data && put({ operations: data.bulkOperations.nodes }));
}

function readEvents(period: string, put: Put): void {
  const from = fromOf(period);
  void query(CancellationsDocument, { first: shownCancellations }).then(({ data }) => data && put({ cancellations: toOpen(data) }));
  void query(RecentActionsDocument, { from, first: 8 }).then(({ data }) => data && put({ actions: data.jobEvents.nodes }));
}

function toOpen({ worst, open, overdue, contradicted }: CancellationsQuery): OpenCancellations {
  return {
    nodes: [...worst.nodes, ...open.nodes].slice(0, shownCancellations),
    open: open.totalCount,
    overdue: overdue.totalCount,
    contradicted: contradicted.totalCount,
  };
}
