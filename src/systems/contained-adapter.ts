import type { CallContext, JobSystemAdapter, ListSource } from '../jobs/adapter.ts';
import { createFailedList } from '../jobs/failed-list.ts';
import { createProblem, fail, type Problem } from '../jobs/problem.ts';

/**
 * An adapter whose bugs affect its own system only: what throws, rejects, or returns another number of results than it got jobs is reported to
 * `onBug`, and becomes a problem of the system. An action that may have been sent becomes inconclusive. The rows and results of other systems
 * in the same request stay.
 */
export function containAdapter(systemId: string, adapter: JobSystemAdapter, onBug: (error: unknown) => void): JobSystemAdapter {
  const problem = createProblem('INVALID_VENDOR_RESPONSE', `The adapter of ${systemId} failed. This is a bug in it: see Jobyard's log.`);
  const report = (error: unknown): Problem => {
    onBug(error);
    return problem;
  };
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
  const inconclusive = (found: Problem) => ({ kind: 'inconclusive' as const, problem: found });
  const unread = (found: Problem) => ({ kind: 'problem' as const, problem: found });
  const { getJobs, findLists, resolveInconclusive, readLeftOut, getSteps, getStepsOfJobs, getProgress, getFailure, getOutputs, logs } =
    adapter;
  const containList = (source: ListSource): ListSource => ({ ...source, readPage: contain(source.readPage, fail) });

  return {
    ...adapter,
    // It may change at any time.
    get reads() {
      return adapter.reads;
    },
    listJobs(query) {
      try {
        return adapter.listJobs(query).map(containList);
      } catch (error) {
        return [createFailedList('jobs', report(error))];
      }
    },
    performAction: (action, targets, call) =>
      containAll((jobs: typeof targets, of) => adapter.performAction(action, jobs, of), inconclusive)(targets, call),
    checkHealth: contain(adapter.checkHealth, (found) => found),
    ...(getJobs && { getJobs: containAll(getJobs, unread) }),
    ...(findLists && { findLists: contain(findLists, (found) => found) }),
    ...(resolveInconclusive && {
      resolveInconclusive: (action, targets, call) =>
        containAll((jobs: typeof targets, of) => resolveInconclusive(action, jobs, of), inconclusive)(targets, call),
    }),
    ...(readLeftOut && { readLeftOut: containAll(readLeftOut, unread) }),
    ...(getSteps && { getSteps: contain(getSteps, fail) }),
    ...(getStepsOfJobs && { getStepsOfJobs: containAll(getStepsOfJobs, fail) }),
    ...(getProgress && { getProgress: contain(getProgress, fail) }),
    ...(typeof getFailure === 'function' && { getFailure: contain(getFailure, fail) }),
    ...(getOutputs && { getOutputs: contain(getOutputs, fail) }),
    ...(logs && { logs: { ...logs, getPart: contain(logs.getPart, fail) } }),
  };
}

function expectOneEach<Value>(jobs: readonly unknown[], results: Value[]): Value[] {
  if (results.length !== jobs.length) throw new Error(`Expected ${jobs.length} results, one per job, got ${results.length}`);
  return results;
}
