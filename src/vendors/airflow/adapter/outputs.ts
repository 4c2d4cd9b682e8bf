import type { CallContext } from '../../../jobs/adapter.ts';
import type { Job, JobOutput } from '../../../jobs/job.ts';
import { fail, type Result, succeed } from '../../../jobs/problem.ts';
import { parseJson } from '../../../json/parse.ts';
import { splitVendorId } from './job-id.ts';
import type { Reads } from './list.ts';
import { toStepId } from './steps.ts';
import { type XcomEntry, xcomEntrySchema } from './wire.ts';

/** The values cost one request each. */
export const maxOutputs = 20;

/** The XComs of the tasks, at most 20: their list has no values. */
export async function getOutputs({ calls }: Reads, { vendorId }: Job, call: CallContext): Promise<Result<JobOutput[] | null>> {
  const id = splitVendorId(vendorId);
  const list = await calls.listXcoms(id, maxOutputs, call);
  if (list.kind !== 'value') return fail(list.problem);
  const entries = list.value.xcom_entries.slice(0, maxOutputs).flatMap((row) => xcomEntrySchema.safeParse(row).data ?? []);
  const outputs: JobOutput[] = [];
  for (const { entry, reply } of await Promise.all(
    entries.map(async (each) => ({ entry: each, reply: await calls.getXcom(id, each, call) })),
  )) {
    // A task that runs again deletes its XComs.
    if (reply.kind === 'rejected' && reply.isAbsent) continue;
    if (reply.kind !== 'value') return fail(reply.problem);
    outputs.push(toOutput(entry, reply.value.value));
  }
  return succeed(outputs);
}

/** Airflow stores JSON, and returns it as its text. */
function toOutput(entry: XcomEntry, value: unknown): JobOutput {
  const parsed = typeof value === 'string' ? parseJson(value) : undefined;
  return { name: entry.key, stepId: toStepId(entry), value: parsed === undefined ? (value ?? null) : parsed };
}
