import type { SandboxAnswer, SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import type { Account } from './accounts.ts';
import { rejectionText, successText } from './envelope.ts';
import {
  inMaintenance,
  noJobNodeAlive,
  projectUnknown,
  type Rejection,
  recovering,
  rejectedOnQueryNode,
  unexpected,
} from './rejections.ts';
import { createRoutes, type Route, type RouteParts, type RouteResult } from './routes.ts';
import type { Sessions } from './session.ts';
import type { KylinSwitches } from './switches.ts';
import { projectInBody } from './update-request.ts';

/** The path that starts every path of Kylin's API. */
export const basePath = '/kylin/api';

const publicType = 'application/vnd.apache.kylin-v4-public+json';
const webType = 'application/vnd.apache.kylin-v4+json';
const plainJson = 'application/json;charset=UTF-8';

export interface AnswerParts extends RouteParts {
  sessions: Sessions;
}

/** Responds to a request as Kylin does: checks the login, the state of the node, the path, and the type of the response. */
export function createAnswer(parts: AnswerParts): (request: SandboxRequest) => SandboxAnswer {
  const routes = createRoutes(parts);
  return (request) => {
    const path = request.path.replace(/\/$/, '');
    if (path !== basePath && !path.startsWith(`${basePath}/`)) return frameworkError(404, 'Not Found', request.path);
    const url = `http://${request.headers.host ?? 'localhost'}${request.path}`;
    const login = parts.sessions.authenticate(request, parts.now());
    if ('errorCode' in login) return rejectionAnswer(login, url, plainJson, parts.switches);
    const headers: Record<string, string> = login.cookie === undefined ? {} : { 'set-cookie': login.cookie };
    const answer = answerCaller(parts, routes, login.account, request, path.slice(basePath.length), url);
    return { ...answer, headers: { ...answer.headers, ...headers } };
  };
}

function answerCaller(
  parts: AnswerParts,
  routes: readonly Route[],
  account: Account,
  request: SandboxRequest,
  path: string,
  url: string,
): SandboxAnswer {
  const { switches } = parts;
  const stopped = passFilter(parts, request, path);
  if (stopped) return rejectionAnswer(stopped, url, publicType, switches);

  const onPath = routes.filter(({ pattern }) => pattern.test(path));
  const route = onPath.find(({ method }) => method === request.method);
  if (!route)
    return onPath.length > 0 ? frameworkError(405, 'Method Not Allowed', request.path) : frameworkError(404, 'Not Found', request.path);
  const type = negotiate(request.headers.accept, switches);
  if (type === undefined) return frameworkError(406, 'Not Acceptable', request.path);
  if (type === 'any' && route.isAmbiguous) {
    const rejection = unexpected(`Ambiguous handler methods mapped for '${request.path}'`, 'java.lang.IllegalStateException');
    return rejectionAnswer(rejection, url, plainJson, switches);
  }
  const negotiated = type === 'any' ? webType : type;
  const ids = decodeAll(route.pattern.exec(path)?.slice(1) ?? []);
  if (!ids) return frameworkError(400, 'Bad Request', request.path);
  return encode(handle(parts, route, account, request, ids), url, negotiated, switches);
}

/** Calls the route, unless a test has arranged that the request fails before or after that. */
function handle({ state }: AnswerParts, route: Route, account: Account, request: SandboxRequest, ids: readonly string[]): RouteResult {
  const failure = state.takeFailure();
  if (!failure) return route.handle(account, request, ids);
  if (failure.applied) route.handle(account, request, ids);
  return unexpected('null', 'java.lang.NullPointerException');
}

function encode(result: RouteResult, url: string, type: string, switches: KylinSwitches): SandboxAnswer {
  if ('errorCode' in result) return { ...rejectionAnswer(result, url, type, switches), ...delayOf(result) };
  return { status: 200, headers: { 'content-type': type }, body: successText(result.data, switches), ...delayOf(result) };
}

function delayOf(result: RouteResult): { delayMs?: number } {
  return 'delayMs' in result && result.delayMs !== undefined ? { delayMs: result.delayMs } : {};
}

/** The filter in front of all writes: is there a node for it, and does the project exist that it names. */
function passFilter({ state, switches }: RouteParts, request: SandboxRequest, path: string): Rejection | undefined {
  if (request.method === 'GET' || path === '/user/authentication') return undefined;
  if (switches.node === 'noJobNode') return noJobNodeAlive();
  const { headers, query, body } = request;
  const project = query.get('project') || query.get('projectName') || projectInBody(headers['content-type'], body);
  if (project && !state.projects.find(project)) return projectUnknown(project);
  switch (switches.node) {
    case 'queryOnly':
      return rejectedOnQueryNode();
    case 'maintenance':
      return inMaintenance();
    case 'recovering':
      return recovering();
    default:
      return undefined;
  }
}

/** The type of the response. 'any': the caller accepts all types. Undefined: the caller accepts none of Kylin's. */
function negotiate(accept: string | undefined, switches: KylinSwitches): string | undefined {
  const wanted = (accept ?? '*/*').split(',').map((part) => (part.split(';')[0] ?? '').trim().toLowerCase());
  const known = wanted.find((type) => type === publicType || type === webType);
  if (known !== undefined) return known;
  if (switches.otherAccept === 'served') return publicType;
  return wanted.some((type) => type === '*/*' || type === 'application/*') ? 'any' : undefined;
}

function rejectionAnswer(rejection: Rejection, url: string, type: string, switches: KylinSwitches): SandboxAnswer {
  const contentType = switches.errorContentType === 'json' ? plainJson : type;
  return { status: rejection.status, headers: { 'content-type': contentType }, body: rejectionText(rejection, url, switches) };
}

/** An error of the web framework itself. */
function frameworkError(status: number, error: string, path: string): SandboxAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ status, error, path }) };
}

/** Undefined: not a valid percent-encoding. */
function decodeAll(parts: readonly string[]): string[] | undefined {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
