import type { CallContext } from '../../../jobs/adapter.ts';
import { createProblem, fail, type Problem, type Result, succeed } from '../../../jobs/problem.ts';
import { jsonInteger } from '../../../json/parse.ts';
import type { WireResponse } from '../../../transport/exchange.ts';
import { retryAfterSeconds } from '../../../transport/failures.ts';
import { createHttpClient } from '../../../transport/http-client.ts';
import type { HttpRequest } from '../../../transport/http-request.ts';
import { credentialMissing, isHeaderSafe, type SystemSettings, unusableCredential } from '../../vendor.ts';
import { readGapMs } from './burst-limit.ts';
import { readOutcome, readWireAnswer, toOutcome, type VaultAnswer } from './envelope.ts';
import { describeLoginRefusal, expectedDowntimeMinutes, isAuthenticationFailure, isTransientError } from './errors.ts';
import { createSessions } from './session.ts';
import type { VaultSettings } from './settings.ts';
import { type Login, loginSchema } from './wire.ts';

/** The calls of the Jobs API that are used, each with the shared session or the caller's own. */
export interface Calls {
  retrieveJobStatus(vendorId: string, call: CallContext): Promise<VaultAnswer>;
  /** A page of monitors, histories or tasks, where `toPosition` or the first page's words say it starts. */
  retrievePage(position: string, call: CallContext): Promise<VaultAnswer>;
  /** Runs a VQL query of at most 50,000 characters. */
  query(query: string, call: CallContext): Promise<VaultAnswer>;
  /** A further page of a query, where `toQueryPage` says. */
  nextQueryPage(position: string, call: CallContext): Promise<VaultAnswer>;
  startJob(vendorId: string, call: CallContext): Promise<VaultAnswer>;
  /** At most 500 jobs. */
  cancelJobs(vendorIds: readonly string[], call: CallContext): Promise<VaultAnswer>;
  /**
   * A page's place below `/services/jobs/`, from `next_page` (a path, or a full URL) or from a position.
   * Null for a link that leads elsewhere: to another host, version or part of the API.
   */
  toPosition(link: string): string | null;
  /** The same for `next_page` of a query: its place below `/query/`. */
  toQueryPage(link: string): string | null;
  /** Ends the session and the connections. */
  close(): Promise<void>;
}

/** Letters, digits and `-` only, five parts; without it a Vault logs the calls as "unknown" and may be set to refuse them. */
const clientId = 'jobyard-operations-adapter-server-jobyard';
const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' };
const logOutTimeoutMs = 3_000;
/** As long as the transport leaves refused credentials alone. */
const refusedLoginSeconds = 5 * 60;

export function createCalls(system: SystemSettings, settings: VaultSettings): Calls {
  const { id: systemId, url, transport } = system;
  const { origin, host, pathname } = new URL(url);
  const prefix = pathname.replace(/\/$/, '');
  const root = `/api/${settings.version}`;
  const jobs = `${root}/services/jobs/`;
  const queries = `${root}/query/`;
  const client = createHttpClient({
    systemId,
    baseUrl: url,
    transport,
    judgeCredentials,
    isTransient,
    // A login's headers speak of the login limit.
    readGapMs: (answer, { path }) => (path === `${root}/auth` ? null : readGapMs(answer)),
  });
  const sessions = createSessions(systemId, async () => {
    const outcome = await logIn();
    if (outcome.ok) transport.learnSecret?.(outcome.value);
    return outcome;
  });

  async function transmit(request: HttpRequest, sessionId: string | null, call: CallContext): Promise<VaultAnswer> {
    const headers = {
      accept: 'application/json',
      'x-vaultapi-clientid': clientId,
      ...(sessionId === null ? {} : { authorization: `Bearer ${sessionId}` }),
      ...request.headers,
    };
    return readOutcome(await client.send({ ...request, headers }, call));
  }

  /** With the shared session. Where the Vault does not know it (any more), once again with a new one: nothing was carried out. */
  async function send(request: HttpRequest, call: CallContext): Promise<VaultAnswer> {
    if (call.credential !== null) {
      if (!isHeaderSafe(call.credential)) return { kind: 'lost', mayHaveArrived: false, problem: unusableCredential(systemId) };
      return transmit(request, call.credential, call);
    }
    const session = await sessions.get(call.signal);
    if (!session.ok) return { kind: 'lost', mayHaveArrived: false, problem: session.problem };
    const answer = await transmit(request, session.value, call);
    if (!isSessionGone(answer)) return answer;
    const renewed = await sessions.renew(session.value, call.signal);
    if (!renewed.ok) return { kind: 'lost', mayHaveArrived: false, problem: renewed.problem };
    return transmit(request, renewed.value, call);
  }

  async function logIn(): Promise<Result<string>> {
    const { username, password } = settings;
    if (username === undefined || password === undefined) return fail(credentialMissing(systemId));
    const body = new URLSearchParams({ username, password });
    const request: HttpRequest = {
      method: 'POST',
      path: `${root}/auth`,
      headers: formHeaders,
      body: body.toString(),
      // Not repeated: every login counts towards the limit, and every wrong one towards a lock-out.
      purpose: 'action',
    };
    const answer = await transmit(request, null, { caller: 'session', signal: new AbortController().signal, credential: null });
    if (answer.kind === 'rejected') return fail(describeLoginRefusal(systemId, answer.refusal));
    const login = toOutcome(systemId, answer, loginSchema);
    if (!login.ok) return login.problem.code === 'VENDOR_AUTHENTICATION_FAILED' ? fail(forAWhile(login.problem)) : login;
    const vaultHost = hostOfVault(login.value);
    if (vaultHost === host) return succeed(login.value.sessionId);
    const message = `${systemId} opened the session in ${vaultHost ?? 'a Vault that it did not name'} instead of ${host}: the configured user can't enter this Vault, or the setting url is not its own address. Nothing is sent.`;
    return fail(forAWhile(createProblem('VENDOR_AUTHENTICATION_FAILED', message)));
  }

  const placeBelow = (folder: string, link: string): string | null => {
    const target = URL.parse(link, origin + folder);
    if (target?.host !== host) return null;
    // Behind a gateway with a path of its own, the link may have that path or not.
    const [start] = [folder, prefix + folder].filter((path) => target.pathname.startsWith(path));
    return start === undefined ? null : target.pathname.slice(start.length) + target.search;
  };

  return {
    retrieveJobStatus: (vendorId, call) => send({ method: 'GET', path: `${jobs}${vendorId}`, purpose: 'read' }, call),
    retrievePage: (position, call) => send({ method: 'GET', path: jobs + position, purpose: 'read' }, call),
    query: (query, call) => {
      const body = new URLSearchParams({ q: query }).toString();
      return send({ method: 'POST', path: `${root}/query`, headers: formHeaders, body, purpose: 'read' }, call);
    },
    nextQueryPage: (position, call) => send({ method: 'POST', path: queries + position, headers: formHeaders, purpose: 'read' }, call),
    // POST: the GET in the reference's sample is a mistake, as its endpoint line and VAPIL show.
    startJob: (vendorId, call) => send({ method: 'POST', path: `${jobs}start_now/${vendorId}`, purpose: 'action' }, call),
    cancelJobs: (vendorIds, call) =>
      send(
        {
          method: 'POST',
          path: `${jobs}actions/cancel`,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(vendorIds.map((vendorId) => ({ job_id: jsonInteger(vendorId) }))),
          purpose: 'action',
        },
        call,
      ),
    toPosition: (link) => placeBelow(jobs, link),
    toQueryPage: (link) => placeBelow(queries, link),
    async close() {
      const sessionId = sessions.release();
      if (sessionId !== null) {
        const signal = AbortSignal.timeout(logOutTimeoutMs);
        await transmit({ method: 'DELETE', path: `${root}/session`, purpose: 'action' }, sessionId, {
          caller: 'session',
          signal,
          credential: null,
        });
      }
      await client.close();
    },
  };
}

/** Where the session was opened. A user who can't enter the Vault asked for gets one in another without an error. */
function hostOfVault({ vaultId, vaultIds }: Login): string | null {
  const vault = vaultIds?.find(({ id }) => id != null && String(id) === String(vaultId));
  return URL.parse(vault?.url ?? '')?.host ?? null;
}

function isSessionGone(answer: VaultAnswer): boolean {
  if (answer.kind === 'unreadable') return answer.wire.status === 401;
  return answer.kind === 'rejected' && answer.refusal.type === 'INVALID_SESSION_ID';
}

/** Only a login's answer speaks of the configured user and password: a session that has ended says nothing about them. */
function judgeCredentials(wire: WireResponse): 'accepted' | 'rejected' | 'unknown' {
  const answer = readWireAnswer(wire);
  if (answer.kind === 'rejected') return isAuthenticationFailure(answer.refusal) ? 'rejected' : 'unknown';
  return answer.kind === 'processed' ? 'accepted' : 'unknown';
}

function isTransient(wire: WireResponse): boolean {
  const answer = readWireAnswer(wire);
  if (answer.kind === 'rejected') return isTransientError(answer.refusal);
  // A Vault that names the length of its downtime will not be back within a retry.
  if (answer.kind !== 'unreadable' || expectedDowntimeMinutes(wire) !== null) return false;
  return (wire.status >= 502 && wire.status <= 504) || (wire.status === 429 && retryAfterSeconds(wire) !== null);
}

function forAWhile(problem: Problem): Problem {
  return { ...problem, retryAfterSeconds: refusedLoginSeconds };
}
