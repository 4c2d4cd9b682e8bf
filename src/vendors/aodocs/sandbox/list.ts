import { z } from 'zod';
import { type Rejection, reject } from './errors.ts';
import { type Job, statuses } from './job.ts';
import type { Jobs } from './jobs.ts';
import { type Criterion, compareJobs, timeOf } from './orders.ts';
import { readPageToken, writePageToken } from './page-token.ts';
import type { Parameters } from './parameters.ts';
import { eventListResource, jobListResource } from './render.ts';
import type { AodocsSwitches } from './switches.ts';

type Page = Record<string, unknown> | Rejection;

const defaultJobs = 50;
const defaultEvents = 100;

/** After the job with this time and ID; null: from the start. */
const jobPosition = z.tuple([z.number(), z.string()]).nullable();
const eventPosition = z.number();

/** The jobs of one library: filters, order and page of the request. */
export function listJobs(jobs: Jobs, libraryId: string, parameters: Parameters, switches: AodocsSwitches): Page {
  const asked = parameters.int32('pageSize');
  const status = parameters.oneOf('status', 'JobStatus', statuses);
  const type = parameters.oneOf('type', 'JobType', jobs.types());
  const user = parameters.text('user');
  const token = parameters.text('pageToken');
  const orderBy = parameters.text('orderBy') ?? switches.defaultOrder;
  const misread = parameters.rejection();
  if (misread) return misread;
  const order = readOrder(orderBy);
  if (!order) return reject(400, `Invalid orderBy '${orderBy}': expected [started|lastActivity] [asc|desc]`);
  const size = pageSize('pageSize', asked ?? defaultJobs, switches);
  if (typeof size !== 'number') return size;

  const boundTo = ['jobs', libraryId, status, type, user, orderBy];
  const start = token === undefined ? { position: null } : readPageToken(token, boundTo, jobPosition);
  if (!start) return reject(400, `Invalid pageToken '${token}'`);
  if (token === undefined && switches.pages === 'emptyFirst') return jobListResource([], writePageToken(null, boundTo), switches);

  const matches = (job: Job) => (!status || job.status === status) && (!type || job.type === type) && (!user || job.requestor === user);
  const found = walk(jobs.sorted(libraryId, order.criterion), order, start.position, matches, shorten(size, switches));
  const last = found.more ? found.jobs.at(-1) : undefined;
  const next = last && writePageToken([timeOf(last, order.criterion), last.jobId], boundTo);
  return jobListResource(found.jobs, next, switches);
}

/** The events of one job, in the order of the switch. */
export function listEvents(job: Job, parameters: Parameters, switches: AodocsSwitches): Page {
  const asked = parameters.int32('maxResults');
  const onlyErrors = parameters.boolean('onlyErrors') ?? false;
  const token = parameters.text('pageToken');
  const misread = parameters.rejection();
  if (misread) return misread;
  const size = pageSize('maxResults', asked ?? defaultEvents, switches);
  if (typeof size !== 'number') return size;

  const boundTo = ['events', job.jobId, onlyErrors];
  const start = token === undefined ? { position: 0 } : readPageToken(token, boundTo, eventPosition);
  if (!start) return reject(400, `Invalid pageToken '${token}'`);
  if (token === undefined && switches.pages === 'emptyFirst') return eventListResource(job, [], writePageToken(0, boundTo), switches);

  const events = job.events.filter((event) => !onlyErrors || event.severity === 'ERROR');
  if (switches.eventOrder === 'newestFirst') events.reverse();
  const end = start.position + shorten(size, switches);
  const next = end < events.length ? writePageToken(end, boundTo) : undefined;
  return eventListResource(job, events.slice(start.position, end), next, switches);
}

interface Order {
  criterion: Criterion;
  descending: boolean;
}

function readOrder(orderBy: string): Order | undefined {
  const [, criterion, direction] = /^(started|lastActivity) (asc|desc)$/.exec(orderBy) ?? [];
  if (criterion !== 'started' && criterion !== 'lastActivity') return undefined;
  return { criterion, descending: direction === 'desc' };
}

function pageSize(name: string, asked: number, switches: AodocsSwitches): number | Rejection {
  if (asked < 1) return reject(400, `${name} must be positive`);
  if (asked <= switches.maxPageSize) return asked;
  return switches.pageSizeAboveMax === 'clamp' ? switches.maxPageSize : reject(400, `${name} can't exceed ${switches.maxPageSize}`);
}

function shorten(size: number, switches: AodocsSwitches): number {
  return switches.pages === 'full' ? size : Math.ceil((size * 2) / 3);
}

/** The first `size` matches beyond a position, and whether there is another one after them. */
function walk(
  sorted: readonly Job[],
  { criterion, descending }: Order,
  after: readonly [atMs: number, jobId: string] | null,
  matches: (job: Job) => boolean,
  size: number,
): { jobs: Job[]; more: boolean } {
  const step = descending ? -1 : 1;
  let index = descending ? sorted.length - 1 : 0;
  if (after) {
    // The number of jobs before the position, or before and at it when going up.
    const before = countWhile(sorted, (job) => {
      const compared = compareJobs([timeOf(job, criterion), job.jobId], after);
      return descending ? compared < 0 : compared <= 0;
    });
    index = descending ? before - 1 : before;
  }
  const jobs: Job[] = [];
  for (let job = sorted[index]; job; index += step, job = sorted[index]) {
    if (!matches(job)) continue;
    if (jobs.length === size) return { jobs, more: true };
    jobs.push(job);
  }
  return { jobs, more: false };
}

/** How many leading jobs fulfil a condition that, once false, stays false. */
function countWhile(sorted: readonly Job[], condition: (job: Job) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const job = sorted[middle];
    if (job && condition(job)) low = middle + 1;
    else high = middle;
  }
  return low;
}
