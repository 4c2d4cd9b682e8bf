import type { JobAction } from '../../src/jobs/job.ts';
import { isAction, type Operation } from './callers.ts';
import type { CallerPlan } from './replica.ts';

export const systemOf = (jobId: string): string => jobId.slice(0, jobId.indexOf(':'));

export function may(caller: CallerPlan, scope: string, systemId: string): boolean {
  return caller.grants.some((grant) => grant.scope === scope && (grant.systems === null || grant.systems.includes(systemId)));
}

export const mayAct = (caller: CallerPlan, action: JobAction, systemId: string): boolean =>
  may(caller, action === 'CANCEL' ? 'jobs:cancel' : 'jobs:operate', systemId);

/** The job ids of an action's input. */
export const idsOf = ({ kind, variables }: Operation): string[] => (isAction(kind) ? variables.input.ids : []);

export const resultsOf = ({
  data,
}: Operation): { __typename: string; jobId: string; outcome?: string; code?: string; message?: string }[] | null =>
  data?.payload?.results ?? null;
