import type { SandboxAction } from '../../../sandbox-kit/sandbox.ts';
import type { KylinState } from './state.ts';

/** Jobs on which the vendor performs each action that it has. */
const jobs: Partial<Record<SandboxAction, Parameters<KylinState['addJob']>[0]>> = {
  CANCEL: { state: 'PAUSED' },
  PAUSE: { state: 'RUNNING', runMs: 3_600_000 },
  RESUME: { state: 'PAUSED' },
  RESTART: { state: 'PAUSED' },
};

export function addJobsFor(state: Pick<KylinState, 'addJob'>, action: SandboxAction, count: number): string[] {
  const fields = jobs[action];
  return fields ? Array.from({ length: count }, () => state.addJob(fields)) : [];
}
