import type { QueryResolvers } from '../generated/resolvers.ts';
import { assertIds } from './bad-user-input.ts';
import type { Context } from './context.ts';
import { toJobResult } from './job.ts';
import { jobEvents } from './job-event.ts';
import { listPage } from './job-list.ts';
import { resolveNode } from './node.ts';
import { toViewer } from './viewer.ts';

const maxReads = 500;

export const queryResolvers: QueryResolvers<Context> = {
  node: (_parent, { id }, context, info) => resolveNode(id, context, info),
  nodes: (_parent, { ids }, context, info) => {
    assertIds(ids, maxReads, 'ids');
    return Promise.all(ids.map((id) => resolveNode(id, context, info)));
  },
  viewer: (_parent, _arguments, { caller }) => toViewer(caller),
  job: async (_parent, { id }, { jobs }) => toJobResult(await jobs.loadJob(id), id),
  jobsByIds: async (_parent, { ids }, { jobs }) => {
    assertIds(ids, maxReads, 'ids');
    const loaded = await jobs.loadJobs(ids);
    return loaded.map(({ id, lookup }) => toJobResult(lookup, id));
  },
  jobs: (_parent, listArguments, { jobs }) => listPage(jobs, listArguments),
  jobEvents,
  jobSystems: (_parent, _arguments, { jobs }) => [...jobs.visibleSystems],
  jobSystem: (_parent, { id }, { jobs }) => jobs.visibleSystems.find((system) => system.id === id) ?? null,
};
