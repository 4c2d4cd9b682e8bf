import { createProblem, type Problem } from '../jobs/problem.ts';

/**
 * Keeps wrong credentials from locking an account: until they have worked once, one request at a time goes out;
 * after a refusal none does for the cool-down.
 */
export interface CredentialGate {
  /** Waits for its turn. A problem: the credentials were refused lately, send nothing. Otherwise call `leave` afterwards. */
  enter(): Promise<Problem | null>;
  /** Whether they have worked, so that nothing waits: `enter` can be left out, `leave` can't. */
  isProven(): boolean;
  leave(verdict: 'accepted' | 'refused' | 'unknown'): void;
}

const coolDownMs = 5 * 60_000;

export function createCredentialGate(systemId: string, nowMs: () => number = Date.now): CredentialGate {
  let proven = false;
  let refusedAtMs: number | undefined;
  let busy = false;
  const waiting: (() => void)[] = [];

  const refusal = (): Problem | null => {
    if (refusedAtMs === undefined) return null;
    const leftMs = refusedAtMs + coolDownMs - nowMs();
    if (leftMs <= 0) {
      refusedAtMs = undefined;
      return null;
    }
    const message = `${systemId} refused the configured credentials; to keep the account from being locked they are not tried again for 5 minutes. Correct them and restart.`;
    return createProblem('VENDOR_CREDENTIALS', message, Math.ceil(leftMs / 1000));
  };

  return {
    isProven: () => proven && refusedAtMs === undefined,
    async enter() {
      while (!proven && busy) await new Promise<void>((resolve) => waiting.push(resolve));
      const problem = refusal();
      if (problem) {
        waiting.shift()?.();
        return problem;
      }
      busy = true;
      return null;
    },
    leave(verdict) {
      busy = false;
      if (verdict === 'accepted') proven = true;
      if (verdict === 'refused') {
        proven = false;
        refusedAtMs = nowMs();
      }
      if (proven) for (const wake of waiting.splice(0)) wake();
      else waiting.shift()?.();
    },
  };
}
