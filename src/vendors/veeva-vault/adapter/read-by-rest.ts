import { mapConcurrently } from '../../../concurrency/map-concurrently.ts';
import type { CallContext, ReadResult } from '../../../jobs/adapter.ts';
import { createProblem } from '../../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import type { ReadDate } from './dates.ts';
import { toResult, type VaultReply } from './envelope.ts';
import { toVaultId } from './job-id.ts';
import { describe, fromRest } from './map.ts';
import { isFields, jobListSchema, jobStatusSchema } from './wire.ts';

/** The parts that reads by REST need. */
export interface RestParts {
  systemId: string;
  calls: Calls;
  readDate: ReadDate;
  concurrency: number;
}

/** From this number of jobs on, a search of the newest rows of the lists needs fewer requests than reading one by one. */
const scanFrom = 50;

/** Reads each job with Retrieve Job Status. */
export async function readEachByRest(parts: RestParts, vendorIds: readonly string[], call: CallContext): Promise<Map<string, ReadResult>> {
  const readOne = async (vendorId: string) => [vendorId, await readByRest(parts, vendorId, call)] as const;
  return new Map(await mapConcurrently(vendorIds, parts.concurrency, readOne));
}

/** The same, from the lists if possible. Their rows have the creation and the owner too. */
export async function readFullyByRest(parts: RestParts, vendorIds: readonly string[], call: CallContext): Promise<Map<string, ReadResult>> {
  const found = vendorIds.length >= scanFrom ? await findInLists(parts, vendorIds, call) : new Map<string, ReadResult>();
  const others = vendorIds.filter((id) => !found.has(id));
  return new Map([...found, ...(await readEachByRest(parts, others, call))]);
}

async function readByRest({ systemId, calls, readDate }: RestParts, vendorId: string, call: CallContext): Promise<ReadResult> {
  const answer = await calls.retrieveJobStatus(vendorId, call);
  // A numeric ID is always valid, so INVALID_DATA means that no job has it.
  if (answer.kind === 'rejected' && answer.rejection.type === 'INVALID_DATA' && !answer.rejection.exception) return { kind: 'notFound' };
  const read = toResult(systemId, answer, jobStatusSchema);
  if (!read.ok) return { kind: 'problem', problem: read.problem };
  const { data } = read.value;
  if (toVaultId(data.id) === vendorId) return { kind: 'job', job: fromRest(vendorId, data, readDate) };
  const message = `${systemId} returned a job whose ID is ${describe(data.id)} instead of job ${vendorId}.`;
  return { kind: 'problem', problem: createProblem('INVALID_VENDOR_RESPONSE', message) };
}

/** Finds jobs in the newest rows of the lists, which return 200 at once: callers mostly read these. */
async function findInLists(parts: RestParts, vendorIds: readonly string[], call: CallContext): Promise<Map<string, ReadResult>> {
  const { systemId, calls } = parts;
  const wanted = new Set(vendorIds);
  const found = new Map<string, ReadResult>();
  let pagesLeft = Math.ceil(vendorIds.length / 10);
  for (const list of ['monitors', 'histories']) {
    let position: string | null = `${list}?limit=200`;
    while (position?.startsWith(`${list}?`) && pagesLeft > 0 && found.size < wanted.size) {
      pagesLeft -= 1;
      const answer: VaultReply = await calls.retrievePage(position, call);
      const page = toResult(systemId, answer, jobListSchema);
      if (!page.ok) return found;
      takeWanted(parts, page.value.jobs, wanted, found);
      const link = page.value.responseDetails?.next_page;
      position = link ? calls.toPosition(link) : null;
    }
  }
  return found;
}

function takeWanted({ readDate }: RestParts, rows: readonly unknown[], wanted: ReadonlySet<string>, found: Map<string, ReadResult>): void {
  for (const row of rows) {
    const vendorId = isFields(row) ? toVaultId(row.job_id) : null;
    if (isFields(row) && vendorId !== null && wanted.has(vendorId))
      found.set(vendorId, { kind: 'job', job: fromRest(vendorId, row, readDate) });
  }
}
