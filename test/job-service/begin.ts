import type { ActionIntent } from '../../src/actions/audit.ts';
import type { JobLookup } from '../../src/job-service/job-lookups.ts';
import { createJobService, type JobServiceOptions } from '../../src/job-service/job-service.ts';
import type { ActionSupport, CallContext, ReadResult } from '../../src/jobs/adapter.ts';
import type { JobStatus } from '../../src/jobs/job.ts';
import type { Permissions } from '../../src/jobs/permissions.ts';
import { cancelSupport, connectMemory, jobFields, type MemoryOptions } from '../jobs/memory-adapter.ts';

export const support: ActionSupport = {
  ...cancelSupport,
  support: 'NATIVE_BATCH',
  maxBatchSize: null,
  requestSize: 100,
  readBeforeAction: true,
};
export const act = { dryRun: false, reason: null };

export const allowAll: Permissions = {
  mayRead: () => true,
  mayReadRaw: () => true,
  mayReadLogs: () => true,
  mayAct: () => true,
  mayReadEvents: () => true,
  maySeeSystem: () => true,
};

/** A system whose jobs change state at once. */
export function connect(id: string, statuses: Record<string, JobStatus>, options: MemoryOptions = {}) {
  const jobs = new Map(Object.entries(statuses));
  const calls: CallContext[] = [];
  const connected = connectMemory({
    id,
    actions: { CANCEL: support, PAUSE: { ...support, allowedStatuses: ['RUNNING'] } },
    answerRead(vendorId, call): ReadResult {
      calls.push(call);
      const status = jobs.get(vendorId);
      return status ? { kind: 'job', job: jobFields(vendorId, { status }) } : { kind: 'notFound' };
    },
    answerAction(action, targets, call) {
      calls.push(call);
      for (const { vendorId } of targets) jobs.set(vendorId, action === 'CANCEL' ? 'CANCELLED' : 'PAUSED');
      return targets.map(() => ({ kind: 'accepted', job: null }));
    },
    checkVendorId: (vendorId) => (vendorId.startsWith('0') ? 'An id of this vendor does not begin with 0.' : null),
    ...options,
  });
  return { ...connected, jobs, calls };
}

export function begin(systems: JobServiceOptions['systems'], overrides: Partial<JobServiceOptions> = {}) {
  const entries: string[] = [];
  const intents: ActionIntent[] = [];
  const operation = createJobService({
    caller: 'test',
    systems,
    permissions: allowAll,
    audit: {
      recordIntent(intent) {
        intents.push(intent);
        entries.push(`intend ${intent.action} ${intent.jobIds}`);
      },
      recordSent: (_batchId, jobIds) => entries.push(`send ${jobIds}`),
      recordOutcomes: (_batchId, settled) => entries.push(`settle ${settled.map(({ jobId }) => jobId)}`),
      recordDenial: () => {},
    },
    readSignal: new AbortController().signal,
    actSignal: new AbortController().signal,
    ...overrides,
  });
  return { ...operation, entries, intents };
}

export const describeLookup = (lookup: JobLookup): string =>
  lookup.kind === 'job' ? `${lookup.job.id} ${lookup.job.status}` : `${lookup.kind} ${lookup.problem.code}`;
