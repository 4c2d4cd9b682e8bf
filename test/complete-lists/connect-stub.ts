import { onTestFinished } from 'vitest';
import { createSharedActions } from '../../src/actions/shared-actions.ts';
import type { ServedSystem } from '../../src/job-service/served-system.ts';
import type { JobOrder, JobSystemAdapter } from '../../src/jobs/adapter.ts';
import type { JobFilter } from '../../src/jobs/filter.ts';
import { createHealthMonitor } from '../../src/jobs/health.ts';
import { iterateJobs } from '../../src/listing/iterate-jobs.ts';
import { createKnownRowsStore } from '../../src/listing/known-rows.ts';
import { createPagePlaces, type JobPage, listJobs } from '../../src/listing/list-jobs.ts';
import { createJobReader } from '../../src/reading/reader.ts';
import { createSystemRecord } from '../../src/systems/system-record.ts';
import { aodocs } from '../../src/vendors/aodocs/index.ts';
import { kylin } from '../../src/vendors/kylin/index.ts';
import { callOf } from '../jobs/memory-adapter.ts';
import type { StubJob } from './stub-vendors.ts';

export const startMs = Date.parse('2026-06-01T12:00:00Z');
const transport = { timeoutMs: 20_000, concurrency: 4, maxResponseBytes: 33_554_432 };
export const newestFirst: JobOrder = { field: 'CREATED_AT', direction: 'DESC' };

function toSystem(adapter: JobSystemAdapter): ServedSystem {
  onTestFinished(() => adapter.close());
  return {
    id: 'stub',
    vendor: 'stub',
    title: 'Stub',
    adapter,
    concurrency: 4,
    scanLimit: 10_000,
    reader: createJobReader({ systemId: 'stub', adapter, concurrency: 4, scanLimit: 10_000 }),
    pagePlaces: createPagePlaces(4),
    knownRows: createKnownRowsStore(),
    sharedActions: createSharedActions(),
    health: createHealthMonitor(adapter),
    state: createSystemRecord(Date.now, 0, () => {}),
  };
}

export const connectKylin = (url: string): ServedSystem =>
  toSystem(kylin.createAdapter({ id: 'stub', url, transport }, { username: 'a', password: 'b' }));
export const connectAodocs = (url: string): ServedSystem => {
  const settings = { securityCode: 'code', domain: 'acme.com', libraries: ['Rk31ZqV8dPxUe5NnAa'] };
  return toSystem(aodocs.createAdapter({ id: 'stub', url, transport }, settings));
};

export const kylinId = (index: number): string =>
  `${((index * 7919) % 100_000).toString(16).padStart(8, '0')}-0000-4000-8000-${String(index).padStart(12, '0')}`;
export const aodocsId = (index: number): string => `S7hQk2p8TzR0aBcDeF${String(index).padStart(6, '0')}`;

/** Jobs of which so many have each time; the times are so far apart. */
export function createJobs(count: number, toId: (index: number) => string, { each = 1, apartMs = 1_000 } = {}): StubJob[] {
  return Array.from({ length: count }, (_, index) => ({
    id: toId(index),
    timeMs: startMs + Math.floor(index / each) * apartMs,
    running: true,
  }));
}

export async function readPages(
  system: ServedSystem,
  first: number,
  filter: JobFilter = {},
  order: JobOrder = newestFirst,
): Promise<JobPage[]> {
  const pages: JobPage[] = [];
  for (let after: string | null = null; pages.length < 400; ) {
    const page: JobPage | null = await listJobs([system], { filter, order, first, after }, () => callOf());
    if (!page) throw new Error('The cursor was refused');
    pages.push(page);
    if (!page.hasNextPage) return pages;
    after = page.endCursor();
  }
  throw new Error('No end');
}

export const idsOf = (pages: readonly JobPage[]): string[] => pages.flatMap(({ jobs }) => jobs.map(({ vendorId }) => vendorId));
export const isComplete = (pages: readonly JobPage[]): boolean => pages.every(({ complete }) => complete);

export async function selectIds(system: ServedSystem, filter: JobFilter) {
  const ids = new Set<string>();
  const problems: string[] = [];
  for await (const rows of iterateJobs(system, filter, callOf())) {
    if (rows.ok) for (const { vendorId } of rows.value) ids.add(vendorId);
    else problems.push(rows.problem.message);
  }
  return { ids, problems };
}
