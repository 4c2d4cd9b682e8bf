import type { ServedSystem } from '../job-service/served-system.ts';
import type { JobAction } from '../jobs/job.ts';
import { createProblem, isListed, type Problem } from '../jobs/problem.ts';
import type { Query } from '../store/store.ts';
import type { BulkDependencies } from './dependencies.ts';
import { compareWithPreview } from './kept-preview.ts';
import { passthroughMessage, refuse, type StartBulkError, type SystemProblem } from './operation.ts';
import { previewIsGone, type Taken } from './take-jobs.ts';

/** An operation whose jobs are being selected. */
export interface SelectingRow {
  selection: number;
  action: JobAction;
  /** Who started it. */
  caller: string;
  filter: unknown;
  preview_token: string | null;
  refuses_changes: boolean;
  max_jobs: number;
  allow_incomplete: boolean;
  max_per_second: number | null;
}

/** What was taken of a system that the operation asks. */
export interface TakenSystem extends Taken {
  systemId: string;
  /** Null: it is not configured any more. */
  system: ServedSystem | null;
}

/** Why the operation can't continue with the selected jobs, or null. */
export async function judgeSelection(
  row: SelectingRow,
  operationId: string,
  taken: readonly TakenSystem[],
  query: Query,
): Promise<StartBulkError | null> {
  const { max_jobs: maxJobs, allow_incomplete: allowIncomplete, preview_token: token, refuses_changes: refusesChanges, action } = row;
  const problems = taken.flatMap(({ systemId, problem }): SystemProblem[] => (problem ? [{ ...problem, systemId }] : []));
  if (problems.some(({ code }) => code === previewIsGone.code)) return refuse(previewIsGone);
  if (problems.length > 0 && !allowIncomplete) return refuseIncomplete(problems, token !== null && !refusesChanges);
  const kept = taken.filter(({ problem }) => isListed(problem));
  const found = kept.reduce((sum, system) => sum + system.found, 0);
  if (found > maxJobs) {
    const message = `${found} jobs match, more than the ${maxJobs} that are allowed (maxJobs): nothing was started.`;
    return { kind: 'tooMany', problem: createProblem('TOO_MANY_JOBS', message), matchedCount: found, maxJobs };
  }
  if (token !== null && refusesChanges) {
    const { expected, same } = await compareWithPreview({ token, operationId, systemIds: kept.map(({ systemId }) => systemId) }, query);
    if (same < expected || same < found) {
      const message = `Other jobs match now than the preview saw: ${found - same} more, ${expected - same} fewer. Nothing was started; look at a new preview.`;
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
  return { kind: 'nothing', problem: createProblem('NO_JOBS_MATCHED', `No job matches: there is nothing to ${action.toLowerCase()}.`) };
}

/** `isPreviewed`: the preview lacks them, and will whenever its token is used. */
export function refuseIncomplete(problems: readonly SystemProblem[], isPreviewed: boolean): StartBulkError {
  const names = problems.map(({ systemId }) => systemId).join(', ');
  const advice = `Leave it out by the filter, ${isPreviewed ? 'make a new preview, ' : ''}or set allowIncomplete.`;
  const message = `${names} could not tell all jobs that match: nothing was started. ${advice}`;
  const retryable = !isPreviewed && problems.some((problem) => problem.retryable);
  return refuse({ ...createProblem('INCOMPLETE_SELECTION', message), retryable }, [...problems]);
}

/** The system is not in the configuration any more. */
export function systemIsGone(systemId: string): Problem {
  return createProblem('SYSTEM_NOT_FOUND', `There is no system "${systemId}" any more.`);
}

/** Why nothing of this system can be selected in the background, or null. */
export function checkSelectable(system: ServedSystem, { passthrough }: Pick<BulkDependencies, 'passthrough'>): Problem | null {
  return passthrough.has(system.id) ? createProblem('ACCESS_DENIED', `${system.id} is left out: ${passthroughMessage}`) : null;
}
