import type { ServedSystem } from '../job-service/served-system.ts';
import type { JobAction } from '../jobs/job.ts';
import { createProblem, isListed, type Problem } from '../jobs/problem.ts';
import type { Query } from '../store/store.ts';
import type { BulkDependencies } from './dependencies.ts';
import { compareWithPreview } from './kept-preview.ts';
import { passthroughMessage, type StartBulkError, type SystemProblem, toBulkError } from './operation.ts';
import { previewDeleted, type Taken } from './take-jobs.ts';

/** An operation whose jobs are being selected. */
export interface SelectingRow {
  selection: number;
  action: JobAction;
  /** The caller that started it. */
  caller: string;
  filter: unknown;
  preview_token: string | null;
  refuses_changes: boolean;
  max_jobs: number;
  allow_incomplete: boolean;
  max_per_second: number | null;
}

/** The selection from one of the operation's systems. */
export interface TakenSystem extends Taken {
  systemId: string;
  /** Null: it is no longer configured. */
  system: ServedSystem | null;
}

/** Why the operation can't continue with the selected jobs, or null. */
export async function judgeSelection(
  row: SelectingRow,
  operationId: string,
  taken: readonly TakenSystem[],
  query: Query,
): Promise<StartBulkError | null> {
  const { max_jobs: maxJobs, allow_incomplete: allowIncomplete, preview_token: token, refuses_changes: rejectsChanges, action } = row;
  const problems = taken.flatMap(({ systemId, problem }): SystemProblem[] => (problem ? [{ ...problem, systemId }] : []));
  if (problems.some(({ code }) => code === previewDeleted.code)) return toBulkError(previewDeleted);
  if (problems.length > 0 && !allowIncomplete) return incompleteSelection(problems, token !== null && !rejectsChanges);
  const kept = taken.filter(({ problem }) => isListed(problem));
  const found = kept.reduce((sum, system) => sum + system.found, 0);
  if (found > maxJobs) {
    const message = `${found} jobs match, more than maxJobs (${maxJobs}). Nothing was started. Narrow the filter, or raise maxJobs.`;
    return { kind: 'tooMany', problem: createProblem('TOO_MANY_JOBS', message), matchedCount: found, maxJobs };
  }
  if (token !== null && rejectsChanges) {
    const { expected, same } = await compareWithPreview({ token, operationId, systemIds: kept.map(({ systemId }) => systemId) }, query);
    if (same < expected || same < found) {
      const message = `The matching jobs changed since the preview: ${found - same} added, ${expected - same} removed. Nothing was started. Create a new preview.`;
      const problem = createProblem('CHANGED_SINCE_PREVIEW', message);
      return {
        kind: 'changed',
        problem,
        previewedCount: expected,
        matchedCount: found,
        addedCount: found - same,
        removedCount: expected - same,
      };
    }
  }
  if (found > 0) return null;
  return { kind: 'nothing', problem: createProblem('NO_JOBS_MATCHED', `No job matches: nothing to ${action.toLowerCase()}.`) };
}

/** `isPreviewed`: jobs are missing from the preview, so a retry with its token fails again. */
export function incompleteSelection(problems: readonly SystemProblem[], isPreviewed: boolean): StartBulkError {
  const names = problems.map(({ systemId }) => systemId).join(', ');
  const advice = isPreviewed
    ? 'Exclude them in the filter, create a new preview, or set allowIncomplete.'
    : 'Exclude them in the filter, or set allowIncomplete.';
  const message = `Couldn't list all matching jobs of ${names}. Nothing was started. ${advice}`;
  const retryable = !isPreviewed && problems.some((problem) => problem.retryable);
  return toBulkError({ ...createProblem('INCOMPLETE_SELECTION', message), retryable }, [...problems]);
}

/** The system is no longer configured. */
export function systemNotConfigured(systemId: string): Problem {
  return createProblem('SYSTEM_NOT_FOUND', `System "${systemId}" is no longer configured.`);
}

/** Why no jobs of this system can be selected in the background, or null. */
export function checkSelectable(system: ServedSystem, { passthrough }: Pick<BulkDependencies, 'passthrough'>): Problem | null {
  return passthrough.has(system.id) ? createProblem('ACCESS_DENIED', `${system.id} is excluded: ${passthroughMessage}`) : null;
}
