import type { BlockedBy, CredentialsState, SystemState, Traffic } from '../jobs/system-state.ts';
import { breakForMs } from '../transport/blocked.ts';
import type { BreakerState } from '../transport/policy.ts';
import type { AttemptReport, BlockReason, CredentialsVerdict, PolicyTraffic } from '../transport/transport-settings.ts';
import { createLastMinute } from './last-minute.ts';

/** Records how a system's requests fared, as the call policy reports it. */
export interface SystemRecord extends SystemState {
  observe(report: Pick<AttemptReport, 'durationMs'>): void;
  onBreakerChange(state: BreakerState): void;
  onBlocked(reason: BlockReason): void;
  onCredentialsJudged(verdict: CredentialsVerdict): void;
  /** `read`: of one call policy of the system. */
  showTraffic(read: () => PolicyTraffic): void;
}

const breakerWords = { closed: 'CLOSED', open: 'OPEN', half_open: 'HALF_OPEN' } as const;
const blockWords = {
  breaker: 'CIRCUIT_BREAKER',
  vendor: 'VENDOR_THROTTLING',
  credentials: 'CREDENTIALS_REJECTED',
  caller: 'CALLER_LIMIT',
} as const satisfies Record<BlockReason, BlockedBy>;

/** `coolDownMs`: how long rejected credentials aren't tried. `onChange`: called when the breaker's or the credentials' state changes. */
export function createSystemRecord(nowMs: () => number, coolDownMs: number, onChange: () => void): SystemRecord {
  const lastMinute = createLastMinute<BlockReason>(nowMs);
  const policies: (() => PolicyTraffic)[] = [];
  let breaker: { state: BreakerState; changedAtMs: number } = { state: 'closed', changedAtMs: nowMs() };
  let provenAtMs: number | null = null;
  let rejectedAtMs: number | null = null;

  const traffic = (): Traffic => {
    const now = policies.map((read) => read());
    const pausedUntilMs = Math.max(...now.map((each) => each.pausedUntilMs), 0);
    const [latencyP50Ms = null, latencyP95Ms = null] = lastMinute.percentiles([0.5, 0.95]);
    return {
      inFlight: now.reduce((sum, each) => sum + each.inFlight, 0),
      waiting: now.reduce((sum, each) => sum + each.waiting, 0),
      pauseEndsAt: pausedUntilMs > nowMs() ? new Date(pausedUntilMs) : null,
      requestsLastMinute: lastMinute.durationCount(),
      latencyP50Ms,
      latencyP95Ms,
      blockedLastMinute: Array.from(lastMinute.counts(), ([reason, count]) => ({ reason: blockWords[reason], count })),
    };
  };
  const credentials = (): CredentialsState => {
    const isRejected = rejectedAtMs !== null;
    return {
      status: isRejected ? (provenAtMs === null ? 'REJECTED' : 'EXPIRED') : provenAtMs === null ? 'UNKNOWN' : 'OK',
      provenAt: provenAtMs === null ? null : new Date(provenAtMs),
      rejectedAt: rejectedAtMs === null ? null : new Date(rejectedAtMs),
      nextAttemptAt: rejectedAtMs === null ? null : new Date(rejectedAtMs + coolDownMs),
    };
  };

  return {
    observe: ({ durationMs }) => lastMinute.addDuration(durationMs),
    onBreakerChange(state) {
      breaker = { state, changedAtMs: nowMs() };
      onChange();
    },
    onBlocked: lastMinute.count,
    onCredentialsJudged(verdict) {
      const before = credentials().status;
      if (verdict === 'accepted') {
        provenAtMs = nowMs();
        rejectedAtMs = null;
      } else rejectedAtMs = nowMs();
      if (credentials().status !== before) onChange();
    },
    showTraffic: (read) => void policies.push(read),
    breaker: () => ({
      state: breakerWords[breaker.state],
      changedAt: new Date(breaker.changedAtMs),
      nextAttemptAt: breaker.state === 'open' ? new Date(breaker.changedAtMs + breakForMs) : null,
    }),
    traffic,
    credentials,
  };
}
