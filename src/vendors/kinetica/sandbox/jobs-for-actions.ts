import type { SandboxAction } from '../../../sandbox-kit/sandbox.ts';
import type { KineticaState } from './state.ts';

/** Jobs on which the vendor performs each action that it has. */
const jobs: Partial<Record<SandboxAction, Parameters<KineticaState['addJob']>[0]>> = {
  CANCEL: { status: 'WAITING' },
};

export function addJobsFor(state: Pick<KineticaState, 'addJob'>, action: SandboxAction, count: number): string[] {
  const fields = jobs[action];
  return fields ? Array.from({ length: count }, () => state.addJob(fields)) : [];
}
