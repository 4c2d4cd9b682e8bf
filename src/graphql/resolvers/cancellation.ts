import type { CancellationPosition } from '../../history/cancellation-list.ts';
import { fromCursorText, toCursorText } from '../../listing/cursor-text.ts';
import type { JobCancellationConnectionResolvers, JobCancellationResolvers, QueryResolvers } from '../generated/resolvers.ts';
import { referenceTo } from './action-result.ts';
import { badUserInput, checkLengths, toRowCount } from './bad-user-input.ts';
import type { Context } from './context.ts';
import { checkReadable } from './job-event.ts';
import type { CancellationPage } from './parents.ts';

const maxRows = 500;
const maxCounted = 1_000;

export const cancellations: NonNullable<QueryResolvers<Context>['cancellations']> = async (
  _parent,
  { states, systemIds, requestedBy, requestedFrom, requestedTo, first, after },
  { events },
): Promise<CancellationPage> => {
  const count = toRowCount(first, { max: maxRows, byDefault: 50 });
  checkLengths(requestedBy, 'requestedBy');
  checkReadable(systemIds, events, 'systemIds');
  const filter = {
    states,
    systemIds: systemIds ?? null,
    requestedBy: requestedBy ?? null,
    requestedFrom: requestedFrom ?? null,
    requestedTo: requestedTo ?? null,
  };
  const from = after === null || after === undefined ? null : fromCursor(after);
  const rows = await events.listCancellations(filter, count, from);
  return { filter, rows: rows.slice(0, count), hasNextPage: rows.length > count, after: from };
};

export const jobCancellationResolvers: JobCancellationResolvers<Context> = {
  job: ({ jobId }) => referenceTo(jobId),
  jobName: ({ jobId, jobName }, _arguments, { jobs }) => (jobs.permissions.mayRead(referenceTo(jobId).systemId) ? jobName : null),
};

export const jobCancellationConnectionResolvers: JobCancellationConnectionResolvers<Context> = {
  nodes: ({ rows }) => rows.map(({ cancellation }) => cancellation),
  edges: ({ rows }) => rows.map(({ cancellation, position }) => ({ node: cancellation, cursor: toCursor(position) })),
  pageInfo: ({ rows, hasNextPage, after }) => {
    const cursors = rows.map(({ position }) => toCursor(position));
    return { hasNextPage, hasPreviousPage: after !== null, startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null };
  },
  totalCount: ({ filter }, _arguments, { events }) => events.countCancellations(filter, maxCounted),
};

function toCursor({ sentAtMs, jobId }: CancellationPosition): string {
  return toCursorText(Buffer.from(`cancellation:${sentAtMs}:${jobId}`));
}

function fromCursor(cursor: string): CancellationPosition {
  const [, sentAtMs, jobId] = /^cancellation:(\d{1,15}):([^\0]+)$/s.exec(fromCursorText(cursor)?.toString() ?? '') ?? [];
  if (sentAtMs === undefined || jobId === undefined) {
    throw badUserInput('after: not a cursor of this list. Omit it to start from the first page.');
  }
  return { sentAtMs, jobId };
}
