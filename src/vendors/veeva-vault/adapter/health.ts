import type { CallContext } from '../../../jobs/adapter.ts';
import type { Problem } from '../../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import { toResult } from './envelope.ts';
import { jobListSchema } from './wire.ts';

/** Reads one row of the monitors, the cheapest request of the Jobs API. Null: the system responds. */
export async function checkHealth({ systemId, calls }: { systemId: string; calls: Calls }, call: CallContext): Promise<Problem | null> {
  const page = toResult(systemId, await calls.retrievePage('monitors?limit=1', call), jobListSchema);
  return page.ok ? null : page.problem;
}
