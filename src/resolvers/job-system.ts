import type { JobCapability, JobSystemResolvers, SystemHealthResolvers } from '../generated/resolvers.ts';
import type { SystemHealth } from '../jobs/health.ts';
import { jobActions } from '../jobs/job.ts';
import type { JobSystem } from '../jobs/system.ts';
import type { Context } from './context.ts';
import { listPage } from './job-list.ts';

export type HealthParent = SystemHealth & { system: JobSystem };

export const jobSystemResolvers: JobSystemResolvers<Context> = {
  capabilities: ({ adapter }): JobCapability[] =>
    jobActions.map((action) => {
      const { support, fromStatuses, maxBatchSize, completesLater } = adapter.actions[action];
      return { action, support, fromStatuses: [...fromStatuses], maxBatchSize, completesLater };
    }),
  health: async (system, _arguments, { jobs }): Promise<HealthParent> => ({ ...(await jobs.checkHealth(system)), system }),
  jobs: (system, { filter, ...listArguments }, { jobs }) => {
    // As a filter, so that the cursor is bound to the system.
    const isAsked = filter?.systemIds?.includes(system.id) ?? true;
    return listPage(jobs, { ...listArguments, filter: { ...filter, systemIds: isAsked ? [system.id] : [] } });
  },
};

export const systemHealthResolvers: SystemHealthResolvers<Context> = {
  problem: ({ problem, system }) => problem && { ...problem, systemId: system.id },
};
