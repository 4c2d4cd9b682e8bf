import type { CancellationPosition } from '../../history/cancellation-list.ts';
import { fromCursorText, toCursorText } from '../../listing/cursor-text.ts';
import type { JobCancellationConnectionResolvers, JobCancellationResolvers, QueryResolvers } from '../generated/resolvers.ts';
import { referenceTo } from './action-result.ts';
import { checkLengths } from './bad-user-input.ts';
import { type RowCursors, toConnection, toRowRange } from './connection.ts';
import type { Context } from './context.ts';
import { checkReadable } from './job-event.ts';
import type { CancellationPage } from './parents.ts';

const limits = { max: 500, byDefault: 50 };
const maxCounted = 1_000;

export const cancellations: NonNullable<QueryResolvers<Context>['cancellations']> = async (
  _parent,
  { states, systemIds, requestedBy, requestedFrom, requestedTo, ...page },
  { events },
): Promise<CancellationPage> => {
  const range = toRowRange(page, limits, cursors);
  checkLengths(requestedBy, 'requestedBy');
  checkReadable(systemIds, events(), 'systemIds');
  const filter = {
    states,
    systemIds: systemIds ?? null,
    requestedBy: requestedBy ?? null,
    requestedFrom: requestedFrom ?? null,
    requestedTo: requestedTo ?? null,
  };
  const listed = await events().listCancellations(filter, range);
  return { ...toConnection(listed, range, cursors, ({ cancellation, position }) => ({ position, node: cancellation })), filter };
};

export const jobCancellationResolvers: JobCancellationResolvers<Context> = {
  job: ({ jobId }) => referenceTo(jobId),
  jobName: ({ jobId, jobName }, _arguments, { jobs }) => (jobs.permissions.mayRead(referenceTo(jobId).systemId) ? jobName : null),
};

export const jobCancellationConnectionResolvers: JobCancellationConnectionResolvers<Context> = {
  totalCount: ({ filter }, _arguments, { events }) => events().countCancellations(filter, maxCounted),
};

const cursors: RowCursors<CancellationPosition> = {
  encode: ({ sentAtMs, jobId }) => toCursorText(Buffer.from(`cancellation:${sentAtMs}:${jobId}`)),
  decode(cursor) {
    const [, sentAtMs, jobId] = /^cancellation:(\d{1,15}):([^\0]+)$/s.exec(fromCursorText(cursor)?.toString() ?? '') ?? [];
    return sentAtMs === undefined || jobId === undefined ? null : { sentAtMs, jobId };
  },
};
