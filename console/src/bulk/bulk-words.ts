import { countJobs } from '../actions/plan.ts';
import type { CountsFragment, JobAction } from '../api/generated/graphql.ts';
import { actionWords } from '../ui/status.ts';

/** `Cancel 1,240 jobs`. */
export function nameOperation({ action, counts }: { action: JobAction; counts: CountsFragment }): string {
  return `${actionWords[action].verb} ${countJobs(counts.selected)}`;
}
