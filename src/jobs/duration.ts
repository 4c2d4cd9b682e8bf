import type { JobFields } from './job.ts';
import { toSeconds } from './vendor-facts.ts';

/** How long a job or step ran or has run, in seconds: as the vendor measures it, otherwise the time between the two dates. Null if unknown. */
export function durationSecondsOf(measured: Pick<JobFields, 'durationSeconds' | 'startedAt' | 'finishedAt'>): number | null {
  const { startedAt, finishedAt } = measured;
  const seconds = toSeconds(measured.durationSeconds);
  if (seconds !== null) return seconds;
  if (!startedAt || !finishedAt) return null;
  return toSeconds((finishedAt.getTime() - startedAt.getTime()) / 1000);
}
