import { LRUCache } from 'lru-cache';
import { atMost } from '../../../concurrency/at-most.ts';
import { mapConcurrently } from '../../../concurrency/map-concurrently.ts';
import type { CallContext, ReadResult } from '../../../jobs/adapter.ts';
import { isTerminal, type Job, type JobFields } from '../../../jobs/job.ts';
import { createProblem, fail, type Problem, type Result, succeed } from '../../../jobs/problem.ts';
import type { VaultCalls } from './calls.ts';
import type { ReadDate } from './dates.ts';
import { toOutcome, type VaultAnswer } from './envelope.ts';
import { fromRest, toVaultId } from './map.ts';
import { describe, isFields } from './odd-rows.ts';
import type { RunQuery } from './queries.ts';
import { fromHistory, fromInstance, selectHistories, selectInstances } from './query-rows.ts';
import type { ReadMode } from './read-mode.ts';
import { jobListSchema, jobStatusSchema } from './wire.ts';

/** Reads jobs by id: by two VQL queries for all, or by Retrieve Job Status one by one. */
export interface JobReads {
  read(vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]>;
  /** The facts that the copies' way of reading leaves out, by the other way. */
  readLeftOut(jobs: readonly Job[], call: CallContext): Promise<ReadResult[]>;
  /** The types of jobs, by queries; a job whose type is not shown is left out. */
  readTypes(vendorIds: readonly string[], call: CallContext): Promise<Result<Map<string, string>>>;
  /** These jobs are CANCELLING from now on, whatever queries show. */
  noteCancelling(vendorIds: readonly string[]): void;
}

/** What reads of jobs and of their steps need. */
export interface JobReadsOptions {
  systemId: string;
  calls: VaultCalls;
  run: RunQuery;
  mode: ReadMode;
  readDate: ReadDate;
  concurrency: number;
}

/** What queries showed of the jobs asked. */
interface Queried {
  found: Map<string, JobFields>;
  /** Jobs whose row lacks what REST shows of a job in its status. */
  odd: Set<string>;
  /** In neither target. */
  missing: string[];
  /** Why the rest of the jobs could not be read. */
  obstacle: { kind: 'rejected'; isLasting: boolean; problem: Problem } | { kind: 'failed'; problem: Problem } | null;
}

/** From this many on, a walk through the newest rows of the lists costs fewer requests than reading one by one. */
const scanFrom = 50;
const keptCancels = 10_000;
const keptCancelsMs = 3_600_000;

export function createJobReads({ systemId, calls, run, mode, readDate, concurrency }: JobReadsOptions): JobReads {
  // Whether queries show that a job is CANCELLING is not documented: until one did, REST is asked about jobs that Jobyard cancelled.
  const cancelling = new LRUCache<string, true>({ ...atMost(keptCancels), ttl: keptCancelsMs });
  let queriesShowCancelling = false;

  const readByRest = async (vendorId: string, call: CallContext): Promise<ReadResult> => {
    const answer = await calls.retrieveJobStatus(vendorId, call);
    // A numeric id is always well-formed, so INVALID_DATA means that no job has it.
    if (answer.kind === 'rejected' && answer.refusal.type === 'INVALID_DATA' && !answer.refusal.exception) return { kind: 'notFound' };
    const read = toOutcome(systemId, answer, jobStatusSchema);
    if (!read.ok) return { kind: 'problem', problem: read.problem };
    const { data } = read.value;
    if (toVaultId(data.id) === vendorId) return { kind: 'job', job: fromRest(vendorId, data, readDate) };
    const message = `${systemId} was asked for job ${vendorId} and answered with a job whose id is ${describe(data.id)}.`;
    return { kind: 'problem', problem: createProblem('INVALID_VENDOR_RESPONSE', message) };
  };

  const readEachByRest = async (vendorIds: readonly string[], call: CallContext): Promise<Map<string, ReadResult>> =>
    new Map(await mapConcurrently(vendorIds, concurrency, async (vendorId) => [vendorId, await readByRest(vendorId, call)] as const));

  const isUnproven = ({ vendorId, status }: JobFields): boolean => {
    if (status === 'CANCELLING') queriesShowCancelling = true;
    if (isTerminal(status)) cancelling.delete(vendorId);
    return !queriesShowCancelling && cancelling.has(vendorId) && status !== 'CANCELLING';
  };

  const take = (rows: readonly unknown[], toJob: (row: (typeof rows)[number] & object) => JobFields | null, queried: Queried): void => {
    const wanted = new Set(queried.missing);
    for (const row of rows) {
      const vendorId = isFields(row) ? toVaultId(row.id) : null;
      // A row without an id belongs to none of the jobs asked: REST tells about that one.
      if (vendorId === null || !wanted.has(vendorId)) continue;
      const job = toJob(row as object);
      if (job && !isUnproven(job)) queried.found.set(vendorId, job);
      else queried.odd.add(vendorId);
    }
    queried.missing = queried.missing.filter((id) => !queried.found.has(id) && !queried.odd.has(id));
  };

  /** The targets one after the other, so that a job that ends in between is in one of them; the second only for what the first lacks. */
  const query = async (vendorIds: readonly string[], call: CallContext): Promise<Queried> => {
    const queried: Queried = { found: new Map(), odd: new Set(), missing: [...vendorIds], obstacle: null };
    const now = new Date();
    const targets = [
      { select: selectInstances, toJob: (row: object) => (isFields(row) ? fromInstance(row, readDate, now) : null) },
      { select: selectHistories, toJob: (row: object) => (isFields(row) ? fromHistory(row, readDate) : null) },
    ];
    for (const { select, toJob } of targets) {
      if (queried.missing.length === 0) break;
      const result = await run(select(queried.missing), call);
      if (result.kind !== 'rows') {
        queried.obstacle = result;
        break;
      }
      take(result.rows, toJob, queried);
    }
    return queried;
  };

  const readByQueries = async (vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]> => {
    const { found, odd, missing, obstacle } = await query(vendorIds, call);
    // That queries show no job proves nothing: how long they keep one, and whose they show, is not documented.
    const doubtful = [...odd, ...(obstacle ? [] : missing)];
    const byRest = await readEachByRest(doubtful, call);
    const restKnowsMore = (vendorId: string): boolean => {
      const read = byRest.get(vendorId);
      return read?.kind === 'job' && read.job.status !== 'UNKNOWN' && read.job.status !== 'CANCELLING';
    };
    if (found.size === 0 && doubtful.some(restKnowsMore)) mode.avoidQueries(false);
    if (obstacle?.kind === 'rejected') mode.avoidQueries(obstacle.isLasting);
    const unread: ReadResult =
      obstacle && (mode.usesQueries() || obstacle.kind === 'failed') ? obstacleAsRead(obstacle) : { kind: 'askAgain' };
    return vendorIds.map((id): ReadResult => {
      const job = found.get(id);
      return job ? { kind: 'job', job } : (byRest.get(id) ?? unread);
    });
  };

  /** Rows of the lists have creation and owner, 200 at once; the newest are the likeliest to be asked for. */
  const findInLists = async (vendorIds: readonly string[], call: CallContext): Promise<Map<string, ReadResult>> => {
    const wanted = new Set(vendorIds);
    const found = new Map<string, ReadResult>();
    let pagesLeft = Math.ceil(vendorIds.length / 10);
    for (const list of ['monitors', 'histories']) {
      let position: string | null = `${list}?limit=200`;
      while (position?.startsWith(`${list}?`) && pagesLeft > 0 && found.size < wanted.size) {
        pagesLeft -= 1;
        const answer: VaultAnswer = await calls.retrievePage(position, call);
        const page = toOutcome(systemId, answer, jobListSchema);
        if (!page.ok) return found;
        for (const row of page.value.jobs) {
          const vendorId = isFields(row) ? toVaultId(row.job_id) : null;
          if (isFields(row) && vendorId !== null && wanted.has(vendorId))
            found.set(vendorId, { kind: 'job', job: fromRest(vendorId, row, readDate) });
        }
        const link = page.value.responseDetails?.next_page;
        position = link ? calls.toPosition(link) : null;
      }
    }
    return found;
  };

  const readFullyByRest = async (vendorIds: readonly string[], call: CallContext): Promise<Map<string, ReadResult>> => {
    const found = vendorIds.length >= scanFrom ? await findInLists(vendorIds, call) : new Map<string, ReadResult>();
    const rest = await readEachByRest(
      vendorIds.filter((id) => !found.has(id)),
      call,
    );
    return new Map([...found, ...rest]);
  };

  return {
    read: async (vendorIds, call) => {
      if (mode.usesQueries()) return readByQueries(vendorIds, call);
      const byRest = await readEachByRest(vendorIds, call);
      return vendorIds.map((id) => byRest.get(id) ?? { kind: 'askAgain' });
    },

    async readLeftOut(jobs, call) {
      const ofQueries = jobs.filter(({ leftOut }) => leftOut?.includes('type'));
      const ofRest = jobs.filter(({ leftOut }) => !leftOut?.includes('type'));
      const idsOf = (some: readonly Job[]): string[] => some.map(({ vendorId }) => vendorId);
      const [queried, byRest] = await Promise.all([
        ofQueries.length > 0 && mode.usesQueries() ? query(idsOf(ofQueries), call) : null,
        readFullyByRest(idsOf(ofRest), call),
      ]);
      const obstacle = queried?.obstacle;
      if (obstacle?.kind === 'rejected') mode.avoidQueries(obstacle.isLasting);
      return jobs.map((job): ReadResult => {
        const found = queried?.found.get(job.vendorId);
        if (found) return { kind: 'job', job: found };
        // No queries, or none that shows this job: REST has no such facts.
        return byRest.get(job.vendorId) ?? (obstacle?.kind === 'failed' ? obstacleAsRead(obstacle) : { kind: 'job', job });
      });
    },

    async readTypes(vendorIds, call) {
      if (vendorIds.length === 0 || !mode.usesQueries()) return succeed(new Map());
      const { found, obstacle } = await query(vendorIds, call);
      if (obstacle?.kind === 'failed') return fail(obstacle.problem);
      if (obstacle) mode.avoidQueries(obstacle.isLasting);
      return succeed(
        new Map(Array.from(found.values()).flatMap(({ vendorId, type }) => (type === null ? [] : [[vendorId, type] as const]))),
      );
    },

    noteCancelling(vendorIds) {
      if (!queriesShowCancelling) for (const id of vendorIds) cancelling.set(id, true);
    },
  };
}

function obstacleAsRead({ kind, problem }: NonNullable<Queried['obstacle']>): ReadResult {
  if (kind === 'failed') return { kind: 'problem', problem };
  return {
    kind: 'problem',
    problem: { ...problem, message: `${problem.message} With the setting reads: auto, Jobyard reads by REST instead.` },
  };
}
