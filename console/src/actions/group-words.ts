import type { JobAction } from '../api/generated/graphql.ts';
import { actionWords, type Look, resultLooks } from '../ui/status.ts';
import type { Group } from './group.ts';

export interface GroupWords extends Look {
  /** What it means for the jobs of the group. */
  text: string;
}

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The words for a group of results of an action: those of its outcome, of which some name the action here. */
export function describeGroup(group: Group, action: JobAction): GroupWords {
  const look = resultLooks[group];
  return { ...look, label: labelOf(group, action) ?? look.label, text: textOf(group, action) };
}

/** Null: the outcome's own. */
function labelOf(group: Group, action: JobAction): string | null {
  const { done, going } = actionWords[action];
  switch (group) {
    case 'ACCEPTED':
      return capitalize(going);
    case 'ALREADY_DONE':
      return `Already ${done}`;
    case 'CONFIRMED':
      return capitalize(done);
    case 'DRY_RUN_PASSED':
      return `Would be ${done}`;
    default:
      return null;
  }
}

function textOf(group: Group, action: JobAction): string {
  const { done } = actionWords[action];
  switch (group) {
    case 'OUTCOME_UNKNOWN':
      return `It may have been ${done}: no response came, and the job does not show the effect.`;
    case 'CONTRADICTED':
      return 'Accepted, but a later status of the job disproves it.';
    case 'NOT_ATTEMPTED':
      return 'Nothing changed.';
    case 'VENDOR_REJECTED':
      return 'The system rejected the action. Its message gives the reason.';
    case 'ACCESS_DENIED':
      return 'You, or Jobyard’s account at the system, lack a permission.';
    case 'IDEMPOTENCY_CONFLICT':
      return 'The first request with this key is in progress or was interrupted. Read the jobs before you retry.';
    case 'ACTION_NOT_ALLOWED':
      return 'The job’s status or type, or the system, rules out the action.';
    case 'JOB_NOT_FOUND':
      return 'The system has no such job, or no longer lists it.';
    case 'ACCEPTED':
      return 'Accepted, but the jobs have not ended. Tracked here until they end.';
    case 'ENDED':
      return 'Accepted, and the job has ended, as its status shows.';
    case 'JOB_GONE':
      return `Accepted, then no longer listed: ${done} or ended first.`;
    case 'ALREADY_DONE':
      return 'Nothing to change.';
    case 'CONFIRMED':
      return 'Confirmed by each job’s status.';
    case 'DRY_RUN_PASSED':
      return 'All checks passed; nothing was sent.';
    default:
      return group satisfies never;
  }
}
