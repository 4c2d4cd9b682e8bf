// Composition: the parts that app.ts connects, one per file.

import type { Logger } from 'pino';
import type { BulkOptions } from '../bulk/bulk.ts';
import type { Clock } from '../concurrency/clock.ts';
import type { Config } from '../config/config.ts';
import type { Limits } from '../config/limits.ts';
import type { SystemConfig } from '../config/systems.ts';
import type { AuditOutput } from '../history/audit-output.ts';
import type { Redactor } from '../secrets/redactor.ts';
import type { Store } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** A configuration with resolved systems, real or sandboxes, and an existing store. */
export type JobyardConfig = Omit<Config, 'systems' | 'store' | 'tracing' | 'log'> & {
  systems: readonly SystemConfig[];
  store: Store;
  /** False: the start isn't complete, so `/readyz` returns 503. Default: true. */
  isReady?(): boolean;
  /** Default: opened according to `audit.file`. */
  auditOutput?: AuditOutput;
  bulkRetry?: BulkOptions['retry'];
  /** Also keeps secrets out of the log. Default: a new redactor. */
  redactor?: Redactor;
};

/** What every room is built on. */
export interface Foundation {
  config: JobyardConfig;
  /** Changed in place by a reload: everything that limits callers reads it each time. */
  limits: Limits;
  metrics: Metrics;
  logger: Logger;
  clock: Clock;
  onBug(error: unknown): void;
  /** Systems that are called with each caller's own credential. */
  passthrough: ReadonlySet<string>;
}
