import type { CallContext, ReadResult } from '../../../jobs/adapter.ts';
import type { Job } from '../../../jobs/job.ts';
import { splitVendorId } from './job-id.ts';
import type { Reads } from './list.ts';

/** Reads the tags of the jobs' DAGs: each DAG once. */
export async function readTags({ calls }: Reads, jobs: readonly Job[], call: CallContext): Promise<ReadResult[]> {
  const dags = new Map([...new Set(jobs.map(dagOf))].map((dagId) => [dagId, calls.getDag(dagId, call)]));
  return Promise.all(
    jobs.map(async (job): Promise<ReadResult> => {
      const reply = await dags.get(dagOf(job));
      if (reply?.kind === 'value') return { kind: 'job', job: { ...job, tags: reply.value.tags.map(({ name }) => name) } };
      // The runs of a DAG remain after it is gone.
      if (!reply || (reply.kind === 'rejected' && reply.isAbsent)) return { kind: 'job', job };
      return { kind: 'problem', problem: reply.problem };
    }),
  );
}

function dagOf({ vendorId }: Job): string {
  return splitVendorId(vendorId).dagId;
}
