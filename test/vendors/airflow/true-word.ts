import { toTime } from '../../../src/vendors/airflow/sandbox/complete-job.ts';
import type { Run } from '../../../src/vendors/airflow/sandbox/job.ts';

/** Airflow's state, but canceled runs have words of their own: Jobyard's line in the note is all that Airflow knows about it. */
export function wordOf({ state, note, queuedMs, micros }: Readonly<Run>): string {
  const line = `Canceled through Jobyard (run queued ${queuedMs === null ? 'at no time' : toTime(queuedMs, micros)})`;
  if (state === 'success' || !note?.includes(line)) return state;
  return state === 'failed' ? 'canceled' : 'CANCELLING';
}
