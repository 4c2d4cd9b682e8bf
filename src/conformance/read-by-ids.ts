import { chunk } from '../concurrency/map-concurrently.ts';
import type { ReadResult } from '../jobs/adapter.ts';
import { findInLists } from '../reading/find-in-lists.ts';
import type { Subject } from './check.ts';

const maxRows = 100_000;

/** Reads jobs as the server does: in calls of the size that the adapter declares, or from its lists if the vendor has no reads by ID. */
export async function readByIds(ids: readonly string[], { adapter, createCall }: Subject): Promise<ReadResult[]> {
  if (!adapter.getJobs) {
    const { found, obstacle } = await findInLists({ systemId: 'the system', adapter, maxRows }, ids, createCall());
    return ids.map((id): ReadResult => {
      const row = found.get(id);
      if (row) return { kind: 'job', job: row.toFields() };
      return obstacle ? { kind: 'problem', problem: obstacle } : { kind: 'notFound' };
    });
  }
  const results: ReadResult[] = [];
  for (const some of chunk(ids, adapter.reads.maxBatchSize)) results.push(...(await adapter.getJobs(some, createCall())));
  return results;
}
