import type { CallContext } from '../../../jobs/adapter.ts';
import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { parseJson } from '../../../json/parse.ts';
import type { Calls } from './calls.ts';
import { quote } from './errors.ts';
import { highAvailabilityPartSchema, type SystemStatus, systemPartSchema } from './wire.ts';

/** Null: the cluster answers, and takes requests. */
export async function checkHealth({ systemId, calls }: { systemId: string; calls: Calls }, call: CallContext): Promise<Problem | null> {
  const reply = await calls.showSystemStatus(call);
  return reply.kind === 'value' ? describeHealth(systemId, reply.value) : reply.problem;
}

/** Why a cluster that answers should get no requests; null: it should. What its status leaves out speaks for it. */
function describeHealth(systemId: string, { status_map: parts }: SystemStatus): Problem | null {
  const state = systemPartSchema.safeParse(parseJson(parts?.system ?? '')).data?.status;
  if (state !== undefined && state.toLowerCase() !== 'running') {
    return createProblem('SYSTEM_UNAVAILABLE', `${systemId} answers, but its database is not running: its state is ${quote(state)}.`);
  }
  // A cluster that drains still says "running".
  const drained = highAvailabilityPartSchema.safeParse(parseJson(parts?.ha_status ?? '')).data?.drained;
  if (drained !== undefined && drained.toLowerCase() !== 'not_drained') {
    return createProblem(
      'SYSTEM_UNAVAILABLE',
      `${systemId} is being taken out of its high-availability group: its state is ${quote(drained)}.`,
    );
  }
  return null;
}
