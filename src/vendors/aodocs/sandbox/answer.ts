import type { SandboxAnswer, SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import { errorOnTheWire, isRejection, type Rejection, reject } from './errors.ts';
import { readFields, selectFields } from './fields.ts';
import { createFrontEnd } from './front-end.ts';
import { createRoutes, findRoute, type Route, type RouteParts } from './routes.ts';
import type { AodocsSwitches } from './switches.ts';

type Result = Record<string, unknown> | Rejection;

/** Responds to a request as AODocs does: the front end first, then its fork of the Endpoints framework, then the Job API. */
export function createAnswer(parts: RouteParts): (request: SandboxRequest) => SandboxAnswer {
  const { access, hooks, switches } = parts;
  const frontEnd = createFrontEnd(parts);
  const routes = createRoutes(parts);

  const answerRoute = (route: Route, rawId: string, method: string, request: SandboxRequest): Result => {
    const { query, headers, path } = request;
    const id = query.get(route.parameter) ?? decodeSegment(rawId);
    if (id === null) return reject(400, `Invalid path '${path}'`);
    const caller = access.authenticate(headers, query);
    if (isRejection(caller)) return caller;
    return frontEnd.checkQuota() ?? hooks.takeRejection(method, path) ?? checkBody(request, switches) ?? route.answer(caller, id, query);
  };

  return (request) => {
    const early = frontEnd.answer(request);
    if (early) return early;
    const override = request.headers['x-http-method-override'];
    const method = typeof override === 'string' ? override.toUpperCase() : request.method;
    const segments = segmentsBelowBase(request.path);
    const found = segments && findRoute(routes, method, segments);
    if (!found) return { status: 404, headers: { 'Content-Type': 'text/plain; charset=UTF-8' }, body: 'Not Found' };
    const fields = readFields(request.query.get('fields'));
    if (isRejection(fields)) return encode(fields, request, switches);
    const result = answerRoute(found.route, found.rawId, method, request);
    return encode(isRejection(result) ? result : selectFields(result, fields), request, switches);
  };
}

function encode(result: unknown, { query }: SandboxRequest, switches: AodocsSwitches): SandboxAnswer {
  const asked = query.get('prettyPrint');
  const indent = (asked === null ? switches.prettyPrint : asked.toLowerCase() === 'true') ? 1 : 0;
  const { status, body, headers } = isRejection(result)
    ? { ...errorOnTheWire(result, switches.exceptionCompatibility), headers: result.headers }
    : { status: 200, body: result, headers: {} };
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=UTF-8', ...headers },
    body: JSON.stringify(body, null, indent),
  };
}

function checkBody({ body, headers }: SandboxRequest, { contentTypeValidation }: AodocsSwitches): Rejection | undefined {
  if (body.trim() === '') return undefined;
  if (contentTypeValidation && !headers['content-type']?.startsWith('application/json')) {
    return reject(406, 'Expecting application/json content-type.');
  }
  try {
    const parsed: unknown = JSON.parse(body);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? undefined : reject(400, 'expected a JSON object body');
  } catch {
    return reject(400, 'Parse error', 'parseError');
  }
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

function decodeSegment(segment: string): string | null {
  try {
    // The framework decodes path segments as it decodes forms.
    return decodeURIComponent(segment.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
