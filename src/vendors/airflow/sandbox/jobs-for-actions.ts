import type { SandboxAction } from '../../../sandbox-kit/sandbox.ts';
import type { AirflowState } from './state.ts';

/** Runs on which Airflow performs each action that it has. */
const jobs: Partial<Record<SandboxAction, Parameters<AirflowState['addJob']>[0]>> = {
  CANCEL: { state: 'running', isFrozen: true },
  RESTART: { state: 'success', isFrozen: true },
  START: { state: 'success', isFrozen: true },
  RESUME: { state: 'failed', isFrozen: true },
};

export function addJobsFor(state: Pick<AirflowState, 'addJob'>, action: SandboxAction, count: number): string[] {
  const fields = jobs[action];
  return fields ? Array.from({ length: count }, () => state.addJob(fields)) : [];
}
