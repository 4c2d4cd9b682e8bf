import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Access } from './access.ts';
import { cancelJob } from './actions.ts';
import { isRejection, type Rejection, reject } from './errors.ts';
import type { Hooks } from './hooks.ts';
import type { Job } from './job.ts';
import type { Jobs } from './jobs.ts';
import type { LifeCycle } from './life-cycle.ts';
import { listEvents, listJobs } from './list.ts';
import { createParameters } from './parameters.ts';
import type { Person } from './person.ts';
import { jobResource } from './render.ts';
import type { AodocsSwitches } from './switches.ts';

export interface RouteParts {
  jobs: Jobs;
  access: Access;
  hooks: Hooks;
  lifeCycle: LifeCycle;
  timeline: Timeline;
  switches: AodocsSwitches;
}

export interface Route {
  method: string;
  /** Segments below the base URL; `{}` is the parameter. */
  path: readonly string[];
  /** What the parameter is called. A query parameter of this name overrides it. */
  parameter: string;
  answer(caller: Person, id: string, query: URLSearchParams): Record<string, unknown> | Rejection;
}

/** The Job API. */
export function createRoutes(parts: RouteParts): readonly Route[] {
  const { jobs, access, hooks, lifeCycle, switches } = parts;

  const findJob = (jobId: string, checkCaller: (job: Job) => Rejection | null): Job | Rejection => {
    const job = jobs.get(jobId);
    return job ? (checkCaller(job) ?? job) : reject(404, `No entity was found matching the key: Job("${jobId}")`);
  };

  // Literal segments precede parameters. If the method of a route doesn't match, the next route can match,
  // so that POST /job/v1/libraries/cancel cancels the job called "libraries".
  return [
    {
      method: 'GET',
      path: ['job', 'v1', 'libraries', '{}'],
      parameter: 'libraryId',
      answer(caller, libraryId, query) {
        if (!access.libraries.includes(libraryId)) return reject(404, `Library with id '${libraryId}' does not exist`);
        return access.checkLibrary(caller, libraryId) ?? listJobs(jobs, libraryId, createParameters(query), switches);
      },
    },
    {
      method: 'GET',
      path: ['job', 'v1', 'events', '{}'],
      parameter: 'jobId',
      answer(caller, jobId, query) {
        const job = findJob(jobId, (found) => access.checkEvents(caller, found));
        return isRejection(job) ? job : listEvents(job, createParameters(query), switches);
      },
    },
    {
      method: 'GET',
      path: ['job', 'v1', '{}'],
      parameter: 'jobId',
      answer(caller, jobId) {
        const job = findJob(jobId, (found) => access.checkRead(caller, found));
        return isRejection(job) ? job : jobResource(job, switches);
      },
    },
    {
      method: 'POST',
      path: ['job', 'v1', '{}', 'cancel'],
      parameter: 'jobId',
      answer(caller, jobId) {
        const job = findJob(jobId, (found) => access.checkCancel(caller, found));
        if (isRejection(job)) return job;
        hooks.runBeforeCancel(job);
        return cancelJob(job, caller.email, lifeCycle, switches) ?? jobResource(job, switches);
      },
    },
  ];
}

/** The route of a path below the base URL, given as its segments, and the segment in the place of `{}`. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  segments: readonly string[],
): { route: Route; rawId: string } | undefined {
  const route = routes.find((candidate) => candidate.method === method && matches(candidate, segments));
  return route && { route, rawId: segments[route.path.indexOf('{}')] ?? '' };
}

function matches(route: Route, segments: readonly string[]): boolean {
  return segments.length === route.path.length && route.path.every((part, index) => part === '{}' || part === segments[index]);
}
