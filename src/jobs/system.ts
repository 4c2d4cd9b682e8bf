import type { JobSystemAdapter } from './adapter.ts';
import type { HealthMonitor } from './health.ts';
import type { LinkTemplate } from './job-links.ts';

/** A configured vendor installation. The rooms that read, list, and perform actions add their own parts. */
export interface JobSystem {
  /** Its name in the configuration. */
  id: string;
  vendor: string;
  title: string;
  adapter: JobSystemAdapter;
  /** The maximum number of concurrent requests. */
  concurrency: number;
  /** The maximum number of rows that a list query reads if the system can't sort or filter by itself. */
  scanLimit: number;
  health: HealthMonitor;
  /** The configured pages about each job. Default: none. */
  links?: readonly LinkTemplate[];
}
