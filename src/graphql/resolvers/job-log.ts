import type { Job } from '../../jobs/job.ts';
import { accessDenied } from '../../jobs/permissions.ts';
import type { JobLogArgs, JobLogConnectionResolvers, JobLogEdgeResolvers } from '../generated/resolvers.ts';
import { badUserInput, toRowCount } from './bad-user-input.ts';
import type { Context } from './context.ts';
import { toError } from './field-error.ts';
import type { JobLogParent } from './parents.ts';

const maxLines = 500;
const defaultLines = 100;

/** A page of the log of a job, or of one of its steps. */
export async function logOf(
  job: Job,
  stepId: string | null,
  { first, after, minSeverity }: JobLogArgs,
  { jobs }: Context,
): Promise<JobLogParent | null> {
  const lines = toRowCount(first, { min: 1, max: maxLines, byDefault: defaultLines });
  if (!jobs.permissions.mayReadLogs(job.systemId)) throw toError(accessDenied('jobs:logs', job.systemId));
  const page = await jobs.loadLog(job, { stepId, first: lines, after: after ?? null, minSeverity: minSeverity ?? null });
  if (page === 'badCursor') {
    throw badUserInput(
      'after: not a cursor of this log (altered, of another job, step, or minSeverity, or signed with a previous key). Omit after to start from the first line.',
    );
  }
  return page && { ...page, systemId: job.systemId };
}

export const jobLogConnectionResolvers: JobLogConnectionResolvers<Context> = {
  nodes: ({ lines }) => [...lines],
  edges: (page) => page.lines.map((node, index) => ({ node, cursor: () => page.cursorAt(index) })),
  pageInfo: ({ lines, hasNextPage, hasPreviousPage, cursorAt, endCursor }) => ({
    hasNextPage,
    hasPreviousPage,
    startCursor: () => (lines.length > 0 ? cursorAt(0) : null),
    endCursor,
  }),
  problem: ({ problem, systemId }) => problem && { ...problem, systemId },
};

export const jobLogEdgeResolvers: JobLogEdgeResolvers<Context> = { cursor: ({ cursor }) => cursor() };
