import type { Dispatcher } from 'undici';
import type { Purpose } from './call-result.ts';
import type { ConnectionSettings } from './dispatcher.ts';
import type { BreakerState } from './policy.ts';

/** The settings of a system's requests that apply to every protocol, from the configuration. */
export interface PolicySettings {
  /** The timeout of one attempt, from connecting to the last byte. */
  timeoutMs: number;
  /** The maximum number of concurrent requests. */
  concurrency: number;
  /** The maximum number of a caller's requests that wait for a place, counted separately for reads and actions. Default: unlimited. */
  maxQueuedPerCaller?: number;
  /** Called after every attempt, for metrics. */
  observe?: (attempt: AttemptReport) => void;
  /** Called when the circuit breaker opens, probes, or closes: the known health of the system is outdated. */
  onBreakerChange?: (state: BreakerState) => void;
  /** Called for every blocked request. */
  onBlocked?: (reason: BlockReason) => void;
  /** Called for each response that shows whether the vendor accepts the configured credentials. */
  onCredentialsJudged?: (verdict: CredentialsVerdict) => void;
  /** Called once, with a function that returns the present traffic. */
  showTraffic?: (read: () => PolicyTraffic) => void;
}

/** The settings of a system's requests, from the configuration. */
export interface TransportSettings extends PolicySettings {
  /** A longer body isn't read to its end, and the connection is closed. A compressed body isn't inflated beyond this size. */
  maxResponseBytes: number;
  /** Default: direct, with the certificates that the machine trusts. */
  connection?: ConnectionSettings;
  /** Called with secrets from the vendor that adapters find in responses, such as sessions. */
  learnSecret?: (secret: string) => void;
  /** Called with values of cookies, which may be sessions. A vendor can set any number. Default: as `learnSecret`. */
  learnCookie?: (value: string) => void;
  /** Creates the connections to an HTTP origin. Default: real ones. */
  createDispatcher?: (origin: string) => Dispatcher;
}

/**
 * breaker: 10 requests in a row failed. vendor: the vendor is throttling requests. credentials: the vendor rejected them in the last 5
 * minutes. caller: too many requests of the same caller are waiting.
 */
export type BlockReason = 'breaker' | 'vendor' | 'credentials' | 'caller';

export type CredentialsVerdict = 'accepted' | 'rejected';

/** The requests of one call policy, as of now. */
export interface PolicyTraffic {
  /** Sent, and their response hasn't arrived. */
  inFlight: number;
  /** For a place or a turn. */
  waiting: number;
  /** Nothing is sent before, as the vendor requested a pause; in the past: it may be. In epoch milliseconds. */
  pausedUntilMs: number;
}

export interface AttemptReport {
  systemId: string;
  purpose: Purpose;
  /** The HTTP status or another protocol's word for the response, or the problem's code without a response. */
  result: string;
  durationMs: number;
  /** Whether this attempt is a retry. */
  isRetry: boolean;
}
