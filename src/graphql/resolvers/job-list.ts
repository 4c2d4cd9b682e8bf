import type { JobService } from '../../job-service/job-service.ts';
import type { JobOrder } from '../../jobs/adapter.ts';
import type { JobPage } from '../../listing/list-jobs.ts';
import type { JobConnectionResolvers, QueryJobsArgs, SystemPageResolvers } from '../generated/resolvers.ts';
import { badUserInput, checkLengths, checkNames, toRowCount } from './bad-user-input.ts';
import type { Context } from './context.ts';
import { inTurns } from './in-turns.ts';

export const maxRows = 500;
export const defaultRows = 50;
export const defaultOrder: JobOrder = { field: 'CREATED_AT', direction: 'DESC' };

/** Cursors are signed only if they are selected. */
export const jobConnectionResolvers: JobConnectionResolvers<Context> = {
  nodes: ({ jobs }, _arguments, { caller }) => inTurns(jobs, caller.name),
  edges(page, _arguments, { caller }) {
    const edges = page.jobs.map((node, index) => ({
      node,
      get cursor() {
        return page.cursorAt(index);
      },
    }));
    return inTurns(edges, caller.name);
  },
  pageInfo: (page) => ({
    hasNextPage: page.hasNextPage,
    hasPreviousPage: page.hasPreviousPage,
    get startCursor() {
      return page.jobs.length > 0 ? page.cursorAt(0) : null;
    },
    get endCursor() {
      return page.endCursor();
    },
  }),
};

export const systemPageResolvers: SystemPageResolvers<Context> = {
  problem: ({ problem, system }) => problem && { ...problem, systemId: system.id },
};

/** A page of these systems' jobs, or BAD_USER_INPUT for invalid arguments. */
export async function listPage(jobs: JobService, { filter, orderBy, first, after }: QueryJobsArgs): Promise<JobPage> {
  const rows = toRowCount(first, { max: maxRows, byDefault: defaultRows });
  checkSystems(filter, jobs);
  const order = orderBy ?? defaultOrder;
  const page = await jobs.listJobs({ filter: filter ?? {}, order, first: rows, after: after ?? null });
  if (!page)
    throw badUserInput(
      'after: not a cursor of this list (altered, of another filter or order, or signed with a previous key). Omit after to start from the first page.',
    );
  return page;
}

/** BAD_USER_INPUT for a filter with a system or vendor that doesn't exist or whose jobs the caller can't read. */
export function checkSystems(filter: QueryJobsArgs['filter'], { readableSystems }: JobService): void {
  checkLengths(filter, 'filter');
  const idsOfSystems = readableSystems.map(({ id }) => id);
  checkNames(filter?.systemIds, idsOfSystems, { argument: 'filter.systemIds', kind: 'system' });
  const vendors = readableSystems.map(({ vendor }) => vendor);
  checkNames(filter?.vendors, vendors, { argument: 'filter.vendors', kind: 'vendor' });
}
