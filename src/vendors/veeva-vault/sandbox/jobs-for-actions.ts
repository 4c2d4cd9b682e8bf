import type { SandboxAction } from '../../../sandbox-kit/sandbox.ts';
import type { VaultJobs } from './jobs.ts';

/** Jobs on which the vendor performs each action that it has. */
const jobs: Partial<Record<SandboxAction, Parameters<VaultJobs['addJob']>[0]>> = {
  CANCEL: { status: 'SCHEDULED', frozen: true },
  START: { status: 'SCHEDULED', frozen: true },
};

export function addJobsFor(state: Pick<VaultJobs, 'addJob'>, action: SandboxAction, count: number): string[] {
  const fields = jobs[action];
  return fields ? Array.from({ length: count }, () => String(state.addJob(fields))) : [];
}
