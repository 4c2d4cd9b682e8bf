import type { Dispatcher } from 'undici';
import type { ConnectionSettings } from './dispatcher.ts';
import type { HttpRequest } from './http-request.ts';
import type { BreakerState } from './policy.ts';

/** How a system's requests are made, from the configuration. */
export interface TransportSettings {
  /** One attempt's time, from connecting to the last byte. */
  timeoutMs: number;
  /** Most requests at one time. */
  concurrency: number;
  /** Most requests of one caller that wait for a place, reads and actions counted apart. Default: any number. */
  maxQueuedPerCaller?: number;
  /** A longer body is not read to its end and the connection is dropped. A compressed one is not inflated beyond it. */
  maxResponseBytes: number;
  /** Default: direct, with the certificates that the machine trusts. */
  connection?: ConnectionSettings;
  /** Told of every attempt, for metrics. */
  observe?: (attempt: AttemptReport) => void;
  /** Told when the circuit breaker opens, tries again or closes: what was known of the system's health is out of date. */
  onBreakerChange?: (state: BreakerState) => void;
  /** Told of every request that was kept from going out. */
  onHeldBack?: (reason: BlockReason) => void;
  /** Told of secrets that the vendor gives: the values of cookies, and what adapters find in answers. */
  learnSecret?: (secret: string) => void;
  /** Told of an answer that refuses the configured credentials. */
  onCredentialsRefused?: () => void;
  /** Makes what carries the requests to an origin. Default: connections of its own. */
  createDispatcher?: (origin: string) => Dispatcher;
}

/**
 * breaker: the system failed too often lately. vendor: it asked to be left alone. credentials: it refused them lately.
 * caller: too many requests of the same caller wait already.
 */
export type BlockReason = 'breaker' | 'vendor' | 'credentials' | 'caller';

export interface AttemptReport {
  systemId: string;
  purpose: HttpRequest['purpose'];
  /** The HTTP status, or the problem's code where no answer came. */
  result: string;
  durationMs: number;
  /** Whether it repeats an attempt that failed in passing. */
  isRetry: boolean;
}
