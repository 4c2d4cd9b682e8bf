import type { EventFeedPart } from '../../history/event-feed.ts';
import type { EventPage, EventRange, JobEventFilter } from '../../history/event-list.ts';
import type { EventService } from '../../history/event-service.ts';
import type { JobEvent } from '../../history/job-event.ts';
import { accessDenied, type Permissions } from '../../jobs/permissions.ts';
import { createProblem, type ProblemCode } from '../../jobs/problem.ts';
import { createPositionCursors } from '../../listing/cursor-text.ts';
import { releaseAtReturn } from '../../live/live-jobs.ts';
import type { JobResolvers, QueryResolvers, SubscriptionResolvers } from '../generated/resolvers.ts';
import { referenceTo } from './action-result.ts';
import { badUserInput, checkLengths, maxActions } from './bad-user-input.ts';
import { toConnection, toRowRange } from './connection.ts';
import type { Context } from './context.ts';
import { toError } from './field-error.ts';
import { systemOf } from './job.ts';
import { reserve } from './live.ts';
import { orStoreError } from './store-unavailable.ts';

const cursors = createPositionCursors('event');
const limits = { max: 500, byDefault: 50 };
const limitsOfJob = { max: 100, byDefault: 20 };
/** How many watched jobs a subscription to events counts as. */
const feedWeight = 10;
const hiddenCodes: ReadonlySet<ProblemCode> = new Set(['ACCESS_DENIED', 'VENDOR_AUTHENTICATION_FAILED']);

export const jobEvents: NonNullable<QueryResolvers<Context>['jobEvents']> = async (_parent, { filter, ...page }, { events, jobs }) => {
  checkFilter(filter, events());
  const range = toRowRange(page, limits, cursors);
  return toEvents(await events().list(filter ?? {}, range), range, jobs.permissions);
};

function checkFilter(filter: Partial<JobEventFilter> | null | undefined, events: EventService): void {
  const jobIds = filter?.jobIds?.length ?? 0;
  if (jobIds > maxActions)
    throw badUserInput(`filter.jobIds: expected at most ${maxActions} ids, got ${jobIds}. Split them over several requests.`);
  checkLengths(filter, 'filter');
  checkReadable(filter?.systemIds, events, 'filter.systemIds');
}

export const jobEventFields: Pick<JobResolvers<Context>, 'events' | 'cancellation'> = {
  async events({ id, systemId }, page, { events, jobs }) {
    const range = toRowRange(page, limitsOfJob, cursors);
    if (!jobs.permissions.mayReadEvents(systemId)) throw toError(accessDenied('audit:read', systemId));
    return toEvents(await events().listOfJob(id, range), range, jobs.permissions);
  },
  async cancellation(job, _arguments, { events, jobs }) {
    if (!jobs.permissions.mayRead(job.systemId)) throw toError(accessDenied('jobs:read', job.systemId));
    // The vendor denies this caller access to the job.
    if ('problem' in job && job.problem && hiddenCodes.has(job.problem.code)) throw toError(job.problem);
    const record = await events().loadCancelRecord(job.id);
    if (!record) return null;
    const copy = record.isClosed || 'status' in job ? job : await jobs.loadReference(job);
    return events().describeCancellation(record, 'status' in copy ? copy : null, systemOf(job, jobs.findSystem));
  },
};

export const jobEventsRecorded: NonNullable<SubscriptionResolvers<Context>['jobEventsRecorded']> = {
  async subscribe(_parent, { filter }, { events, live }) {
    checkFilter(filter, events());
    const release = reserve(live(), feedWeight);
    const parts = await orStoreError(events().subscribe(filter ?? {})).catch((error: unknown) => {
      release();
      throw error;
    });
    return releaseAtReturn(parts, release);
  },
  resolve({ events }: EventFeedPart, _arguments: unknown, { jobs }: Context) {
    if (!events)
      throw toError(createProblem('RATE_LIMITED', 'The client is too many events behind. Read them with jobEvents, and subscribe again.'));
    return events.map((event) => toNode(event, jobs.permissions));
  },
};

/** Throws for a system whose events the caller can't read. */
export function checkReadable(systemIds: readonly string[] | null | undefined, events: EventService, argument: string): void {
  for (const id of systemIds ?? []) {
    if (events.systemIds.includes(id)) continue;
    const known = events.systemIds.join(', ') || 'none';
    throw badUserInput(`${argument}: expected a system whose events you can read (${known}), got "${id}".`);
  }
}

function toEvents(page: EventPage, range: EventRange, permissions: Permissions) {
  return toConnection(page, range, cursors, (event) => ({ position: event.id, node: toNode(event, permissions) }));
}

function toNode({ caller, jobName, ...event }: JobEvent, { mayRead }: Permissions) {
  return { ...event, caller, jobName: mayRead(event.systemId) ? jobName : null, job: referenceTo(event.jobId) };
}
