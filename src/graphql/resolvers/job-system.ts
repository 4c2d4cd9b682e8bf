import type { JobService } from '../../job-service/job-service.ts';
import type { ServedSystem } from '../../job-service/served-system.ts';
import { isAsynchronous } from '../../jobs/by-state.ts';
import { jobActions } from '../../jobs/job.ts';
import { accessDenied } from '../../jobs/permissions.ts';
import type { SystemChange } from '../../live/system-watcher.ts';
import type { JobCapability, JobSystemResolvers, SubscriptionResolvers, SystemHealthResolvers } from '../generated/resolvers.ts';
import { badUserInput } from './bad-user-input.ts';
import type { Context } from './context.ts';
import { toError } from './field-error.ts';
import { checkSystems, listPage } from './job-list.ts';
import { rateLimited } from './live.ts';
import type { HealthParent } from './parents.ts';

export const jobSystemResolvers: JobSystemResolvers<Context> = {
  capabilities: (system, _arguments, { jobs }): JobCapability[] => {
    checkVisible(system, jobs);
    return jobActions.map((action) => {
      const support = system.adapter.actions[action];
      const { allowedStatuses, maxBatchSize } = support;
      return {
        action,
        support: support.support,
        allowedStatuses: [...allowedStatuses],
        maxBatchSize,
        asynchronous: isAsynchronous(support),
        createsJob: support.creates === true,
      };
    });
  },
  logs: (system, _arguments, { jobs }) => {
    checkVisible(system, jobs);
    const { ofJobs = false, ofSteps = false, hasSeverities = false } = system.adapter.logs ?? {};
    return { ofJobs, ofSteps, hasSeverities };
  },
  health: async (system, _arguments, { jobs }): Promise<HealthParent> => {
    checkVisible(system, jobs);
    return { ...(await jobs.checkHealth(system)), system };
  },
  breaker: (system, _arguments, { jobs }) => {
    checkVisible(system, jobs);
    return system.state.breaker();
  },
  traffic: (system, _arguments, { jobs }) => {
    checkVisible(system, jobs);
    return { ...system.state.traffic(), concurrency: system.concurrency };
  },
  credentials: (system, _arguments, { jobs }) => {
    checkVisible(system, jobs);
    return system.state.credentials();
  },
  jobs: (system, { filter, ...listArguments }, { jobs }) => {
    checkSystems(filter, jobs);
    // As a filter, so that the cursor is bound to the system.
    const isAsked = filter?.systemIds?.includes(system.id) ?? true;
    // A system whose jobs the caller can't read lists none.
    const isListed = isAsked && jobs.permissions.mayRead(system.id);
    return listPage(jobs, { ...listArguments, filter: { ...filter, systemIds: isListed ? [system.id] : [] } });
  },
};

export const systemHealthResolvers: SystemHealthResolvers<Context> = {
  problem: ({ problem, system }) => problem && { ...problem, systemId: system.id },
};

export const jobSystemsChanged: NonNullable<SubscriptionResolvers<Context>['jobSystemsChanged']> = {
  subscribe(_parent, { ids }, { jobs, systemChanges }) {
    const subscription = systemChanges(ids ? ids.map((id) => findVisible(id, jobs)) : jobs.visibleSystems);
    if (!subscription.ok) throw rateLimited(subscription.problem);
    return subscription.value;
  },
  resolve: ({ system }: SystemChange) => system,
};

function findVisible(id: string, { visibleSystems }: JobService): ServedSystem {
  const system = visibleSystems.find((each) => each.id === id);
  if (system) return system;
  const known = visibleSystems.map((each) => each.id).join(', ') || 'none';
  throw badUserInput(`ids: expected a system that you can see (${known}), got "${id}".`);
}

/** A job leads to its system, even if the caller may only read jobs of the system. */
function checkVisible({ id }: ServedSystem, { permissions }: JobService): void {
  if (!permissions.maySeeSystem(id)) throw toError(accessDenied('systems:read', id));
}
