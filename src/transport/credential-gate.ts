import type { Place } from '../concurrency/place-lines.ts';
import { createPlaces, type PlaceRequest } from '../concurrency/places.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';

/**
 * Keeps wrong credentials from locking an account: until they have worked once, one request is sent at a time, with callers taking turns;
 * after a rejection, none is sent during the cool-down.
 */
export interface CredentialGate {
  /** Waits for a turn. */
  enter(request: PlaceRequest): Promise<Entry>;
  /** Whether the credentials have worked, so that nothing waits: `enter` may then be skipped, but not `leave`. */
  isProven(): boolean;
  /** `turn`: from `enter`, unless it was skipped. */
  leave(verdict: 'accepted' | 'rejected' | 'unknown', turn?: Place): void;
  /** The number of requests that wait for a turn. */
  waiting(): number;
}

/**
 * `entered`: call `leave` afterwards. `rejected`: the credentials were rejected during the cool-down, so send nothing. The others: as for
 * places.
 */
export type Entry = { kind: 'entered'; turn: Place } | { kind: 'rejected'; problem: Problem } | { kind: 'aborted' } | { kind: 'full' };

/** How long rejected credentials aren't tried. */
export const coolDownMs = 5 * 60_000;

export function createCredentialGate(
  systemId: string,
  maxWaitingPerCaller = Number.POSITIVE_INFINITY,
  nowMs: () => number = Date.now,
): CredentialGate {
  let proven = false;
  let rejectedAtMs: number | undefined;
  const turns = createPlaces({ size: 1, maxWaitingPerCaller });

  const recentRejection = (): Problem | null => {
    if (rejectedAtMs === undefined) return null;
    const leftMs = rejectedAtMs + coolDownMs - nowMs();
    if (leftMs <= 0) {
      rejectedAtMs = undefined;
      return null;
    }
    const message = `${systemId} rejected the configured credentials. To avoid locking the account, Jobyard doesn't try them again for 5 minutes. Correct them and send SIGHUP to Jobyard.`;
    return createProblem('VENDOR_AUTHENTICATION_FAILED', message, Math.ceil(leftMs / 1000));
  };

  return {
    isProven: () => proven && rejectedAtMs === undefined,
    async enter(request) {
      const turn = turns.take(request) ?? (await turns.wait(request));
      if (turn === 'aborted' || turn === 'full') return { kind: turn };
      const problem = recentRejection();
      if (!problem) return { kind: 'entered', turn };
      turns.leave(turn);
      return { kind: 'rejected', problem };
    },
    leave(verdict, turn) {
      if (verdict === 'accepted') proven = true;
      if (verdict === 'rejected') {
        proven = false;
        rejectedAtMs = nowMs();
      }
      if (verdict !== 'unknown') turns.resize(proven ? Number.POSITIVE_INFINITY : 1);
      if (turn) turns.leave(turn);
    },
    waiting: () => turns.counts().waiting,
  };
}
