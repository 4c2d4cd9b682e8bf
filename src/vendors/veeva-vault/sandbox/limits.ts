import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { VaultSwitches } from './switches.ts';

/** The remaining limit after a request, for the burst headers, and the delay of its response. */
export interface LimitUse {
  limit: number;
  remaining: number;
  delayMs: number;
}

/** Vault's three limits, in fixed windows of the sandbox's clock. */
export interface VaultLimits {
  /** Counts a request to this Vault. Over the limit, responses are delayed; none is rejected. */
  countCall(): LimitUse;
  /** Counts a login. Delayed from half of the limit on, rejected beyond it. */
  countLogin(username: string, dns: string): LimitUse & { rejected: boolean };
  /** Whether a job's status can be read now. If it can, this counts as a read. */
  mayReadStatus(jobId: number, sessionId: string): boolean;
}

const callWindowMs = 5 * 60_000;
const loginWindowMs = 60_000;
const statusReadMs = 10_000;

export function createLimits(timeline: Timeline, switches: VaultSwitches): VaultLimits {
  const calls = countInWindows(timeline, callWindowMs);
  const logins = countInWindows(timeline, loginWindowMs);
  /** The time of the last read of each job's status, oldest first. */
  const readAtMs = new Map<string, number>();

  function forgetOldReads(nowMs: number): void {
    for (const [key, atMs] of readAtMs) {
      if (nowMs - atMs < statusReadMs) return;
      readAtMs.delete(key);
    }
  }

  return {
    countCall() {
      const limit = switches.burstLimit;
      const used = calls('');
      return { limit, remaining: Math.max(0, limit - used), delayMs: used > limit ? switches.throttleDelayMs : 0 };
    },
    countLogin(username, dns) {
      const limit = switches.loginLimit;
      const used = logins(`${username}\n${dns}`.toLowerCase());
      const rejected = used > limit;
      return {
        limit,
        remaining: Math.max(0, limit - used),
        delayMs: !rejected && used > limit / 2 ? switches.throttleDelayMs : 0,
        rejected,
      };
    },
    mayReadStatus(jobId, sessionId) {
      const nowMs = timeline.now();
      forgetOldReads(nowMs);
      const key = switches.statusReadLimit === 'per_job' ? `${jobId}` : `${jobId} ${sessionId}`;
      const allowed = !readAtMs.has(key);
      if (allowed || switches.rejectedReadExtends) {
        // Deleted first, so that the latest read is the last entry.
        readAtMs.delete(key);
        readAtMs.set(key, nowMs);
      }
      return allowed;
    },
  };
}

/** Counts per key, from 1. All counts restart when the clock enters the next window. */
function countInWindows(timeline: Timeline, windowMs: number): (key: string) => number {
  const counts = new Map<string, number>();
  let window = -1;
  return (key) => {
    const current = Math.floor(timeline.now() / windowMs);
    if (current !== window) counts.clear();
    window = current;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count;
  };
}
