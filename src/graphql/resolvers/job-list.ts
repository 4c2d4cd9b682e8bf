import type { JobService } from '../../job-service/job-service.ts';
import type { JobPage } from '../../listing/list-jobs.ts';
import type { ListOptions } from '../../listing/list-options.ts';
import type { JobConnectionResolvers, JobEdgeResolvers, QueryJobsArgs, SystemPageResolvers } from '../generated/resolvers.ts';
import { assertIds, badUserInput, checkLengths, checkNames } from './bad-user-input.ts';
import { toPageRange } from './connection.ts';
import type { Context } from './context.ts';
import { inTurns } from './in-turns.ts';

export const maxRows = 500;
export const defaultRows = 50;
export const defaultOrder: ListOptions['order'] = { field: 'CREATED_AT', direction: 'DESC' };

export const jobConnectionResolvers: JobConnectionResolvers<Context> = {
  nodes: ({ jobs }, _arguments, { caller }) => inTurns(jobs, caller.name),
  edges(page, _arguments, { caller }) {
    const edges = page.jobs.map((node, index) => ({ node, cursor: () => page.cursorAt(index) }));
    return inTurns(edges, caller.name);
  },
  pageInfo: ({ hasNextPage, hasPreviousPage, startCursor, endCursor }) => ({ hasNextPage, hasPreviousPage, startCursor, endCursor }),
};

export const jobEdgeResolvers: JobEdgeResolvers<Context> = { cursor: ({ cursor }) => cursor() };

export const systemPageResolvers: SystemPageResolvers<Context> = {
  problem: ({ problem, system }) => problem && { ...problem, systemId: system.id },
};

/** A page of these systems' jobs, or BAD_USER_INPUT for invalid arguments. */
export async function listPage(jobs: JobService, { filter, orderBy, ...rows }: QueryJobsArgs): Promise<JobPage> {
  const range = toPageRange(rows, { max: maxRows, byDefault: defaultRows });
  checkSystems(filter, jobs);
  const page = await jobs.listJobs({ filter: filter ?? {}, order: orderBy ?? defaultOrder, ...range });
  if (page) return page;
  const argument = 'last' in range ? 'before' : 'after';
  throw badUserInput(
    `${argument}: not a cursor of this list (altered, of another filter or order, of another version, or signed with a previous key). Omit ${argument} to start from the ${argument === 'after' ? 'first' : 'last'} page.`,
  );
}

/** The maximum number of IDs in a filter. */
const maxFilterIds = 500;

/** BAD_USER_INPUT for a filter with a system, vendor, or invalid job ID, or whose jobs the caller can't read. */
export function checkSystems(filter: QueryJobsArgs['filter'], { readableSystems, locateReadable }: JobService): void {
  checkLengths(filter, 'filter');
  if (filter?.ids) assertIds(filter.ids, maxFilterIds, 'filter.ids');
  for (const id of filter?.ids ?? []) {
    const located = locateReadable(id);
    if (located.kind !== 'readable') throw badUserInput(`filter.ids: ${located.problem.message}`);
  }
  const idsOfSystems = readableSystems.map(({ id }) => id);
  checkNames(filter?.systemIds, idsOfSystems, { argument: 'filter.systemIds', kind: 'system' });
  const vendors = readableSystems.map(({ vendor }) => vendor);
  checkNames(filter?.vendors, vendors, { argument: 'filter.vendors', kind: 'vendor' });
}
