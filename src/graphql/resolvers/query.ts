import type { QueryResolvers } from '../generated/resolvers.ts';
import { assertIds } from './bad-user-input.ts';
import type { Context } from './context.ts';
import { toJobResult } from './job.ts';
import { jobEvents } from './job-event.ts';
import { listPage } from './job-list.ts';

const maxReads = 500;

export const queryResolvers: QueryResolvers<Context> = {
  job: async (_parent, { id }, { jobs }) => toJobResult(await jobs.loadJob(id), id),
  jobsByIds: async (_parent, { ids }, { jobs }) => {
    assertIds(ids, maxReads, 'ids');
    const lookups = await jobs.loadJobs(ids);
    return lookups.map((lookup, index) => toJobResult(lookup, ids[index] as string));
  },
  jobs: (_parent, listArguments, { jobs }) => listPage(jobs, listArguments),
  jobEvents,
  jobSystems: (_parent, _arguments, { jobs }) => [...jobs.visibleSystems],
  jobSystem: (_parent, { id }, { jobs }) => jobs.visibleSystems.find((system) => system.id === id) ?? null,
};
