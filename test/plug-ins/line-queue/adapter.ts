import {
  type ActionResponse,
  type ActionSupport,
  type CallContext,
  type CallResult,
  createProblem,
  fail,
  type JobFields,
  type JobStatus,
  type JobSystemAdapter,
  type ListedJob,
  type ListSource,
  type Problem,
  type ReadResult,
  type Result,
  type SystemSettings,
  succeed,
  toUncertain,
  unsupportedAction,
} from 'jobyard/adapter';
import { z } from 'zod';
import { createSend, type QueueReply, type Send } from './calls.ts';

const statuses: ReadonlyMap<string, JobStatus> = new Map([
  ['waiting', 'QUEUED'],
  ['active', 'RUNNING'],
  ['stopping', 'CANCELLING'],
  ['canceled', 'CANCELLED'],
  ['done', 'SUCCEEDED'],
  ['failed', 'FAILED'],
]);

const jobSchema = z.object({ id: z.string(), state: z.string(), createdAtMs: z.number(), reason: z.string().optional() });
const listSchema = z.object({ jobs: z.array(jobSchema), total: z.int() });
const readSchema = z.array(jobSchema.nullable());
const names = z.array(z.string());

/** A waiting job is canceled at once; an active one is asked to stop, which it may never do. */
const cancelSupport: ActionSupport = {
  support: 'ONE_BY_ONE',
  allowedStatuses: ['QUEUED', 'RUNNING'],
  maxBatchSize: 1,
  asynchronous: (before) => before?.status !== 'QUEUED',
  safeToRetry: (before) => before?.status === 'QUEUED',
  requestSize: 1,
  readBeforeAction: true,
  acceptedState: (before) => (before?.status === 'QUEUED' ? { status: 'CANCELLED', vendorStatus: 'canceled' } : null),
  unchangedOutcome: (before) => (before?.status === 'QUEUED' ? 'VENDOR_REJECTED' : 'ACCEPTED'),
};

export function createAdapter({ id: systemId, url, transport }: SystemSettings, { token }: { token: string }): JobSystemAdapter {
  const send = createSend(systemId, url, token, transport);
  /** As last found: `listJobs` makes no request. */
  let queues: readonly string[] = [];
  return {
    actions: {
      CANCEL: cancelSupport,
      PAUSE: unsupportedAction,
      RESUME: unsupportedAction,
      RESTART: unsupportedAction,
      START: unsupportedAction,
    },
    reads: { maxBatchSize: 50, minIntervalMs: 0, scanFrom: null },
    hasScopes: true,
    checkVendorId: (id) => (/^[a-z]+:[1-9]\d{0,8}$/.test(id) ? null : 'expected QUEUE:NUMBER'),
    async findLists(call) {
      const found = await read(systemId, send, ['QUEUES'], names, call);
      if (found.ok) queues = found.value;
      return found.ok ? null : found.problem;
    },
    listJobs: ({ scopes }) => queues.filter((queue) => scopes?.includes(queue) ?? true).map((queue) => createList(systemId, send, queue)),
    getJobs: (ids, call) => getJobs(systemId, send, ids, call),
    performAction: (_action, targets, call) => Promise.all(targets.map(({ vendorId }) => cancel(systemId, send, vendorId, call))),
    async resolveInconclusive(_action, targets, call) {
      const found = await read(systemId, send, ['CANCELED', ...targets.map(({ vendorId }) => vendorId)], names, call);
      if (!found.ok) return targets.map(() => ({ kind: 'inconclusive', problem: found.problem }));
      const problem = createProblem('OUTCOME_UNKNOWN', `${systemId} has no event of the cancellation.`);
      return targets.map(({ vendorId }) =>
        found.value.includes(vendorId) ? { kind: 'accepted', job: null } : { kind: 'inconclusive', problem },
      );
    },
    async checkHealth(call) {
      const pong = await read(systemId, send, ['PING'], z.literal('PONG'), call);
      return pong.ok ? null : pong.problem;
    },
    async close() {},
  };
}

function createList(systemId: string, send: Send, queue: string): ListSource {
  const limit = 20;
  return {
    name: queue,
    order: { by: 'FIXED' },
    exact: false,
    numbered: true,
    async readPage({ row }, _count, call) {
      const list = await read(systemId, send, ['LIST', queue, String(row), String(limit)], listSchema, call);
      if (!list.ok) return list;
      const { jobs, total } = list.value;
      return succeed({ rows: jobs.map(toListedJob), firstRow: row, limit, total, nextPart: null, frontier: null });
    },
  };
}

async function getJobs(systemId: string, send: Send, ids: readonly string[], call: CallContext): Promise<ReadResult[]> {
  const found = await read(systemId, send, ['GET', ...ids], readSchema, call);
  if (!found.ok) return ids.map(() => ({ kind: 'problem', problem: found.problem }));
  return ids.map((_id, index): ReadResult => {
    const job = found.value[index];
    return job ? { kind: 'job', job: toFields(job) } : { kind: 'notFound' };
  });
}

async function cancel(systemId: string, send: Send, id: string, call: CallContext): Promise<ActionResponse> {
  const outcome = await send('action', ['CANCEL', id], call);
  if (!outcome.answered) return toUncertain(outcome);
  if (!('error' in outcome.reply)) return { kind: 'accepted', job: null };
  if (outcome.reply.error === 'NOJOB') return { kind: 'notFound' };
  return { kind: 'rejected', problem: toProblem(systemId, outcome.reply.error), vendorCode: outcome.reply.error };
}

async function read<T>(
  systemId: string,
  send: Send,
  words: readonly string[],
  schema: z.ZodType<T>,
  call: CallContext,
): Promise<Result<T>> {
  const outcome: CallResult<QueueReply> = await send('read', words, call);
  if (!outcome.answered) return fail(outcome.problem);
  if ('error' in outcome.reply) return fail(toProblem(systemId, outcome.reply.error));
  const value = schema.safeParse(outcome.reply.value);
  return value.success ? succeed(value.data) : fail(createProblem('INVALID_VENDOR_RESPONSE', `${systemId} returned an invalid response.`));
}

function toProblem(systemId: string, error: string): Problem {
  if (error === 'NOAUTH') return createProblem('VENDOR_AUTHENTICATION_FAILED', `${systemId} rejected the token.`);
  return createProblem('VENDOR_REJECTED', `${systemId} rejected the command: ${error}.`);
}

function toListedJob(job: z.output<typeof jobSchema>): ListedJob {
  return { vendorId: job.id, createdAtMs: job.createdAtMs, toFields: () => toFields(job) };
}

function toFields({ id, state, createdAtMs, reason }: z.output<typeof jobSchema>): JobFields {
  // A bug: tests show that it affects this job only.
  if (state === 'haunted') throw new TypeError(`No one knows what ${state} is`);
  const status = statuses.get(state) ?? 'UNKNOWN';
  return {
    vendorId: id,
    name: null,
    type: null,
    status,
    vendorStatus: state,
    owner: null,
    createdAt: new Date(createdAtMs),
    startedAt: null,
    finishedAt: null,
    durationSeconds: null,
    progress: null,
    failure: reason === undefined ? null : { message: reason, code: null, advice: null, step: null },
    scope: id.slice(0, id.indexOf(':')),
    waitSeconds: null,
    dataRange: null,
    raw: () => ({ id, state }),
  };
}
