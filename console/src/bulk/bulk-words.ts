import { countJobs } from '../actions/plan.ts';
import type { CountsFragment, JobAction } from '../api/generated/graphql.ts';
import { actionWords } from '../ui/status.ts';

/** `Cancel 1,240 jobs`. */
export function nameOperation({ action, counts }: { action: JobAction; counts: CountsFragment }): string {
  return `${actionWords[action].verb} ${countJobs(counts.selected)}`;
}

/** The parts of an operation's bar. */
export function toParts({ succeeded, failed, unknown }: CountsFragment) {
  return [
    { key: 'succeeded', tone: 'succeeded', count: succeeded },
    { key: 'failed', tone: 'failed', count: failed },
    { key: 'unknown', tone: 'unknown', count: unknown },
  ];
}
