import { performance } from 'node:perf_hooks';
import type { SandboxAnswer, SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import { type Account, authenticate } from './accounts.ts';
import { type EndpointResult, reject, rejectInAvro, wrap } from './envelope.ts';
import { parseJson } from './json.ts';
import type { ClientCall } from './list.ts';
import { createRoutes, type Endpoint, type RouteParts } from './routes.ts';
import type { KineticaSwitches } from './switches.ts';
import { systemRejection, type TimedCall } from './system.ts';

/** Responds to a request as the head rank does: POST for every endpoint, failures as 400, permission denied among them. */
export function createAnswer(parts: RouteParts): (request: SandboxRequest) => SandboxAnswer {
  const { clock, state, switches, pathPrefix } = parts;
  const timedCalls: TimedCall[] = [];
  const endpoints = createRoutes(parts, timedCalls);
  // Requests have smaller IDs than jobs.
  let callId = switches.idBase === 'huge' && switches.version !== '6.2' ? 9007199254700000n : 960_000n;

  return (request) => {
    const startedAtMs = performance.now();
    const path = request.path.startsWith(pathPrefix) ? request.path.slice(pathPrefix.length) : undefined;
    if (request.method === 'GET' && (path === '' || path === '/')) {
      return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'Kinetica is running!' };
    }
    const run = path === undefined || request.method !== 'POST' ? undefined : endpoints.get(path);
    if (!run || path === undefined) return reject(404, 'Unknown URI');
    const account = switches.authentication === 'off' ? anonymous : authenticate(request.headers, state.accounts);
    if (!account) return unauthorized(switches);

    const id = callId--;
    const call: ClientCall = { id, account, receivedAtMs: clock.now(), host: request.headers.host ?? 'localhost' };
    const answer = encode(path, answerEndpoint(path, run, request, call, switches), request, switches);
    const elapsedMs = performance.now() - startedAtMs;
    timedCalls.push({ endpoint: path, id, elapsedMs });
    if (timedCalls.length > 100) timedCalls.shift();
    return { ...answer, headers: { ...answer.headers, 'x-request-time-secs': (elapsedMs / 1000).toFixed(5) } };
  };
}

function encode(path: string, result: EndpointResult, { headers }: SandboxRequest, switches: KineticaSwitches): SandboxAnswer {
  // An official client that isn't configured for JSON can read nothing else.
  const wantsAvro = headers.accept === 'application/octet-stream';
  return 'rejected' in result && wantsAvro ? rejectInAvro(switches.errorStatus, onlyJson) : wrap(path, result, switches);
}

function answerEndpoint(
  path: string,
  run: Endpoint,
  request: SandboxRequest,
  call: ClientCall,
  switches: KineticaSwitches,
): EndpointResult {
  const down = systemRejection(path, switches);
  if (down !== undefined) return { rejected: down };
  if (path.startsWith('/admin/') && !call.account.administrator && switches.plainUsers === 'denied')
    return { rejected: 'Access denied; ok' };
  const { 'content-type': contentType = '', accept = '*/*' } = request.headers;
  if (!/^application\/json\s*(;|$)/i.test(contentType)) return { rejected: `Unsupported content type: ${contentType} (S/SDc:1088)` };
  // The sandbox doesn't imitate Avro and Snappy, which official clients may ask for.
  if (!/application\/(json|\*)|\*\/\*/i.test(accept)) return { rejected: `Unsupported accept type: ${accept} (S/SDc:1090)` };
  let body: unknown;
  try {
    body = parseJson(request.body);
  } catch {
    return { rejected: 'Unable to parse the request: not valid JSON (S/SDc:1101)' };
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
  const answer = reject(401, 'Unauthorized: invalid credentials');
  return { ...answer, headers: { ...answer.headers, ...challenge } };
}
