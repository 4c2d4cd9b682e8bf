import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { SandboxAnswer, SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import type { Access, Person } from './access.ts';
import { cancelJob } from './cancel.ts';
import { errorOnTheWire, isRejection, type Rejection, reject } from './errors.ts';
import { readFields, selectFields } from './fields.ts';
import { createFrontEnd } from './front-end.ts';
import type { Job, Jobs } from './jobs.ts';
import type { LifeCycle } from './life-cycle.ts';
import { listEvents, listJobs } from './list.ts';
import { createParameters } from './parameters.ts';
import { jobResource } from './resources.ts';
import type { AodocsSwitches } from './switches.ts';
import type { Troubles } from './troubles.ts';

export interface RouteParts {
  jobs: Jobs;
  access: Access;
  troubles: Troubles;
  lifeCycle: LifeCycle;
  timeline: Timeline;
  switches: AodocsSwitches;
}

interface Route {
  method: string;
  /** Segments below the base URL; `{}` is the parameter. */
  path: readonly string[];
  /** What the parameter is called. A query parameter of this name overrides it. */
  parameter: string;
  answer(caller: Person, id: string, query: URLSearchParams): Record<string, unknown> | Rejection;
}

/** The Job API, as AODocs' fork of the Endpoints framework dispatches to it. */
export function createRoutes(parts: RouteParts): (request: SandboxRequest) => SandboxAnswer {
  const { jobs, access, troubles, lifeCycle, switches } = parts;
  const frontEnd = createFrontEnd(parts);

  const findJob = (jobId: string, checkCaller: (job: Job) => Rejection | null): Job | Rejection => {
    const job = jobs.get(jobId);
    return job ? (checkCaller(job) ?? job) : reject(404, `No entity was found matching the key: Job("${jobId}")`);
  };

  // Literal segments come before parameters; a route that fails on its method leaves the path to the next one,
  // so that POST /job/v1/libraries/cancel cancels the job called "libraries".
  const routes: readonly Route[] = [
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
        troubles.cancelArrives(job);
        return cancelJob(job, caller.email, lifeCycle, switches) ?? jobResource(job, switches);
      },
    },
  ];

  const answerRoute = (route: Route, rawId: string, method: string, request: SandboxRequest) => {
    const { query, headers, path } = request;
    const id = query.get(route.parameter) ?? decodeSegment(rawId);
    if (id === null) return reject(400, `Invalid path '${path}'`);
    const caller = access.authenticate(headers, query);
    if (isRejection(caller)) return caller;
    return frontEnd.checkQuota() ?? troubles.nextRejection(method, path) ?? checkBody(request) ?? route.answer(caller, id, query);
  };

  const checkBody = ({ body, headers }: SandboxRequest): Rejection | undefined => {
    if (body.trim() === '') return undefined;
    if (switches.contentTypeValidation && !headers['content-type']?.startsWith('application/json')) {
      return reject(406, 'Expecting application/json content-type.');
    }
    try {
      const parsed: unknown = JSON.parse(body);
      const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
      return isObject ? undefined : reject(400, 'expected a JSON object body');
    } catch {
      return reject(400, 'Parse error', 'parseError');
    }
  };

  return (request) => {
    const early = frontEnd.answer(request);
    if (early) return early;
    const override = request.headers['x-http-method-override'];
    const method = typeof override === 'string' ? override.toUpperCase() : request.method;
    const segments = segmentsBelowBase(request.path);
    const route = segments && routes.find((candidate) => candidate.method === method && matches(candidate, segments));
    if (!route) return { status: 404, headers: { 'Content-Type': 'text/plain; charset=UTF-8' }, body: 'Not Found' };

    const fields = readFields(request.query.get('fields'));
    const rawId = segments[route.path.indexOf('{}')] ?? '';
    const outcome = isRejection(fields) ? fields : answerRoute(route, rawId, method, request);
    const asked = request.query.get('prettyPrint');
    const indent = (asked === null ? switches.prettyPrint : asked.toLowerCase() === 'true') ? 1 : 0;
    const write = (status: number, body: unknown, headers = {}) => ({
      status,
      headers: { 'Content-Type': 'application/json; charset=UTF-8', ...headers },
      body: JSON.stringify(body, null, indent),
    });
    if (isRejection(outcome)) {
      const { status, body } = errorOnTheWire(outcome, switches.exceptionCompatibility);
      return write(status, body, outcome.headers);
    }
    return write(200, selectFields(outcome, isRejection(fields) ? undefined : fields));
  };
}

/** The path's segments below `/api`, still encoded; slashes at its end don't count. Undefined outside of it. */
function segmentsBelowBase(path: string): string[] | undefined {
  return path.startsWith('/api/')
    ? path
        .slice('/api/'.length)
        .replace(/^\/+|\/+$/g, '')
        .split('/')
    : undefined;
}

function matches(route: Route, segments: readonly string[]): boolean {
  return segments.length === route.path.length && route.path.every((part, index) => part === '{}' || part === segments[index]);
}

function decodeSegment(segment: string): string | null {
  try {
    // The framework decodes path segments as it decodes forms.
    return decodeURIComponent(segment.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
