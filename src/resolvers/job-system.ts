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
  health: async (system): Promise<HealthParent> => ({ ...(await system.health.check()), system }),
  jobs: (system, listArguments, { jobs }) => listPage(jobs, listArguments, [system]),
};

export const systemHealthResolvers: SystemHealthResolvers<Context> = {
  problem: ({ problem, system }) => problem && { ...problem, systemId: system.id },
};
