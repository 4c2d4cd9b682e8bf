import type { JobSystem } from '../jobs/system.ts';
import type { JobReader } from './reader.ts';

/** A system whose jobs can be read by ID. */
export interface ReadableSystem extends JobSystem {
  reader: JobReader;
}
