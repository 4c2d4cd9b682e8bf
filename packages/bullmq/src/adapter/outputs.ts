import { type CallContext, fail, type Job, type JobOutput, parseJson, type Result, succeed } from 'jobyard/adapter';
import type { Exchange } from './calls.ts';
import { describeError } from './errors.ts';
import { splitVendorId } from './job-id.ts';
import { createKeyOf } from './keys.ts';
import type { Reader } from './read.ts';

/** What the processor of a completed job returned. */
export async function getOutputs(reader: Reader, job: Job, call: CallContext): Promise<Result<JobOutput[] | null>> {
  // A value of an earlier attempt may remain.
  if (job.status !== 'SUCCEEDED') return succeed([]);
  const { queue, id } = splitVendorId(job.vendorId);
  const key = createKeyOf(reader.prefix, queue)(id);
  const exchange: Exchange<{ text: string | null }> = async ({ redis }, start) =>
    start() ? { text: await redis.hget(key, 'returnvalue') } : null;
  const reply = await reader.send('read', reader.slot, exchange, call);
  if (reply.kind === 'failed') return fail(reply.problem);
  if (reply.kind === 'error') return fail(describeError(reader.systemId, reply.error));
  const { text } = reply.value;
  if (text === null) return succeed([]);
  const value = parseJson(text);
  return succeed([{ name: 'returnvalue', stepId: null, value: value === undefined ? text : value }]);
}
