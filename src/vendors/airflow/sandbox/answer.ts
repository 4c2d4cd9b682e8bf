import type { SandboxAnswer, SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import {
  badRequest,
  invalidToken,
  isRejection,
  methodNotAllowed,
  noSuchRoute,
  notAuthenticated,
  type Rejection,
  toAnswer,
  tokenExpired,
} from './errors.ts';
import type { RouteParts } from './route-parts.ts';
import { createRoutes, type Route } from './routes.ts';
import type { AirflowSwitches } from './switches.ts';
import type { Tokens, User } from './users.ts';

export interface AnswerParts extends RouteParts {
  tokens: Tokens;
}

const apiPath = '/api/v2';
const loginPath = '/auth/token';

/** The full numbers of the simulated releases. */
const versions: Readonly<Record<AirflowSwitches['version'], string>> = {
  '3.0': '3.0.6',
  '3.1': '3.1.8',
  '3.2.1': '3.2.1',
  '3.2.2': '3.2.2',
  '3.3': '3.3.2',
};

/** Responds to a request as Airflow does: finds the route, checks the token, the permissions, and then the parameters. */
export function createAnswer(parts: AnswerParts): (request: SandboxRequest) => SandboxAnswer {
  const routes = createRoutes(parts);
  return (request) => {
    const path = request.path.replace(/(?<=.)\/$/, '');
    if (path === loginPath) return logIn(parts, request);
    if (path === apiPath || path.startsWith(`${apiPath}/`)) return answerApi(parts, routes, request, path.slice(apiPath.length));
    if (path.startsWith('/api/')) return toAnswer(noSuchRoute.status, noSuchRoute.body);
    // The web interface has a page for every path.
    if (request.method === 'GET') return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: webPage };
    return toAnswer(methodNotAllowed.status, methodNotAllowed.body);
  };
}

const webPage = '<!doctype html><html lang="en"><head><title>Airflow</title></head><body><div id="root"></div></body></html>';

function answerApi(parts: AnswerParts, routes: readonly Route[], request: SandboxRequest, path: string): SandboxAnswer {
  if (request.method === 'GET' && path === '/version')
    return toAnswer(200, { version: versions[parts.switches.version], git_version: null });
  if (request.method === 'GET' && path === '/monitor/health') return toAnswer(200, healthOf(parts));
  const onPath = routes.filter(({ pattern }) => pattern.test(path));
  const route = onPath.find(({ method }) => method === request.method);
  if (!route) {
    const rejection = onPath.length > 0 || request.method !== 'GET' ? methodNotAllowed : noSuchRoute;
    return toAnswer(rejection.status, rejection.body);
  }
  const user = authenticate(parts, request);
  if (isRejection(user)) return toAnswer(user.status, user.body);
  const names = decodeAll(route.pattern.exec(path)?.slice(1) ?? []);
  // An encoded slash in an ID is a slash to Airflow, so no route fits.
  if (!names || names.some((name) => name.includes('/'))) return toAnswer(noSuchRoute.status, noSuchRoute.body);
  const { status = 200, body } = route.handle(user, request, names);
  return toAnswer(status, body);
}

/** GET /monitor/health is always a 200. */
function healthOf({ now }: RouteParts): unknown {
  const heartbeat = new Date(now()).toISOString();
  return {
    metadatabase: { status: 'healthy' },
    scheduler: { status: 'healthy', latest_scheduler_heartbeat: heartbeat },
    triggerer: { status: 'healthy', latest_triggerer_heartbeat: heartbeat },
    dag_processor: { status: 'healthy', latest_dag_processor_heartbeat: heartbeat },
  };
}

function authenticate({ tokens, state, switches }: AnswerParts, { headers }: SandboxRequest): User | Rejection {
  const token = /^bearer (.*)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) return switches.allAdmins ? (state.users.find('admin') ?? notAuthenticated) : notAuthenticated;
  const checked = tokens.check(token);
  if (checked.kind === 'user') return checked.user;
  return checked.kind === 'expired' ? tokenExpired : invalidToken;
}

function logIn({ tokens, state, switches }: AnswerParts, request: SandboxRequest): SandboxAnswer {
  if (request.method === 'GET') {
    const admin = state.users.find('admin');
    if (!switches.allAdmins || !admin)
      return toAnswer(403, { detail: 'This method is only allowed if `[core] simple_auth_manager_all_admins` is True' });
    return toAnswer(201, { access_token: tokens.issue(admin, switches.tokenSeconds) });
  }
  if (request.method !== 'POST') return toAnswer(methodNotAllowed.status, methodNotAllowed.body);
  const { username, password } = readLogin(request);
  if (!username || !password) {
    const rejection = badRequest('Username and password must be provided');
    return toAnswer(rejection.status, rejection.body);
  }
  const user = state.users.find(username);
  if (user?.password !== password) return toAnswer(401, { detail: describeWrongLogin(user, switches) });
  return toAnswer(201, { access_token: tokens.issue(user, switches.tokenSeconds) });
}

function readLogin({ body, headers }: SandboxRequest): { username?: string; password?: string } {
  if (headers['content-type']?.includes('form')) return Object.fromEntries(new URLSearchParams(body));
  try {
    const fields = JSON.parse(body) as { username?: unknown; password?: unknown } | null;
    const { username, password } = fields ?? {};
    return { ...(typeof username === 'string' && { username }), ...(typeof password === 'string' && { password }) };
  } catch {
    return {};
  }
}

function describeWrongLogin(user: User | undefined, { authManager }: AirflowSwitches): string {
  if (authManager === 'simple') return 'Invalid credentials';
  return user ? 'Invalid password' : 'Invalid username';
}

/** Undefined: not a valid percent-encoding. */
function decodeAll(parts: readonly string[]): string[] | undefined {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
