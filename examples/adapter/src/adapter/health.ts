import type { CallContext, Problem } from 'jobyard/adapter';
import type { Calls } from './calls.ts';

export async function checkHealth(calls: Calls, call: CallContext): Promise<Problem | null> {
  const reply = await calls.getStatus(call);
  return reply.kind === 'value' ? null : reply.problem;
}
