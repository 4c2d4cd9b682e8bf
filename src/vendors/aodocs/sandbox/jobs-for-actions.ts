import type { SandboxAction } from '../../../sandbox-kit/sandbox.ts';
import type { AodocsState } from './state.ts';

/** Jobs on which the vendor performs each action that it has. */
const jobs: Partial<Record<SandboxAction, Parameters<AodocsState['addJob']>[0]>> = {
  CANCEL: { status: 'IN_PROGRESS' },
};

export function addJobsFor(state: Pick<AodocsState, 'addJob'>, action: SandboxAction, count: number): string[] {
  const fields = jobs[action];
  return fields ? Array.from({ length: count }, () => state.addJob(fields)) : [];
}
