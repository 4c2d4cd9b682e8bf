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

/** A configuration whose systems are settled, be they real or sandboxes, and whose store is there. */
export type JobyardConfig = Omit<Config, 'systems' | 'store' | 'tracing' | 'log'> & {
  systems: readonly SystemConfig[];
  store: Store;
  /** Default: opened as `audit.file` says. */
  auditOutput?: AuditOutput;
  bulkRetry?: BulkOptions['retry'];
  /** What also keeps the secrets out of the log. Default: one of its own. */
  redactor?: Redactor;
};

/** What every room is built on. */
export interface Foundation {
  config: JobyardConfig;
  /** Changed in place by a reload: everything that bounds callers looks here each time. */
  limits: Limits;
  metrics: Metrics;
  logger: Logger;
  clock: Clock;
  onBug(error: unknown): void;
  /** Systems that are asked with each caller's own credential. */
  passthrough: ReadonlySet<string>;
}
