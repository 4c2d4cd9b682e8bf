import type { CallContext } from '../../../jobs/adapter.ts';
import type { Problem } from '../../../jobs/problem.ts';
import { type Libraries, toListProblem } from './list.ts';

/** Reads one row of the first library, the cheapest request that requires the credentials. Null: the system responds. */
export async function checkHealth({ systemId, calls, libraries }: Libraries, call: CallContext): Promise<Problem | null> {
  const [libraryId] = libraries;
  const reply = await calls.listJobs(libraryId, { pageSize: 1 }, call);
  return reply.kind === 'value' ? null : toListProblem(reply, { systemId, calls, libraryId });
}
