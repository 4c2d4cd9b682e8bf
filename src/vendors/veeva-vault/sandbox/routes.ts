import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import { cancelJobs, startJobNow } from './actions.ts';
import type { ApiVersion } from './api-version.ts';
import { type Envelope, failure, malformedUrl, methodNotSupported, success } from './envelope.ts';
import type { VaultJob } from './job.ts';
import type { VaultJobs } from './jobs.ts';
import type { VaultLimits } from './limits.ts';
import { listHistories, listMonitors, listTasks } from './list.ts';
import type { OwnAddress } from './login.ts';
import type { VaultQueries } from './query.ts';
import { statusFields } from './render.ts';
import type { Session, VaultSessions } from './session.ts';
import type { VaultSwitches } from './switches.ts';

/** A request of a user, on an existing route. */
export interface Call {
  request: SandboxRequest;
  version: ApiVersion;
  session: Session;
  own: OwnAddress;
  /** The path's segment in the place of `*`. */
  id: string;
}

/** An endpoint below `/api/{version}` that requires a session. */
export interface Route {
  method: string;
  /** `*` is any one segment. The first route that fits wins: `monitors` before an ID. */
  path: string;
  needsJobsAccess?: true;
  answer(call: Call): Envelope | SlowEnvelope;
}

/** A response that the Vault delays, in milliseconds. */
export interface SlowEnvelope {
  envelope: Envelope;
  delayMs: number;
}

export interface RouteParts {
  jobs: VaultJobs;
  sessions: VaultSessions;
  limits: VaultLimits;
  queries: VaultQueries;
  timeline: Timeline;
  switches: VaultSwitches;
}

export function createRoutes(parts: RouteParts): readonly Route[] {
  return [...sessionRoutes(parts), ...queryRoutes(parts), ...listRoutes(parts), ...actionRoutes(parts), ...singleJobRoutes(parts)];
}

function sessionRoutes({ sessions }: RouteParts): Route[] {
  return [
    { method: 'POST', path: 'keep-alive', answer: () => success() },
    {
      method: 'DELETE',
      path: 'session',
      answer({ session }) {
        sessions.end(session);
        return success();
      },
    },
    { method: 'GET', path: 'objects/users/me', answer: ({ session }) => success({ users: [{ user: userFields(session) }] }) },
  ];
}

function queryRoutes({ queries }: RouteParts): Route[] {
  return [
    {
      method: 'POST',
      path: 'query',
      needsJobsAccess: true,
      answer: ({ request, version, session, own }) => queries.run(request, session.user.id, version.name, originOf(own)),
    },
    {
      method: 'POST',
      path: 'query/*',
      needsJobsAccess: true,
      answer: ({ request, id, version, own }) => queries.readPage(request, id, version.name, originOf(own)),
    },
  ];
}

function listRoutes({ jobs, switches }: RouteParts): Route[] {
  return [
    {
      method: 'GET',
      path: 'services/jobs/histories',
      needsJobsAccess: true,
      answer: (call) => listHistories(jobs, toListRequest(call), switches),
    },
    {
      method: 'GET',
      path: 'services/jobs/monitors',
      needsJobsAccess: true,
      answer: (call) => listMonitors(jobs, toListRequest(call), switches),
    },
  ];
}

function actionRoutes({ jobs, switches }: RouteParts): Route[] {
  return [
    {
      method: 'POST',
      path: 'services/jobs/actions/cancel',
      needsJobsAccess: true,
      answer({ request, version, session }) {
        if (version.number < 253 && switches.cancelBeforeV25R3 !== 'accept') {
          return switches.cancelBeforeV25R3 === 'MALFORMED_URL' ? malformedUrl() : methodNotSupported(switches);
        }
        return cancelJobs(jobs, request, session.user.id, switches);
      },
    },
    {
      method: 'POST',
      path: 'services/jobs/start_now/*',
      needsJobsAccess: true,
      answer: ({ id, version, session }) =>
        withId(id, switches, (number) => startJobNow(jobs, number, version.name, session.user.id, switches)),
    },
  ];
}

function singleJobRoutes({ jobs, limits, timeline, switches }: RouteParts): Route[] {
  return [
    {
      method: 'GET',
      path: 'services/jobs/*/tasks',
      needsJobsAccess: true,
      answer: (call) => withJob(call.id, jobs, switches, (job) => listTasks(job, timeline.now(), toListRequest(call), switches)),
    },
    {
      method: 'GET',
      path: 'services/jobs/*',
      needsJobsAccess: true,
      answer: ({ id, version, session }) =>
        withJob(id, jobs, switches, (job) => {
          if (limits.mayReadStatus(job.id, session.id)) {
            return success({ responseMessage: 'OK', data: statusFields(job, version.name, timeline.now(), switches) });
          }
          const message = `The status of job [${job.id}] can be requested once every 10 seconds.`;
          return failure('API_LIMIT_EXCEEDED', message, switches.limitExceededStatus);
        }),
    },
  ];
}

function withId(id: string, { nonNumericIdType }: VaultSwitches, answer: (id: number) => Envelope): Envelope {
  if (/^\d+$/.test(id)) return answer(Number(id));
  return nonNumericIdType === 'MALFORMED_URL' ? malformedUrl() : failure('INVALID_DATA', `Invalid job ID [${id}]`);
}

function withJob(id: string, jobs: VaultJobs, switches: VaultSwitches, answer: (job: VaultJob) => Envelope): Envelope {
  return withId(id, switches, (number) => {
    const job = jobs.job(number);
    return job ? answer(job) : failure(switches.unknownJobType, `Job [${number}] is not found`);
  });
}

/** The route of a path below `/api/{version}`, given as its segments, and the segment in the place of `*`. */
export function findRoute(routes: readonly Route[], segments: readonly string[]): { route: Route; id: string } | undefined {
  for (const route of routes) {
    const words = route.path.split('/');
    const fits = words.length === segments.length && words.every((word, index) => word === '*' || word === segments[index]);
    if (fits) return { route, id: segments[words.indexOf('*')] ?? '' };
  }
  return undefined;
}

function toListRequest({ request, version, own }: Call) {
  return {
    path: request.path.replace(/\/+$/, ''),
    query: request.query,
    version: version.number,
    origin: originOf(own),
  };
}

function originOf({ apiUrl }: OwnAddress): string {
  return new URL(apiUrl).origin;
}

function userFields({ user }: Session) {
  return {
    user_name__v: user.username,
    user_first_name__v: user.firstName,
    user_last_name__v: user.lastName,
    user_email__v: user.username,
    user_timezone__v: 'Etc/UTC',
    user_locale__v: 'en_US',
    is_domain_admin__v: user.admin,
    active__v: user.active,
    id: user.id,
    user_language__v: 'en',
    security_profile__v: user.admin ? 'system_admin__v' : 'integration_user__c',
    license_type__v: 'full__v',
  };
}
