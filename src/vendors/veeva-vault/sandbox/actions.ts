import type { SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import { type Envelope, failure, success } from './envelope.ts';
import type { VaultJobs } from './jobs.ts';
import type { VaultSwitches } from './switches.ts';

const maxCancels = 500;

/** Cancel Job: an outcome for each item, in the order of the request. Success means that the cancellation started. */
export function cancelJobs(jobs: VaultJobs, request: SandboxRequest, userId: number, switches: VaultSwitches): Envelope {
  const items = readItems(request);
  if (!items) return failure('INVALID_DATA', 'The request body must be a list of jobs.');
  if (items.length === 0) return failure('PARAMETER_REQUIRED', 'Missing required parameter [job_id]');
  if (items.length > maxCancels) return failure('INVALID_DATA', `At most ${maxCancels} jobs can be cancelled in one request.`);
  const results = items.map((item) => cancelItem(jobs, item, userId, switches));
  const envelope = success({ data: results });
  const allRejected = results.every(({ responseStatus }) => responseStatus === 'FAILURE');
  if (allRejected && switches.allCancelsRejected === 'FAILURE') envelope.body.responseStatus = 'FAILURE';
  return envelope;
}

/** Start Job: a SCHEDULED instance runs now, in place of its planned run. */
export function startJobNow(jobs: VaultJobs, id: number, version: string, userId: number, switches: VaultSwitches): Envelope {
  if (!jobs.job(id)) return failure(switches.unknownJobType, `Job [${id}] is not found`);
  const isRepeated = switches.repeatedStart === 'accepted' && hasBegun(jobs, id);
  if (!isRepeated && !jobs.startNow(id, userId)) {
    return failure(switches.notScheduledType, `Job [${id}] is not found in SCHEDULED state`);
  }
  return success({ url: `/api/${version}/services/jobs/${id}`, job_id: id });
}

/** Whether the run that a start would begin has begun: it uses up the same interval. */
function hasBegun(jobs: VaultJobs, id: number): boolean {
  const job = jobs.job(id);
  return job?.status === 'QUEUEING' || job?.status === 'QUEUED' || job?.status === 'RUNNING';
}

function cancelItem(jobs: VaultJobs, item: unknown, userId: number, switches: VaultSwitches) {
  const id = typeof item === 'object' && item !== null && 'job_id' in item ? item.job_id : undefined;
  if (id === undefined) return rejectedItem('PARAMETER_REQUIRED', 'Missing required parameter [job_id]', switches);
  if (typeof id === 'number' && jobs.cancel(id, userId)) {
    return { responseStatus: 'SUCCESS', data: { id: switches.cancelAnswersOtherId ? id + 1 : id } };
  }
  const type = typeof id === 'number' && !jobs.job(id) ? switches.unknownJobType : 'INVALID_DATA';
  const shown = typeof id === 'object' ? JSON.stringify(id) : String(id);
  return rejectedItem(type, `Job [${shown}] is not found in QUEUED or QUEUEING state`, switches);
}

function rejectedItem(type: string, message: string, switches: VaultSwitches) {
  const error = { type, message };
  return { responseStatus: 'FAILURE', errors: switches.cancelErrors === 'array' ? [error] : error };
}

/** The list in a JSON (the default) or CSV body; undefined if there is none. */
function readItems(request: SandboxRequest): unknown[] | undefined {
  const contentType = (request.headers['content-type'] ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase();
  if (contentType === 'text/csv') return readCsv(request.body);
  if (contentType !== 'application/json') return undefined;
  if (request.body.trim() === '') return [];
  try {
    const body: unknown = JSON.parse(request.body);
    return Array.isArray(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** A header line with a column `job_id`, then one job a line. */
function readCsv(text: string): unknown[] | undefined {
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const column = cells(header).indexOf('job_id');
  if (column < 0) return undefined;
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const cell = cells(line)[column] ?? '';
      return cell === '' ? {} : { job_id: /^\d{1,15}$/.test(cell) ? Number(cell) : cell };
    });
}

function cells(line: string): string[] {
  return line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}
