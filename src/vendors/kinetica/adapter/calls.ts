import type { z } from 'zod';
import type { CallContext } from '../../../jobs/adapter.ts';
import type { Problem } from '../../../jobs/problem.ts';
import { jsonInteger } from '../../../json/parse.ts';
import { describeCalledOff } from '../../../transport/blocked.ts';
import { describeUnreadJson } from '../../../transport/content.ts';
import { readJson, readText, type WireResponse } from '../../../transport/exchange.ts';
import { describeInvalidResponse, mayBeCarriedOut } from '../../../transport/failures.ts';
import { createHttpClient } from '../../../transport/http-client.ts';
import { type Reply as TransportReply, toFailed } from '../../../transport/reply.ts';
import type { TransportSettings } from '../../../transport/transport-settings.ts';
import { describeError, describeHttpError, isJobNotFound } from './errors.ts';
import type { KineticaJobId } from './job-id.ts';
import {
  type AlterJobs,
  alterJobsSchema,
  type GetJob,
  getJobSchema,
  type ShowJobs,
  type SystemStatus,
  showJobsSchema,
  systemStatusSchema,
  wrapperSchema,
} from './wire.ts';

/** The reply to a request. A rejected request changed nothing. */
export type Reply<T> = TransportReply<T, { isJobNotFound: boolean }>;

/** The endpoints that the adapter uses. Each request is a POST of one JSON object. */
export interface Calls {
  /** All jobs of the cluster: requests in flight, and asynchronous jobs that have ended. */
  showJobs(call: CallContext): Promise<Reply<ShowJobs>>;
  /** `tag`: the tag of the only job; null: sends none. */
  cancelJobs(numbers: readonly string[], tag: string | null, call: CallContext): Promise<Reply<AlterJobs>>;
  /** Kinetica rejects it for a job that /create/job did not start. */
  getJob(jobId: KineticaJobId, call: CallContext): Promise<Reply<GetJob>>;
  showSystemStatus(call: CallContext): Promise<Reply<SystemStatus>>;
  close(): Promise<void>;
}

interface CallsOptions {
  systemId: string;
  baseUrl: string;
  transport: TransportSettings;
  /** The value of the Authorization header; null: the cluster requires none. */
  authorization: string | null;
}

export function createCalls({ systemId, baseUrl, transport, authorization }: CallsOptions): Calls {
  const http = createHttpClient({ systemId, baseUrl, transport, judgeCredentials });
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(authorization === null ? {} : { authorization }),
  };

  const post = async <T>(
    path: string,
    body: object,
    schema: z.ZodType<T>,
    purpose: 'read' | 'action',
    call: CallContext,
  ): Promise<Reply<T>> => {
    // Jobyard sends no caller's credential to Kinetica: every request tests the configured credentials.
    const outcome = await http.send({ method: 'POST', path, headers, body: JSON.stringify(body), purpose }, { ...call, credential: null });
    if (!outcome.answered) return toFailed(outcome);
    return toReply(outcome, schema, { systemId, path, purpose, hasCredentials: authorization !== null, signal: call.signal });
  };

  return {
    // Option values are the strings "true" and "false": the server rejects a boolean.
    showJobs: (call) => post('/admin/show/jobs', { options: { show_async_jobs: 'true' } }, showJobsSchema, 'read', call),
    // The server expects the keys in the order of its schema.
    cancelJobs(numbers, tag, call) {
      const body = { job_ids: numbers.map(jsonInteger), action: 'cancel', options: tagOption(tag) };
      return post('/admin/alter/jobs', body, alterJobsSchema, 'action', call);
    },
    getJob: ({ number, tag }, call) =>
      post('/get/job', { job_id: jsonInteger(number), options: tagOption(tag) }, getJobSchema, 'read', call),
    showSystemStatus: (call) => post('/show/system/status', { options: {} }, systemStatusSchema, 'read', call),
    close: () => http.close(),
  };
}

interface Asked {
  systemId: string;
  path: string;
  purpose: 'read' | 'action';
  hasCredentials: boolean;
  signal: AbortSignal;
}

async function toReply<T>(answer: WireResponse, schema: z.ZodType<T>, asked: Asked): Promise<Reply<T>> {
  const { systemId, path, purpose, hasCredentials, signal } = asked;
  const failed = (problem: Problem): Reply<T> => ({ kind: 'failed', problem, mayHaveArrived: mayBeCarriedOut(answer.status) });
  const httpProblem = describeHttpError(systemId, answer, path, hasCredentials);
  if (httpProblem?.code === 'ACCESS_DENIED') return { kind: 'rejected', problem: httpProblem, vendorCode: null, isJobNotFound: false };
  if (httpProblem) return failed(httpProblem);

  const wrapper = wrapperSchema.safeParse(readJson(answer)).data;
  if (!wrapper) return failed(describeInvalidResponse(systemId, answer));
  // Before data_str is read: with ERROR it is empty.
  if (wrapper.status === 'ERROR') return toErrorReply(systemId, wrapper.message ?? '', purpose);
  const data = await readData(wrapper.data_str, systemId, signal);
  if (data.kind === 'aborted') return failed(describeCalledOff(systemId, signal, true));
  const value = schema.safeParse(data.kind === 'value' ? data.value : undefined);
  if (value.success) return { kind: 'value', value: value.data };
  const defect = describeUnreadJson(data);
  return failed(describeInvalidResponse(systemId, defect === null ? answer : { ...answer, defect }));
}

function toErrorReply<T>(systemId: string, message: string, purpose: 'read' | 'action'): Reply<T> {
  const { problem, vendorCode, certain } = describeError(
    systemId,
    message,
    purpose === 'action' ? 'VENDOR_REJECTED' : 'INVALID_VENDOR_RESPONSE',
  );
  if (problem.code === 'SYSTEM_UNAVAILABLE') return { kind: 'failed', problem, mayHaveArrived: !certain };
  return { kind: 'rejected', problem, vendorCode, isJobNotFound: isJobNotFound(message) };
}

/** Reads `data_str`, which is JSON as text. */
async function readData(text: unknown, systemId: string, signal: AbortSignal): ReturnType<typeof readText> {
  return typeof text === 'string' ? readText(text, systemId, signal) : { kind: 'value', value: text };
}

function tagOption(tag: string | null): Record<string, string> {
  return tag === null ? {} : { job_tag: tag };
}

/** Whether the cluster itself rejected the request: the job is not asynchronous, or the cluster dropped it. */
export function isNotKept(reply: Reply<unknown>): boolean {
  return reply.kind === 'rejected' && reply.problem.code !== 'ACCESS_DENIED';
}

/** A missing permission is a 400, so only a 401 is about the credentials. A page of a proxy proves nothing. */
function judgeCredentials({ status, headers }: WireResponse): 'accepted' | 'rejected' | 'unknown' {
  if (status === 401) return 'rejected';
  return status === 200 && String(headers['content-type']).includes('json') ? 'accepted' : 'unknown';
}
