import type { CallContext, JobSystemAdapter } from './adapter.ts';
import { asReadProblem, type Problem } from './problem.ts';

/** Whether a system answers, and since when we know. */
export interface SystemHealth {
  status: 'UP' | 'DEGRADED' | 'DOWN' | 'UNKNOWN';
  checkedAt: Date | null;
  latencyMs: number | null;
  problem: Problem | null;
}

/** Who wants to know. */
type Asker = Pick<CallContext, 'caller' | 'credential'>;

export interface HealthMonitor {
  /**
   * The last finding if it is younger than 10 seconds, else a new check's. Checks that overlap are one.
   * With a caller's own credential always a new check, which nobody else is shown. Never rejects.
   */
  check(call: Asker): Promise<SystemHealth>;
  /** The last finding no longer holds. */
  forget(): void;
}

const freshForMs = 10_000;
const checkTimeoutMs = 5_000;
/** What is checked for all callers counts for none of them. */
const shared: Asker = { caller: 'health checks', credential: null };
/** Up, but so slow that its callers feel it. */
const degradedFromMs = 2_000;

/** `needsCredential`: the system is asked with each caller's own credential; of what happens without one nothing follows. */
export function createHealthMonitor(adapter: JobSystemAdapter, { needsCredential = false } = {}): HealthMonitor {
  let last: SystemHealth | undefined;
  let running: Promise<SystemHealth> | undefined;

  const checkNow = async ({ caller, credential }: Asker): Promise<SystemHealth> => {
    const startedAtMs = performance.now();
    const problem = await adapter.checkHealth({ caller, credential, signal: AbortSignal.timeout(checkTimeoutMs) });
    const latencyMs = Math.round(performance.now() - startedAtMs);
    return { status: statusOf(problem, latencyMs), checkedAt: new Date(), latencyMs, problem: problem && asReadProblem(problem) };
  };

  /** Only for the adapter's word on what is missing: it sends nothing. */
  const checkInVain = async (): Promise<SystemHealth> => {
    const { problem } = await checkNow(shared);
    return { status: 'UNKNOWN', checkedAt: null, latencyMs: null, problem };
  };

  return {
    check({ caller, credential }) {
      if (credential !== null) return checkNow({ caller, credential });
      if (needsCredential) return checkInVain();
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
