import type { CallContext, ReadResult } from '../../../jobs/adapter.ts';
import type { Job } from '../../../jobs/job.ts';
import { type Queried, type QueryParts, queryJobs } from './read-by-queries.ts';
import { type RestParts, readEachByRest, readFullyByRest } from './read-by-rest.ts';
import type { ReadMode } from './read-mode.ts';

/** The parts that reads of jobs by ID need. */
export interface ReadParts extends RestParts, QueryParts {
  mode: ReadMode;
}

/** Reads jobs by ID: all of them with two VQL queries, or one by one with Retrieve Job Status. */
export async function getJobs(parts: ReadParts, vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]> {
  if (parts.mode.usesQueries()) return readByQueries(parts, vendorIds, call);
  const byRest = await readEachByRest(parts, vendorIds, call);
  return vendorIds.map((id) => byRest.get(id) ?? { kind: 'readsChanged' });
}

/** Reads the facts that are left out of these copies, in the other way of reading. */
export async function readLeftOut(parts: ReadParts, jobs: readonly Job[], call: CallContext): Promise<ReadResult[]> {
  const { mode } = parts;
  const ofQueries = jobs.filter(({ leftOut }) => leftOut?.includes('type'));
  const ofRest = jobs.filter(({ leftOut }) => !leftOut?.includes('type'));
  const [queried, byRest] = await Promise.all([
    ofQueries.length > 0 && mode.usesQueries() ? queryJobs(parts, idsOf(ofQueries), call) : null,
    readFullyByRest(parts, idsOf(ofRest), call),
  ]);
  const obstacle = queried?.obstacle;
  if (obstacle?.kind === 'rejected') mode.avoidQueries(obstacle.isLasting);
  return jobs.map((job): ReadResult => {
    const found = queried?.found.get(job.vendorId);
    if (found) return { kind: 'job', job: found };
    // No query shows this job, and REST has no such facts.
    return byRest.get(job.vendorId) ?? (obstacle?.kind === 'failed' ? obstacleAsRead(obstacle) : { kind: 'job', job });
  });
}

function idsOf(jobs: readonly Job[]): string[] {
  return jobs.map(({ vendorId }) => vendorId);
}

async function readByQueries(parts: ReadParts, vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]> {
  const { mode } = parts;
  const { found, odd, missing, obstacle } = await queryJobs(parts, vendorIds, call);
  // A job that is missing in queries may exist: Veeva doesn't document how long queries show a job, and to whom.
  const doubtful = [...odd, ...(obstacle ? [] : missing)];
  const byRest = await readEachByRest(parts, doubtful, call);
  if (found.size === 0 && doubtful.some((vendorId) => restHasMore(byRest.get(vendorId)))) mode.avoidQueries(false);
  if (obstacle?.kind === 'rejected') mode.avoidQueries(obstacle.isLasting);
  const unread: ReadResult =
    obstacle && (mode.usesQueries() || obstacle.kind === 'failed') ? obstacleAsRead(obstacle) : { kind: 'readsChanged' };
  return vendorIds.map((id): ReadResult => {
    const job = found.get(id);
    return job ? { kind: 'job', job } : (byRest.get(id) ?? unread);
  });
}

function restHasMore(read: ReadResult | undefined): boolean {
  return read?.kind === 'job' && read.job.status !== 'UNKNOWN' && read.job.status !== 'CANCELLING';
}

function obstacleAsRead({ kind, problem }: NonNullable<Queried['obstacle']>): ReadResult {
  if (kind === 'failed') return { kind: 'problem', problem };
  return {
    kind: 'problem',
    problem: { ...problem, message: `${problem.message} With the setting reads: auto, Jobyard reads by REST instead.` },
  };
}
