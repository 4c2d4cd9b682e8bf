import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { SandboxAnswer, SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { type ApiVersion, parseApiVersion, versionUrls } from './api-version.ts';
import { type Envelope, failure, insufficientAccess, malformedUrl, methodNotSupported, success } from './envelope.ts';
import { hasValidClientId, vaultHeaders } from './headers.ts';
import type { Hooks } from './hooks.ts';
import type { VaultJobs } from './jobs.ts';
import type { LimitUse, VaultLimits } from './limits.ts';
import { logIn, logInWithIdentityToken, type OwnAddress, readForm } from './login.ts';
import type { VaultQueries } from './query.ts';
import { createRoutes, findRoute, type Route, type SlowEnvelope } from './routes.ts';
import type { Session, VaultSessions } from './session.ts';
import type { VaultSwitches } from './switches.ts';
import type { VaultUsers } from './users.ts';
import { toXml } from './xml.ts';

export interface AnswerParts {
  jobs: VaultJobs;
  users: VaultUsers;
  sessions: VaultSessions;
  limits: VaultLimits;
  queries: VaultQueries;
  hooks: Hooks;
  timeline: Timeline;
  random: Random;
  switches: VaultSwitches;
  /** Host and port the sandbox listens on. */
  ownHost(): string;
}

/** The outcome of a request, before it has headers. */
interface Outcome {
  envelope: Envelope;
  version?: ApiVersion | undefined;
  session?: Session | undefined;
  use?: LimitUse;
  /** How long the Vault processes the request itself. */
  delayMs?: number;
}

/** Responds to a request as a Vault does: finds the route and the user, and checks access and limits. */
export function createAnswer(parts: AnswerParts): (request: SandboxRequest) => SandboxAnswer {
  const { hooks, random, switches } = parts;
  const routes = createRoutes(parts);

  return (request) => {
    hooks.runBefore(request);
    if (switches.downtimeMinutes > 0) return downtime(switches.downtimeMinutes);
    const { envelope, version, session, use, delayMs = 0 } = resolve(parts, routes, request);
    if (switches.warnings && envelope.body.responseStatus === 'SUCCESS') {
      envelope.body.responseStatus = 'WARNING';
      envelope.body.warnings = [{ type: 'SANDBOX_WARNING', message: 'The request was processed, with a warning.' }];
    }
    const isXml = /^(application|text)\/xml\b/i.test(request.headers.accept ?? '');
    return {
      status: envelope.httpStatus,
      // A Vault's status line has no reason phrase since 26R1.2.
      reason: '',
      headers: vaultHeaders({ request, envelope, version, session, use, executionId: random.uuid(), isXml }),
      body: isXml ? toXml(envelope.body) : JSON.stringify(envelope.body),
      delayMs: delayMs + (use?.delayMs ?? 0),
    };
  };
}

function resolve(parts: AnswerParts, routes: readonly Route[], request: SandboxRequest): Outcome {
  const { switches } = parts;
  const path = request.path.replace(/\/+$/, '');
  const own = ownAddress(request, parts.ownHost());
  if (path.startsWith(`${switches.oauthPrefix}/`)) {
    if (request.method !== 'POST') return { envelope: methodNotSupported(switches) };
    return withRejection(parts, request, () => logInWithIdentityToken(parts, request, own));
  }

  const [, root, versionName = '', ...segments] = path.split('/');
  const version = parseApiVersion(versionName);
  if (root !== 'api' || (versionName !== '' && !version)) return { envelope: malformedUrl() };
  // VAPIL requests the versions with a version in the path.
  if (!version || segments.length === 0) {
    if (request.method !== 'GET') return { version, envelope: methodNotSupported(switches) };
    return callVault(parts, request, version, () => success({ values: versionUrls(own.apiUrl) }));
  }
  if (segments.join('/') === 'auth') {
    if (request.method !== 'POST') return { version, envelope: methodNotSupported(switches) };
    return { version, ...passwordLogin(parts, request, own) };
  }
  const found = findRoute(routes, segments);
  if (!found) return { version, envelope: malformedUrl() };
  const { route, id } = found;
  if (route.method !== request.method) return { version, envelope: methodNotSupported(switches) };
  return callVault(parts, request, version, (session) => {
    if (route.needsJobsAccess && !session.user.jobsAccess) return insufficientAccess('Admin: Jobs');
    return route.answer({ request, version, session, own, id });
  });
}

/** A request that requires a session: counts it, and checks the session and the user's access. */
function callVault(
  parts: AnswerParts,
  request: SandboxRequest,
  version: ApiVersion | undefined,
  answer: (session: Session) => Envelope | SlowEnvelope,
): Outcome {
  const { switches, sessions, limits } = parts;
  const use = limits.countCall();
  const session = sessions.find(request.headers.authorization);
  if (!session) {
    const envelope = failure('INVALID_SESSION_ID', 'Invalid or expired session ID.', switches.invalidSessionStatus);
    return { version, use, envelope };
  }
  const barrier = barrierTo(session, request, switches);
  if (barrier) return { version, use, session, envelope: barrier };
  return { version, use, session, ...withRejection(parts, request, () => withDelay(answer(session))) };
}

function withDelay(answer: Envelope | SlowEnvelope): SlowEnvelope {
  return 'envelope' in answer ? answer : { envelope: answer, delayMs: 0 };
}

function barrierTo({ user }: Session, request: SandboxRequest, switches: VaultSwitches): Envelope | undefined {
  if (!user.apiAccess) return insufficientAccess('VaultActions_API_Access');
  if (switches.requireClientId && !hasValidClientId(request)) return failure('INSUFFICIENT_ACCESS', 'A known client ID is required.');
  if (switches.configurationMode && !user.admin) return failure('CONFIGURATION_MODE_ENABLED', 'The Vault is in Configuration Mode.');
  return undefined;
}

function passwordLogin(parts: AnswerParts, request: SandboxRequest, own: OwnAddress): Outcome {
  const form = readForm(request);
  const dns = form.get('vaultDNS') || own.host;
  const { rejected, ...use } = parts.limits.countLogin(form.get('username') ?? '', dns);
  if (rejected) {
    return { use, envelope: failure('API_LIMIT_EXCEEDED', 'The login limit is used up.', parts.switches.limitExceededStatus) };
  }
  return { use, ...withRejection(parts, request, () => logIn(parts, form, own)) };
}

/** Returns a rejection that a test arranged, before or after the request took effect. */
function withRejection<Result extends { envelope: Envelope }>(
  parts: AnswerParts,
  request: SandboxRequest,
  answer: () => Result,
): Result | { envelope: Envelope } {
  const rejection = parts.hooks.takeRejection(request);
  if (!rejection) return answer();
  if (rejection.applied) answer();
  const { type, message = 'The request could not be processed.', responseStatus = 'FAILURE', httpStatus } = rejection;
  const envelope = failure(type, message, httpStatus);
  envelope.body.responseStatus = responseStatus;
  return { envelope };
}

/** This Vault's DNS is the host in the request, such as `localhost` or `127.0.0.1`; the scheme is the one that a TLS proxy reports. */
function ownAddress(request: SandboxRequest, ownHost: string): OwnAddress {
  const called = request.headers.host?.toLowerCase() ?? '';
  const host = /^[\w.:[\]-]+$/.test(called) && URL.canParse(`http://${called}`) ? called : ownHost;
  return { host, otherNames: [ownHost], apiUrl: `${schemeOf(request)}://${host}/api` };
}

function schemeOf({ headers }: SandboxRequest): 'http' | 'https' {
  const [forwarded = ''] = String(headers['x-forwarded-proto'] ?? '').split(',');
  return forwarded.trim().toLowerCase() === 'https' ? 'https' : 'http';
}

function downtime(minutes: number): SandboxAnswer {
  return {
    status: 503,
    reason: '',
    headers: { 'Content-Type': 'text/html;charset=UTF-8', 'X-VaultAPI-DowntimeExpectedDurationMinutes': String(minutes) },
    body: '<!DOCTYPE html><html><head><title>Scheduled Maintenance</title></head><body><h1>Vault is unavailable</h1></body></html>',
  };
}
