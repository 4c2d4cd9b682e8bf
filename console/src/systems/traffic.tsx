import type { ReactElement, ReactNode } from 'react';
import type { BlockReason, CircuitBreakerState, CredentialsStatus } from '../api/generated/graphql.ts';
import { formatCount } from '../time/format.ts';
import { Time } from '../time/time.tsx';
import { Status } from '../ui/parts.tsx';
import type { Look } from '../ui/status.ts';
import type { System } from './systems.ts';

const breakerLooks: Record<CircuitBreakerState, Look> = {
  CLOSED: { label: 'Closed', icon: 'succeeded', tone: 'succeeded' },
  OPEN: { label: 'Open', icon: 'failed', tone: 'failed' },
  HALF_OPEN: { label: 'Testing', icon: 'running', tone: 'canceling' },
};

const credentialLooks: Record<CredentialsStatus, Look> = {
  OK: { label: 'Accepted', icon: 'succeeded', tone: 'succeeded' },
  REJECTED: { label: 'Rejected', icon: 'failed', tone: 'failed' },
  EXPIRED: { label: 'No longer accepted', icon: 'failed', tone: 'failed' },
  UNKNOWN: { label: 'Not tried', icon: 'unknown', tone: 'unknown' },
};

const blockLabels: Record<BlockReason, string> = {
  CIRCUIT_BREAKER: 'by the circuit breaker',
  VENDOR_THROTTLING: 'by throttling',
  CREDENTIALS_REJECTED: 'by rejected credentials',
  CALLER_LIMIT: 'by the limit of waiting requests per caller',
};

/** How Jobyard reaches a system: as far as it knows, without a request. */
export function Traffic({ system }: { system: System }): ReactElement {
  const { breaker, traffic, credentials } = system;
  return (
    <dl className="traffic" aria-label={`Requests to ${system.title}`}>
      <Fact label="Circuit breaker">
        <Status look={breakerLooks[breaker.state]} />
        {breaker.state === 'OPEN' && breaker.nextAttemptAt !== null && (
          <span className="hint">
            nothing is sent until <Time at={breaker.nextAttemptAt} />
          </span>
        )}
      </Fact>
      <Fact label="Credentials">
        <Status look={credentialLooks[credentials.status]} />
        <CredentialTimes credentials={credentials} />
      </Fact>
      <Fact label="In flight">
        {traffic.inFlight} of {traffic.concurrency}
        {traffic.waiting > 0 && <span className="hint">{formatCount(traffic.waiting)} waiting</span>}
      </Fact>
      <Fact label="Last minute">
        {formatCount(traffic.requestsLastMinute)} sent
        {traffic.latencyP50Ms !== null && traffic.latencyP95Ms !== null && (
          <span className="hint">
            {formatMs(traffic.latencyP50Ms)} median, {formatMs(traffic.latencyP95Ms)} for 95%
          </span>
        )}
      </Fact>
      <Fact label="Blocked">
        {traffic.pauseEndsAt === null && traffic.blockedLastMinute.length === 0 && 'nothing'}
        {traffic.pauseEndsAt !== null && (
          <span className="tone-canceling strong">
            paused by the system until <Time at={traffic.pauseEndsAt} />
          </span>
        )}
        {traffic.blockedLastMinute.map(({ reason, count }) => (
          <span key={reason}>
            {formatCount(count)} {blockLabels[reason]}
          </span>
        ))}
      </Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function CredentialTimes({ credentials }: { credentials: System['credentials'] }): ReactElement | null {
  const { status, provenAt, rejectedAt, nextAttemptAt } = credentials;
  if (status === 'OK' && provenAt !== null) {
    return (
      <span className="hint">
        last <Time at={provenAt} />
      </span>
    );
  }
  if (rejectedAt === null || nextAttemptAt === null) return null;
  return (
    <span className="hint">
      since <Time at={rejectedAt} />, next attempt <Time at={nextAttemptAt} />
    </span>
  );
}

function formatMs(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
