import type { CallContext, JobAction, JobFields, JobSystemAdapter, LogPart, LogRequest } from 'jobyard/adapter';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { readEverything } from '../../../src/conformance/check.ts';
import { allJobs, type JobQuery } from '../../../src/jobs/adapter.ts';
import { createJob } from '../../../src/jobs/create-job.ts';
import { jobFields } from '../../../test/jobs/memory-adapter.ts';
import { createSettingsSchema } from '../src/adapter/settings.ts';
import bullmq from '../src/index.ts';

export const createCall = (): CallContext => ({ caller: 'test', signal: AbortSignal.timeout(20_000), credential: null });

export interface AdapterInTest {
  adapter: JobSystemAdapter;
  list(query?: Partial<JobQuery>): Promise<Map<string, JobFields>>;
  read(vendorId: string): Promise<JobFields | null>;
  readLog(vendorId: string, request: LogRequest): Promise<LogPart | null>;
  /** As the core does it: reads the job first. */
  act(action: JobAction, vendorId: string, call?: Partial<CallContext>): ReturnType<JobSystemAdapter['performAction']>;
}

/** The adapter on a Redis server, until the test has finished. */
export function startAdapter(
  url: string,
  settings: Record<string, unknown> = {},
  timeoutMs = 5_000,
  certificateAuthorities: string | null = null,
): AdapterInTest {
  const parsed = createSettingsSchema(z.string()).parse(settings);
  const transport = { timeoutMs, concurrency: 4, maxResponseBytes: 1e7, connection: { certificateAuthorities, proxy: null } };
  const adapter = bullmq.createAdapter({ id: 'queues', url, transport }, parsed);
  onTestFinished(() => adapter.close());
  const read = async (vendorId: string): Promise<JobFields | null> => {
    const [result] = (await adapter.getJobs?.([vendorId], createCall())) ?? [];
    if (result?.kind === 'problem') throw new Error(result.problem.message);
    return result?.kind === 'job' ? result.job : null;
  };
  return {
    adapter,
    read,
    list: (query = {}) => readEverything({ ...allJobs, ...query }, { adapter, createCall, secrets: [] }),
    async readLog(vendorId, request) {
      const job = createJob('queues', jobFields(vendorId), new Date());
      const log = await adapter.logs?.getPart(job, request, createCall());
      if (!log?.ok) throw new Error(log?.problem.message);
      return log.value;
    },
    async act(action, vendorId, call = {}) {
      const fields = await read(vendorId);
      const job = fields && createJob('queues', fields, new Date());
      return adapter.performAction(action, [{ vendorId, job }], { ...createCall(), ...call });
    },
  };
}
