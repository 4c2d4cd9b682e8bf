import type { JobAction } from '../api/generated/graphql.ts';
import { actionWords, type Look } from '../ui/status.ts';
import type { Group } from './group.ts';

export interface GroupWords extends Look {
  /** What it means for the jobs of the group. */
  text: string;
}

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The words for a group of results of an action. */
export function describeGroup(group: Group, action: JobAction): GroupWords {
  const { done, going } = actionWords[action];
  switch (group) {
    case 'unknown':
      return {
        label: 'Outcome unknown',
        icon: 'unknown',
        tone: 'unknown',
        text: `It may have been ${done}: no response came, and the job does not show the effect.`,
      };
    case 'contradicted':
      return { label: 'Contradicted', icon: 'failed', tone: 'failed', text: 'Accepted, but the job ended otherwise.' };
    case 'not-sent':
      return { label: 'Not sent', icon: 'not-sent', tone: 'neutral', text: 'Nothing changed.' };
    case 'rejected':
      return {
        label: 'Rejected by the system',
        icon: 'failed',
        tone: 'failed',
        text: 'The system rejected the action. Its message says why.',
      };
    case 'denied':
      return { label: 'Access denied', icon: 'lock', tone: 'failed', text: 'You, or Jobyard’s account at the system, lack a permission.' };
    case 'key-used':
      return {
        label: 'Key already used',
        icon: 'lock',
        tone: 'failed',
        text: 'The first request with this key is in progress or was interrupted. Read the jobs before you retry.',
      };
    case 'not-allowed':
      return {
        label: 'Not allowed',
        icon: 'not-allowed',
        tone: 'neutral',
        text: 'The job’s status or type, or the system, rules out the action.',
      };
    case 'not-found':
      return { label: 'Not found', icon: 'not-allowed', tone: 'neutral', text: 'No such job, or no longer listed.' };
    case 'accepted':
      return {
        label: capitalize(going),
        icon: 'canceling',
        tone: 'canceling',
        text: 'Accepted, not over yet. Tracked here until they end.',
      };
    case 'gone':
      return { label: 'Gone', icon: 'canceled', tone: 'canceled', text: `Accepted, then no longer listed: ${done} or ended first.` };
    case 'already':
      return { label: `Already ${done}`, icon: 'canceled', tone: 'canceled', text: 'Nothing to change.' };
    case 'done':
      return { label: capitalize(done), icon: 'canceled', tone: 'succeeded', text: 'Confirmed by each job’s status.' };
    case 'would-do':
      return { label: `Would be ${done}`, icon: 'succeeded', tone: 'succeeded', text: 'All checks passed; nothing was sent.' };
    default:
      return group satisfies never;
  }
}
