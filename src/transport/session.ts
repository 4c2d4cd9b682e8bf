import { createProblem, fail, type Problem, type ProblemCode, type Result, succeed } from '../jobs/problem.ts';

/** The session that all requests with the configured user share: vendors reject users who log in too often. */
export interface Sessions {
  /** The ID of the current session. Logs in if there is none, or if it is about to expire; calls during a login wait for it. */
  get(signal: AbortSignal): Promise<Result<string>>;
  /** Replaces a session that the vendor rejected: with the one that another call opened, or with a new one. */
  renew(rejected: string, signal: AbortSignal): Promise<Result<string>>;
  /** Forgets the session, so that the caller can end it. Returns its ID, or null if none is open. */
  release(): string | null;
}

/** A login that failed with one of these codes would fail again: Jobyard waits for the problem's `retryAfterSeconds`. */
const lastingCodes: ReadonlySet<ProblemCode> = new Set(['VENDOR_AUTHENTICATION_FAILED', 'RATE_LIMITED']);

/** `isExpiring`: whether the vendor may no longer accept the session. Default: only the vendor knows. */
export function createSessions(
  systemId: string,
  logIn: () => Promise<Result<string>>,
  isExpiring: (sessionId: string) => boolean = () => false,
): Sessions {
  let sessionId: string | null = null;
  let login: Promise<Result<string>> | null = null;
  let rejection: { problem: Problem; untilMs: number } | null = null;

  const logInOnce = async (): Promise<Result<string>> => {
    // Without the first caller's signal: if that caller disconnects, the others must not fail.
    const outcome = await logIn();
    login = null;
    if (outcome.ok) sessionId = outcome.value;
    else if (lastingCodes.has(outcome.problem.code)) {
      rejection = { problem: outcome.problem, untilMs: Date.now() + (outcome.problem.retryAfterSeconds ?? 0) * 1000 };
    }
    return outcome;
  };

  const get = (signal: AbortSignal): Promise<Result<string>> => {
    if (sessionId !== null && !isExpiring(sessionId)) return Promise.resolve(succeed(sessionId));
    const waitMs = rejection ? rejection.untilMs - Date.now() : 0;
    if (rejection && waitMs > 0) {
      return Promise.resolve(fail({ ...rejection.problem, retryAfterSeconds: Math.ceil(waitMs / 1000) }));
    }
    login ??= logInOnce();
    return untilAborted(systemId, login, signal);
  };

  return {
    get,
    renew(rejected, signal) {
      if (sessionId === rejected) sessionId = null;
      return get(signal);
    },
    release() {
      const last = sessionId;
      sessionId = null;
      return last;
    },
  };
}

function untilAborted(systemId: string, login: Promise<Result<string>>, signal: AbortSignal): Promise<Result<string>> {
  const late = (): Result<string> => {
    const message = `Not sent to ${systemId}: the deadline passed, or the caller disconnected, before the login was complete.`;
    return fail(createProblem('NOT_ATTEMPTED', message));
  };
  if (signal.aborted) return Promise.resolve(late());
  return new Promise((resolve, reject) => {
    const abort = () => resolve(late());
    signal.addEventListener('abort', abort, { once: true });
    login.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
