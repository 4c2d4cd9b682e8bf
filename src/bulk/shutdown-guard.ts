import type { ServedSystem } from '../job-service/served-system.ts';
import { createProblem } from '../jobs/problem.ts';

/** The system, which sends no action once `closing` is aborted. Requests that were sent are finished, and reads continue. */
export function withShutdownGuard(system: ServedSystem, closing: AbortSignal): ServedSystem {
  const { adapter, id } = system;
  return {
    ...system,
    adapter: {
      ...adapter,
      async performAction(action, targets, call) {
        if (!closing.aborted) return adapter.performAction(action, targets, call);
        const problem = createProblem('NOT_ATTEMPTED', `Not sent to ${id}: Jobyard is shutting down.`);
        return targets.map(() => ({ kind: 'notSent', problem }));
      },
    },
  };
}
