import type { Random } from '../../../sandbox-kit/random.ts';
import type { Job, JobEvent } from './job.ts';
import { profileOf } from './job-types.ts';

type EventText = Pick<JobEvent, 'severity' | 'message'>;

const names = [
  'Supplier agreement Northgate.docx',
  'Pump P-104 data sheet.pdf',
  'Invoice 2291 Hallmark Freight.pdf',
  'SOP-017 Line clearance.docx',
  'Board minutes March.gdoc',
  'Site plan revision D.dwg',
  'Onboarding checklist.gsheet',
  'Offer letter template.docx',
  'CAPA-2208 root cause.pdf',
  'Price list EMEA.xlsx',
  'Weld inspection report 88.pdf',
  'Master services agreement.gdoc',
];
const causes = [
  'the file was moved to the trash in Drive',
  'the storage account has no permission on the file',
  'the Drive API answered 403 sharingRateLimitExceeded',
  'the document is checked out by another user',
  'a mandatory property has no value',
];

export function startedEvent(job: Pick<Job, 'type' | 'requestor'>, tasks: number): EventText {
  return { severity: 'INFO', message: `Started by ${job.requestor}, ${count(tasks, job.type)} to process` };
}

export function retryEvent(type: string, random: Random): EventText {
  return { severity: 'WARN', message: `Retrying ${profileOf(type).noun} '${random.pick(names)}': the Drive API did not answer in time` };
}

export function failedTaskEvent(type: string, random: Random): EventText {
  return { severity: 'ERROR', message: `Could not process ${profileOf(type).noun} '${random.pick(names)}': ${random.pick(causes)}` };
}

export function growthEvent(type: string, tasks: number): EventText {
  return { severity: 'INFO', message: `Found ${count(tasks, type, ' more')} to process` };
}

export function cancelledEvent(unexecutedTasks: number, by: string): EventText {
  return { severity: 'WARN', message: `Cancelled by ${by}, ${unexecutedTasks} pending tasks will not be executed` };
}

/** The last event of a job that ended without a cancel. */
export function endedEvent(job: Pick<Job, 'status' | 'succeededTasks' | 'failedTasks' | 'remainingTasks'>, random: Random): EventText {
  if (job.status !== 'FAILED')
    return { severity: 'INFO', message: `Completed: ${job.succeededTasks} succeeded, ${job.failedTasks} failed` };
  return { severity: 'ERROR', message: `Job failed, ${job.remainingTasks} tasks not executed: ${random.pick(causes)}` };
}

function count(tasks: number, type: string, more = ''): string {
  const { noun } = profileOf(type);
  if (tasks === 1) return `1${more} ${noun}`;
  return `${tasks}${more} ${noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}
