import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import type { Clock } from '../../../sandbox-kit/clock.ts';
import type { SandboxAnswer, SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import { createJob, createJobRequest, getJob, getJobRequest } from './async-job.ts';
import { type Account, authenticate } from './authentication.ts';
import { alterJobs, alterJobsRequest } from './cancel.ts';
import { parseJson } from './json.ts';
import { type ClientCall, showJobs, showJobsRequest } from './list.ts';
import type { KineticaState } from './state.ts';
import type { KineticaSwitches } from './switches.ts';
import {
  refusalOfSystem,
  showSystemProperties,
  showSystemStatus,
  showSystemTiming,
  systemPropertiesRequest,
  type TimedCall,
} from './system.ts';
import { type EndpointResult, refuse, refuseInAvro, wrap } from './wrapper.ts';

interface RouteParts {
  clock: Clock;
  state: KineticaState;
  switches: KineticaSwitches;
  /** Without a slash at its end. */
  pathPrefix: string;
}

type Endpoint = (body: unknown, call: ClientCall) => EndpointResult;

const optionsOnly = z.object({ options: z.record(z.string(), z.string()) });

/** Answers a request as the head rank does: POST for every endpoint, failures as 400, permission denied among them. */
export function createRoutes({ clock, state, switches, pathPrefix }: RouteParts): (request: SandboxRequest) => SandboxAnswer {
  const timedCalls: TimedCall[] = [];
  const endpoints = new Map<string, Endpoint>([
    ['/admin/show/jobs', endpoint(showJobsRequest, (body, call) => showJobs(state, switches, body, call))],
    ['/admin/alter/jobs', endpoint(alterJobsRequest, (body, call) => alterJobs(state, switches, body, call.account))],
    ['/get/job', endpoint(getJobRequest, (body) => getJob(state, switches, body, clock.now()))],
    ['/create/job', endpoint(createJobRequest, (body, call) => createJob(state, switches, body, call.account))],
    ['/show/system/status', endpoint(optionsOnly, () => showSystemStatus(switches))],
    [
      '/show/system/properties',
      endpoint(systemPropertiesRequest, (body, call) => showSystemProperties(switches, body, `http://${call.host}${pathPrefix}`)),
    ],
    ['/show/system/timing', endpoint(optionsOnly, () => showSystemTiming(timedCalls, switches))],
  ]);
  // Requests take ids of their own, below those of the jobs.
  let callId = switches.idBase === 'huge' && switches.version !== '6.2' ? 9007199254700000n : 960_000n;

  return (request) => {
    const startedAtMs = performance.now();
    const path = request.path.startsWith(pathPrefix) ? request.path.slice(pathPrefix.length) : undefined;
    if (request.method === 'GET' && (path === '' || path === '/')) {
      return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'Kinetica is running!' };
    }
    const run = path === undefined || request.method !== 'POST' ? undefined : endpoints.get(path);
    if (!run || path === undefined) return refuse(404, 'Unknown URI');
    const account = switches.authentication === 'off' ? anonymous : authenticate(request.headers, state.accounts);
    if (!account) return unauthorized(switches);

    const id = callId--;
    const call: ClientCall = { id, account, receivedAtMs: clock.now(), host: request.headers.host ?? 'localhost' };
    const result = answerEndpoint(path, run, request, call, switches);
    // An official client that was not told to use JSON can read nothing else.
    const wantsAvro = request.headers.accept === 'application/octet-stream';
    const answer = 'refused' in result && wantsAvro ? refuseInAvro(switches.errorStatus, onlyJson) : wrap(path, result, switches);
    const elapsedMs = performance.now() - startedAtMs;
    timedCalls.push({ endpoint: path, id, elapsedMs });
    if (timedCalls.length > 100) timedCalls.shift();
    return { ...answer, headers: { ...answer.headers, 'x-request-time-secs': (elapsedMs / 1000).toFixed(5) } };
  };
}

function endpoint<T>(schema: z.ZodType<T>, run: (body: T, call: ClientCall) => EndpointResult): Endpoint {
  return (body, call) => {
    const parsed = schema.safeParse(body);
    if (parsed.success) return run(parsed.data, call);
    const [issue] = parsed.error.issues;
    return { refused: `Unable to parse the request: ${issue?.path.join('.') || 'body'}: ${issue?.message} (S/SDc:1102)` };
  };
}

function answerEndpoint(
  path: string,
  run: Endpoint,
  request: SandboxRequest,
  call: ClientCall,
  switches: KineticaSwitches,
): EndpointResult {
  const down = refusalOfSystem(path, switches);
  if (down !== undefined) return { refused: down };
  if (path.startsWith('/admin/') && !call.account.administrator && switches.plainUsers === 'denied')
    return { refused: 'Access denied; ok' };
  const { 'content-type': contentType = '', accept = '*/*' } = request.headers;
  if (!/^application\/json\s*(;|$)/i.test(contentType)) return { refused: `Unsupported content type: ${contentType} (S/SDc:1088)` };
  // Avro and Snappy, which official clients may ask for, are not simulated.
  if (!/application\/(json|\*)|\*\/\*/i.test(accept)) return { refused: `Unsupported accept type: ${accept} (S/SDc:1090)` };
  let body: unknown;
  try {
    body = parseJson(request.body);
  } catch {
    return { refused: 'Unable to parse the request: not valid JSON (S/SDc:1101)' };
  }
  return run(body, call);
}

const onlyJson = 'This sandbox supports JSON only: set the encoding to JSON';

const anonymous: Account = { username: 'anonymous', password: '', administrator: true };

const unauthorizedPage =
  '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>401 Unauthorized</title>\n</head><body>\n<h1>Unauthorized</h1>\n</body></html>\n';

function unauthorized({ unauthorizedBody }: KineticaSwitches): SandboxAnswer {
  const challenge = { 'WWW-Authenticate': 'Basic realm="Kinetica"' };
  if (unauthorizedBody === 'html') {
    return { status: 401, headers: { ...challenge, 'Content-Type': 'text/html; charset=iso-8859-1' }, body: unauthorizedPage };
  }
  const answer = refuse(401, 'Unauthorized: invalid credentials');
  return { ...answer, headers: { ...answer.headers, ...challenge } };
}
