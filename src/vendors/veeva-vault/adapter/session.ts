import { createProblem, fail, type Problem, type ProblemCode, type Result, succeed } from '../../../jobs/problem.ts';

/** The one session that all calls with the configured user share: a Vault refuses users who log in too often. */
export interface Sessions {
  /** The present session's id; logs in where there is none. Calls that come meanwhile wait for the same login. */
  get(signal: AbortSignal): Promise<Result<string>>;
  /** A session in the place of one that the Vault refused: the one that another call opened meanwhile, or a new one. */
  renew(refused: string, signal: AbortSignal): Promise<Result<string>>;
  /** Gives up the session, for it to be ended: its id, or null where none is open. */
  release(): string | null;
}

/** A login that failed so would fail again: it waits for as long as the problem says. */
const lastingCodes: ReadonlySet<ProblemCode> = new Set(['VENDOR_AUTHENTICATION_FAILED', 'RATE_LIMITED']);

export function createSessions(systemId: string, logIn: () => Promise<Result<string>>): Sessions {
  let sessionId: string | null = null;
  let login: Promise<Result<string>> | null = null;
  let rejection: { problem: Problem; untilMs: number } | null = null;

  const logInOnce = async (): Promise<Result<string>> => {
    // Without the first caller's signal: its going away must not fail the others.
    const outcome = await logIn();
    login = null;
    if (outcome.ok) sessionId = outcome.value;
    else if (lastingCodes.has(outcome.problem.code)) {
      rejection = { problem: outcome.problem, untilMs: Date.now() + (outcome.problem.retryAfterSeconds ?? 0) * 1000 };
    }
    return outcome;
  };

  const get = (signal: AbortSignal): Promise<Result<string>> => {
    if (sessionId !== null) return Promise.resolve(succeed(sessionId));
    const waitMs = rejection ? rejection.untilMs - Date.now() : 0;
    if (rejection && waitMs > 0) {
      return Promise.resolve(fail({ ...rejection.problem, retryAfterSeconds: Math.ceil(waitMs / 1000) }));
    }
    login ??= logInOnce();
    return untilAborted(systemId, login, signal);
  };

  return {
    get,
    renew(refused, signal) {
      if (sessionId === refused) sessionId = null;
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
    const message = `Not sent to ${systemId}: the time was up, or the caller went away, before the login was answered.`;
    return fail(createProblem('NOT_ATTEMPTED', message));
  };
  if (signal.aborted) return Promise.resolve(late());
  return new Promise((resolve, reject) => {
    const abort = () => resolve(late());
    signal.addEventListener('abort', abort, { once: true });
    login.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
