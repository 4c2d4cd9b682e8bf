import type { z } from 'zod';
import type { CallContext } from '../../../jobs/adapter.ts';
import type { Problem } from '../../../jobs/problem.ts';
import { jsonInteger } from '../../../json/parse.ts';
import { describeUnreadJson } from '../../../transport/content.ts';
import { readJson, readText, type WireResponse } from '../../../transport/exchange.ts';
import { describeCalledOff, describeInvalidResponse, mayBeCarriedOut } from '../../../transport/failures.ts';
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

/** What became of a request. Of one that was rejected nothing was changed. */
export type Reply<T> = TransportReply<T, { isJobNotFound: boolean }>;

/** The endpoints that are used, each one POST of one JSON object. */
export interface Calls {
  /** All jobs of the cluster: requests in flight, and asynchronous jobs that have ended. */
  showJobs(call: CallContext): Promise<Reply<ShowJobs>>;
  /** `tag`: of the one job that is named; null: none is sent. */
  cancelJobs(numbers: readonly string[], tag: string | null, call: CallContext): Promise<Reply<AlterJobs>>;
  /** Refused for a job that was not started by /create/job. */
  getJob(jobId: KineticaJobId, call: CallContext): Promise<Reply<GetJob>>;
  showSystemStatus(call: CallContext): Promise<Reply<SystemStatus>>;
  close(): Promise<void>;
}

interface CallsOptions {
  systemId: string;
  baseUrl: string;
  transport: TransportSettings;
  /** The value of the Authorization header; null: the cluster asks for none. */
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
    // Jobyard passes no caller's credential on to Kinetica: every request is a trial of the configured ones.
    const outcome = await http.send({ method: 'POST', path, headers, body: JSON.stringify(body), purpose }, { ...call, credential: null });
    if (!outcome.answered) return toFailed(outcome);

    const httpProblem = describeHttpError(systemId, outcome, path, authorization !== null);
    if (httpProblem?.code === 'ACCESS_DENIED') return { kind: 'rejected', problem: httpProblem, vendorCode: null, isJobNotFound: false };
    if (httpProblem) return { kind: 'failed', problem: httpProblem, mayHaveArrived: mayBeCarriedOut(outcome.status) };

    const failed = (problem: Problem): Reply<T> => ({ kind: 'failed', problem, mayHaveArrived: mayBeCarriedOut(outcome.status) });
    const wrapper = wrapperSchema.safeParse(readJson(outcome)).data;
    if (!wrapper) return failed(describeInvalidResponse(systemId, outcome));
    // Before data_str is looked at: with ERROR it is empty.
    if (wrapper.status === 'ERROR') {
      const otherwise = purpose === 'action' ? 'VENDOR_REJECTED' : 'INVALID_VENDOR_RESPONSE';
      const message = wrapper.message ?? '';
      const { problem, vendorCode, certain } = describeError(systemId, message, otherwise);
      if (problem.code === 'SYSTEM_UNAVAILABLE') return { kind: 'failed', problem, mayHaveArrived: !certain };
      return { kind: 'rejected', problem, vendorCode, isJobNotFound: isJobNotFound(message) };
    }
    const data = await readData(wrapper.data_str, systemId, call.signal);
    if (data.kind === 'aborted') return failed(describeCalledOff(systemId, call.signal, true));
    const value = schema.safeParse(data.kind === 'value' ? data.value : undefined);
    if (value.success) return { kind: 'value', value: value.data };
    const defect = describeUnreadJson(data);
    return failed(describeInvalidResponse(systemId, defect === null ? outcome : { ...outcome, defect }));
  };

  return {
    // Option values are the strings "true" and "false"; the server refuses a boolean.
    showJobs: (call) => post('/admin/show/jobs', { options: { show_async_jobs: 'true' } }, showJobsSchema, 'read', call),
    // The server wants the keys in the order of its schema.
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

/** `data_str`, which is JSON as text. */
async function readData(text: unknown, systemId: string, signal: AbortSignal): ReturnType<typeof readText> {
  return typeof text === 'string' ? readText(text, systemId, signal) : { kind: 'value', value: text };
}

function tagOption(tag: string | null): Record<string, string> {
  return tag === null ? {} : { job_tag: tag };
}

/** A 400 in the cluster's own words: the job is not asynchronous, or has been dropped. */
export function isNotKept(reply: Reply<unknown>): boolean {
  return reply.kind === 'rejected' && reply.problem.code !== 'ACCESS_DENIED';
}

/** Permission denied is a 400, so only 401 speaks of the credentials; a proxy's own page proves nothing. */
function judgeCredentials({ status, headers }: WireResponse): 'accepted' | 'rejected' | 'unknown' {
  if (status === 401) return 'rejected';
  return status === 200 && String(headers['content-type']).includes('json') ? 'accepted' : 'unknown';
}
