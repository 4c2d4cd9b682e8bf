import type { JobSystemAdapter } from './adapter.ts';
import type { HealthMonitor } from './health.ts';
import type { KnownRowsStore } from './list/known-rows.ts';
import type { Places } from './places.ts';
import type { JobReader } from './reader.ts';
import type { SharedActions } from './shared-actions.ts';

/** A configured connection to one vendor's job system. */
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
  reader: JobReader;
  /** For pages that begin to be read: bounds what a caller's many pages hold at one time. */
  pagePlaces: Places;
  /** Kept from one page of a listing to the next. */
  knownRows: KnownRowsStore;
  /** Its actions in progress. */
  sharedActions: SharedActions;
  health: HealthMonitor;
}
