import type { SandboxAnswer, SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import { type Account, accountRow } from './accounts.ts';
import { updateJobStatuses } from './actions.ts';
import { deleteJobs } from './deletion.ts';
import { jobDetail, stepOutput } from './detail.ts';
import { refusalText, successText } from './envelope.ts';
import { listJobs } from './list.ts';
import { listProjects } from './project-list.ts';
import { inMaintenance, noJobNodeAlive, projectUnknown, type Refusal, recovering, refusedOnQueryNode, unexpected } from './refusals.ts';
import type { Sessions } from './session.ts';
import type { KylinState } from './state.ts';
import type { KylinSwitches } from './switches.ts';
import { projectInBody } from './update-request.ts';

export interface KylinParts {
  state: KylinState;
  sessions: Sessions;
  switches: KylinSwitches;
  now(): number;
}

/** Below which all of Kylin's API lies. */
export const basePath = '/kylin/api';

const publicType = 'application/vnd.apache.kylin-v4-public+json';
const webType = 'application/vnd.apache.kylin-v4+json';
const plainJson = 'application/json;charset=UTF-8';

type Result = { data: unknown; delayMs?: number } | Refusal;

interface Route {
  method: string;
  pattern: RegExp;
  /** Kylin's legacy API has a handler here too, so that `*\/*` fits both. */
  isAmbiguous: boolean;
  handle(parts: KylinParts, account: Account, request: SandboxRequest, ids: readonly string[]): Result;
}

const routes: readonly Route[] = [
  {
    method: 'GET',
    pattern: /^\/jobs$/,
    isAmbiguous: true,
    handle: ({ state, switches, now }, account, { query }) => listJobs(state, account, query, now(), switches),
  },
  {
    method: 'PUT',
    pattern: /^\/jobs\/status$/,
    isAmbiguous: false,
    handle({ state, switches }, account, { headers, body }) {
      const { refusal, killed } = updateJobStatuses(state, account, { contentType: headers['content-type'], body }, switches);
      return { ...(refusal ?? { data: '' }), delayMs: killed * switches.killDelayMs };
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/jobs$/,
    isAmbiguous: false,
    handle: ({ state, switches }, account, { query }) => deleteJobs(state, account, query, switches) ?? { data: '' },
  },
  {
    method: 'GET',
    pattern: /^\/jobs\/([^/]+)\/detail$/,
    isAmbiguous: false,
    handle: ({ state, switches, now }, account, { query }, [id = '']) => jobDetail(state, account, id, query, now(), switches),
  },
  {
    method: 'GET',
    pattern: /^\/jobs\/([^/]+)\/steps\/([^/]+)\/output$/,
    isAmbiguous: true,
    handle: ({ state, switches, now }, account, { query }, [job = '', step = '']) =>
      stepOutput(state, account, { job, step }, query, now(), switches),
  },
  {
    method: 'GET',
    pattern: /^\/projects$/,
    isAmbiguous: true,
    handle: ({ state, switches }, account, { query }) => listProjects(state, account, query, switches),
  },
  ...['GET', 'POST'].map(
    (method): Route => ({
      method,
      pattern: /^\/user\/authentication$/,
      isAmbiguous: method === 'GET',
      handle: (_parts, account) => ({ data: accountRow(account) }),
    }),
  ),
];

/** What Kylin answers to this request. */
export function answerRequest(parts: KylinParts, request: SandboxRequest): SandboxAnswer {
  const path = request.path.replace(/\/$/, '');
  if (path !== basePath && !path.startsWith(`${basePath}/`)) return frameworkError(404, 'Not Found', request.path);
  const url = `http://${request.headers.host ?? 'localhost'}${request.path}`;
  const login = parts.sessions.authenticate(request, parts.now());
  if ('errorCode' in login) return refusalAnswer(login, url, plainJson, parts.switches);
  const headers: Record<string, string> = login.cookie === undefined ? {} : { 'set-cookie': login.cookie };
  const answer = answerCaller(parts, login.account, request, path.slice(basePath.length), url);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function answerCaller(parts: KylinParts, account: Account, request: SandboxRequest, path: string, url: string): SandboxAnswer {
  const { switches } = parts;
  const stopped = passFilter(parts, request, path);
  if (stopped) return refusalAnswer(stopped, url, publicType, switches);

  const onPath = routes.filter(({ pattern }) => pattern.test(path));
  const route = onPath.find(({ method }) => method === request.method);
  if (!route)
    return onPath.length > 0 ? frameworkError(405, 'Method Not Allowed', request.path) : frameworkError(404, 'Not Found', request.path);
  const type = negotiate(request.headers.accept, switches);
  if (type === undefined) return frameworkError(406, 'Not Acceptable', request.path);
  if (type === 'any' && route.isAmbiguous) {
    const refusal = unexpected(`Ambiguous handler methods mapped for '${request.path}'`, 'java.lang.IllegalStateException');
    return refusalAnswer(refusal, url, plainJson, switches);
  }
  const negotiated = type === 'any' ? webType : type;
  const ids = decodeAll(route.pattern.exec(path)?.slice(1) ?? []);
  if (!ids) return frameworkError(400, 'Bad Request', request.path);

  const failure = parts.state.nextFailure();
  if (failure && !failure.applied) return refusalAnswer(unexpected('null', 'java.lang.NullPointerException'), url, negotiated, switches);
  const result = route.handle(parts, account, request, ids);
  if (failure) return refusalAnswer(unexpected('null', 'java.lang.NullPointerException'), url, negotiated, switches);
  const answer =
    'errorCode' in result
      ? refusalAnswer(result, url, negotiated, switches)
      : { status: 200, headers: { 'content-type': negotiated }, body: successText(result.data, switches) };
  return 'delayMs' in result && result.delayMs !== undefined ? { ...answer, delayMs: result.delayMs } : answer;
}

/** The filter in front of all writes: is there a node for it, and does the project exist that it names. */
function passFilter({ state, switches }: KylinParts, request: SandboxRequest, path: string): Refusal | undefined {
  if (request.method === 'GET' || path === '/user/authentication') return undefined;
  if (switches.node === 'noJobNode') return noJobNodeAlive();
  const { headers, query, body } = request;
  const project = query.get('project') || query.get('projectName') || projectInBody(headers['content-type'], body);
  if (project && !state.projects.find(project)) return projectUnknown(project);
  switch (switches.node) {
    case 'queryOnly':
      return refusedOnQueryNode();
    case 'maintenance':
      return inMaintenance();
    case 'recovering':
      return recovering();
    default:
      return undefined;
  }
}

/** The type of the answer; 'any': the caller takes all of them; undefined: none that the caller takes. */
function negotiate(accept: string | undefined, switches: KylinSwitches): string | undefined {
  const wanted = (accept ?? '*/*').split(',').map((part) => (part.split(';')[0] ?? '').trim().toLowerCase());
  const known = wanted.find((type) => type === publicType || type === webType);
  if (known !== undefined) return known;
  if (switches.otherAccept === 'served') return publicType;
  return wanted.some((type) => type === '*/*' || type === 'application/*') ? 'any' : undefined;
}

function refusalAnswer(refusal: Refusal, url: string, type: string, switches: KylinSwitches): SandboxAnswer {
  const contentType = switches.errorContentType === 'json' ? plainJson : type;
  return { status: refusal.status, headers: { 'content-type': contentType }, body: refusalText(refusal, url, switches) };
}

/** What the web framework says itself, in its own words. */
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
