import { type CallContext, isOddRow, type JobSystemAdapter, type ListedJob, type ListSource, type OddRow } from '../jobs/adapter.ts';
import { createUnreadFields, problemOf } from '../jobs/create-job.ts';
import { createFailedList } from '../jobs/failed-list.ts';
import { needsRowFields } from '../jobs/filter.ts';
import type { JobFields } from '../jobs/job.ts';
import { pairResults } from '../jobs/pair-results.ts';
import { createProblem, fail, type Problem, succeed } from '../jobs/problem.ts';

/**
 * An adapter whose bugs affect its own system only: what throws, rejects, or returns another number of results than it got jobs is reported to
 * `onBug`, and becomes a problem of the system; of one job, if only its row or its read throws. An action that may have been sent becomes
 * inconclusive. The rows and results of other systems in the same request stay.
 */
export function containAdapter(systemId: string, adapter: JobSystemAdapter, onBug: (error: unknown) => void): JobSystemAdapter {
  const problem = createProblem('INVALID_VENDOR_RESPONSE', `The adapter of ${systemId} failed. This is a bug in it: see Jobyard's log.`);
  const report = (error: unknown): Problem => {
    onBug(error);
    return problem;
  };
  const { contain, containAll, containReads } = createContainers(report);
  const { getJobs, findLists, resolveInconclusive, readLeftOut, getSteps, getStepsOfJobs, getProgress, getFailure, getOutputs, logs } =
    adapter;
  const containRow = createRowContainer(systemId, onBug);
  const containList = (source: ListSource, makesAll: boolean): ListSource => ({
    ...source,
    readPage: contain(async (at, count, call) => {
      const page = await source.readPage(at, count, call);
      return page.ok ? succeed({ ...page.value, rows: page.value.rows.map((row) => containRow(row, makesAll)) }) : page;
    }, fail),
  });

  return {
    ...adapter,
    // It may change at any time.
    get reads() {
      return adapter.reads;
    },
    listJobs(query) {
      try {
        const makesAll = needsRowFields(query);
        return adapter.listJobs(query).map((source) => containList(source, makesAll));
      } catch (error) {
        return [createFailedList('jobs', report(error))];
      }
    },
    performAction: (action, targets, call) =>
      containAll((jobs: typeof targets, of) => adapter.performAction(action, jobs, of), inconclusive)(targets, call),
    checkHealth: contain(adapter.checkHealth, (found) => found),
    ...(getJobs && { getJobs: containReads(getJobs, unread) }),
    ...(findLists && { findLists: contain(findLists, (found) => found) }),
    ...(resolveInconclusive && {
      resolveInconclusive: (action, targets, call) =>
        containAll((jobs: typeof targets, of) => resolveInconclusive(action, jobs, of), inconclusive)(targets, call),
    }),
    ...(readLeftOut && { readLeftOut: containReads(readLeftOut, unread) }),
    ...(getSteps && { getSteps: contain(getSteps, fail) }),
    ...(getStepsOfJobs && { getStepsOfJobs: containReads(getStepsOfJobs, fail) }),
    ...(getProgress && { getProgress: contain(getProgress, fail) }),
    ...(typeof getFailure === 'function' && { getFailure: contain(getFailure, fail) }),
    ...(getOutputs && { getOutputs: contain(getOutputs, fail) }),
    ...(logs && { logs: { ...logs, getPart: contain(logs.getPart, fail) } }),
  };
}

/** Functions that return what `onFailure` makes of the reported problem instead of throwing. */
function createContainers(report: (error: unknown) => Problem) {
  const contain = <Inputs extends unknown[], Value>(run: (...inputs: Inputs) => Promise<Value>, onFailure: (problem: Problem) => Value) => {
    return async (...inputs: Inputs): Promise<Value> => {
      try {
        return await run(...inputs);
      } catch (error) {
        return onFailure(report(error));
      }
    };
  };
  /** For functions that return one result for each job. */
  const containAll = <Job, Value>(
    run: (jobs: readonly Job[], call: CallContext) => Promise<Value[]>,
    onFailure: (problem: Problem) => Value,
  ) => {
    return (jobs: readonly Job[], call: CallContext): Promise<Value[]> =>
      contain(
        async () => expectOneEach(jobs, await run(jobs, call)),
        (found) => jobs.map(() => onFailure(found)),
      )();
  };
  /** As `containAll`, for what may be called again: finds a job that makes a call for several jobs throw, with few more calls. */
  const containReads = <Job, Value>(
    run: (jobs: readonly Job[], call: CallContext) => Promise<Value[]>,
    onFailure: (problem: Problem) => Value,
  ) => {
    return async (jobs: readonly Job[], call: CallContext): Promise<Value[]> => {
      const runOnce = async (some: readonly Job[]): Promise<Value[]> => expectOneEach(some, await run(some, call));
      const split = async (some: readonly Job[], error: unknown): Promise<Value[]> => {
        const middle = some.length >> 1;
        const halves = middle > 0 ? [some.slice(0, middle), some.slice(middle)] : [];
        const tried = await Promise.allSettled(halves.map(runOnce));
        // If both throw, no single job is the reason.
        if (tried.every(({ status }) => status === 'rejected')) {
          const problem = report(error);
          return some.map(() => onFailure(problem));
        }
        const results = pairResults(halves, tried).map(([half, one]) => (one.status === 'fulfilled' ? one.value : split(half, one.reason)));
        return (await Promise.all(results)).flat();
      };
      return runOnce(jobs).catch((error: unknown) => split(jobs, error));
    };
  };
  return { contain, containAll, containReads };
}

/**
 * Rows whose fields are a placeholder with a problem if making them throws. `makesAll`: all fields are made anyway, so such a row is found at
 * once, like a row that breaks the vendor's contract.
 */
function createRowContainer(systemId: string, onBug: (error: unknown) => void) {
  const containListed = ({ vendorId, createdAtMs, toFields }: ListedJob): ListedJob => {
    let unread: JobFields | null = null;
    return {
      vendorId,
      createdAtMs,
      toFields() {
        if (unread) return { ...unread };
        try {
          return toFields();
        } catch (error) {
          onBug(error);
          unread = createUnreadRow(systemId, vendorId, createdAtMs);
          return { ...unread };
        }
      },
    };
  };
  return (row: ListedJob | OddRow, makesAll: boolean): ListedJob | OddRow => {
    if (isOddRow(row)) return { ...row, job: row.job && containListed(row.job) };
    const job = containListed(row);
    const problem = makesAll ? problemOf(job.toFields()) : null;
    return problem ? { job, problem } : job;
  };
}

function createUnreadRow(systemId: string, vendorId: string, createdAtMs: number | null): JobFields {
  const message = `The adapter of ${systemId} failed on job ${vendorId}. This is a bug in it: see Jobyard's log.`;
  const createdAt = createdAtMs === null ? null : new Date(createdAtMs);
  return createUnreadFields(vendorId, createdAt, createProblem('INVALID_VENDOR_RESPONSE', message));
}

function inconclusive(problem: Problem) {
  return { kind: 'inconclusive' as const, problem };
}

function unread(problem: Problem) {
  return { kind: 'problem' as const, problem };
}

function expectOneEach<Value>(jobs: readonly unknown[], results: Value[]): Value[] {
  if (results.length !== jobs.length) throw new Error(`Expected ${jobs.length} results, one per job, got ${results.length}`);
  return results;
}
