import type { JobFields } from './job.ts';
import { toBoundedText } from './storable-text.ts';

/** The maximum length of a job's name in an event or an item: an action may have thousands. */
const maxStoredName = 200;

/** The name of a job as events and items keep it: its name, else its type. Null if it has neither. */
export function toStoredName({ name, type }: Pick<JobFields, 'name' | 'type'>): string | null {
  const shown = name ?? type;
  return shown === null ? null : toBoundedText(shown, maxStoredName);
}
