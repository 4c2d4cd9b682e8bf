import type { CallContext } from '../../../jobs/adapter.ts';
import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { parseJson } from '../../../json/parse.ts';
import type { Calls } from './calls.ts';
import { quote } from './errors.ts';
import { highAvailabilityPartSchema, type SystemStatus, systemPartSchema } from './wire.ts';

/** Null: the cluster responds and accepts requests. */
export async function checkHealth({ systemId, calls }: { systemId: string; calls: Calls }, call: CallContext): Promise<Problem | null> {
  const reply = await calls.showSystemStatus(call);
  return reply.kind === 'value' ? describeHealth(systemId, reply.value) : reply.problem;
}

/** Why a cluster that responds can't accept requests. Null: it can. A part that the status leaves out counts as good. */
function describeHealth(systemId: string, { status_map: parts }: SystemStatus): Problem | null {
  const state = systemPartSchema.safeParse(parseJson(parts?.system ?? '')).data?.status;
  if (state !== undefined && state.toLowerCase() !== 'running') {
    return createProblem(
      'SYSTEM_UNAVAILABLE',
      `${systemId} responds, but its database is not running (state: ${quote(state)}). Start the database.`,
    );
  }
  // The state of a draining cluster is still "running".
  const drained = highAvailabilityPartSchema.safeParse(parseJson(parts?.ha_status ?? '')).data?.drained;
  if (drained !== undefined && drained.toLowerCase() !== 'not_drained') {
    return createProblem(
      'SYSTEM_UNAVAILABLE',
      `${systemId} is being removed from its high-availability group (state: ${quote(drained)}). Set url to another cluster.`,
    );
  }
  return null;
}
