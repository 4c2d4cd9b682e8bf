import type { CallContext } from '../../../jobs/adapter.ts';
import type { Problem } from '../../../jobs/problem.ts';
import type { Calls } from './calls.ts';

/** Reads one DAG: Airflow's own health endpoint needs no credentials, so it proves none. Null: the system responds. */
export async function checkHealth(calls: Calls, call: CallContext): Promise<Problem | null> {
  const reply = await calls.probe(call);
  return reply.kind === 'value' ? null : reply.problem;
}
