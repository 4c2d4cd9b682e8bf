import type { JobSystemAdapter } from './adapter.ts';
import type { HealthMonitor } from './health.ts';

/** A configured connection to one vendor's job system. The rooms that read, list and act add what they keep of it. */
export interface JobSystem {
  /** Its name in the configuration. */
  id: string;
  vendor: string;
  title: string;
  adapter: JobSystemAdapter;
  /** Most requests to it at one time. */
  concurrency: number;
  /** Most rows a listing reads from it where it can't sort or filter by itself. */
  scanLimit: number;
  health: HealthMonitor;
}
