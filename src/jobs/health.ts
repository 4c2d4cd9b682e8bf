import type { CallContext, JobSystemAdapter } from './adapter.ts';
import { asReadProblem, type Problem } from './problem.ts';

/** Whether a system responds, and when that was checked. */
export interface SystemHealth {
  status: 'UP' | 'DEGRADED' | 'DOWN' | 'UNKNOWN';
  checkedAt: Date | null;
  latencyMs: number | null;
  problem: Problem | null;
}

/** The caller of a check. */
type HealthCaller = Pick<CallContext, 'caller' | 'credential'>;

export interface HealthMonitor {
  /**
   * The last result if it is less than 10 seconds old, else that of a new check. Concurrent checks share one request.
   * With a caller's own credential always a new check, whose result no other caller sees. Never rejects.
   */
  check(call: HealthCaller): Promise<SystemHealth>;
  /** Discards the last result. */
  forget(): void;
}

const freshForMs = 10_000;
const checkTimeoutMs = 5_000;
/** A check for all callers counts toward none of them. */
const shared: HealthCaller = { caller: 'health checks', credential: null };
/** Up, but noticeably slow. */
const degradedFromMs = 2_000;

/** `needsCredential`: requests use each caller's own credential, so a check without one doesn't show the system's health. */
export function createHealthMonitor(adapter: JobSystemAdapter, { needsCredential = false } = {}): HealthMonitor {
  let last: SystemHealth | undefined;
  let running: Promise<SystemHealth> | undefined;

  const checkNow = async ({ caller, credential }: HealthCaller): Promise<SystemHealth> => {
    const startedAtMs = performance.now();
    const problem = await adapter.checkHealth({ caller, credential, signal: AbortSignal.timeout(checkTimeoutMs) });
    const latencyMs = Math.round(performance.now() - startedAtMs);
    return { status: statusOf(problem, latencyMs), checkedAt: new Date(), latencyMs, problem: problem && asReadProblem(problem) };
  };

  /** Sends nothing: only the adapter's message about the missing credential is wanted. */
  const checkWithoutCredential = async (): Promise<SystemHealth> => {
    const { problem } = await checkNow(shared);
    return { status: 'UNKNOWN', checkedAt: null, latencyMs: null, problem };
  };

  return {
    check({ caller, credential }) {
      if (credential !== null) return checkNow({ caller, credential });
      if (needsCredential) return checkWithoutCredential();
      if (last?.checkedAt && Date.now() - last.checkedAt.getTime() < freshForMs) return Promise.resolve(last);
      running ??= checkNow(shared).then(
        (health) => {
          last = health;
          running = undefined;
          return health;
        },
        (error: unknown) => {
          running = undefined;
          throw error;
        },
      );
      return running;
    },
    forget() {
      last = undefined;
    },
  };
}

function statusOf(problem: Problem | null, latencyMs: number): SystemHealth['status'] {
  if (!problem) return latencyMs < degradedFromMs ? 'UP' : 'DEGRADED';
  return problem.code === 'RATE_LIMITED' ? 'DEGRADED' : 'DOWN';
}
