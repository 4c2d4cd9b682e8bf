import { z } from 'zod';
import type { Account } from './accounts.ts';
import type { EndpointResult } from './envelope.ts';
import { progressOf } from './job.ts';
import { parseJson } from './json.ts';
import { findJob, isInt32, long } from './lookup.ts';
import type { KineticaState } from './state.ts';
import type { KineticaSwitches } from './switches.ts';

export const getJobRequest = z.object({ job_id: long, options: z.record(z.string(), z.string()) });

/** POST /get/job: the status of an asynchronous job and, after it is done, its result. */
export function getJob(
  state: KineticaState,
  switches: KineticaSwitches,
  { job_id: id, options }: z.output<typeof getJobRequest>,
  nowMs: number,
): EndpointResult {
  const { version } = switches;
  if (version === '6.2' && !isInt32(id)) return { rejected: `Job id ${id} is out of range (S/SJm:180)` };
  const job = findJob(state, switches, id, options.job_tag ?? '');
  if (!job || (job.kind === 'sync' && switches.syncJobRead === 'rejected')) return { rejected: `Job ${id} not found (S/SJm:188)` };
  const done = job.status === 'DONE';
  const json = job.responseEncoding === 'json';
  return {
    data: {
      endpoint: job.endpoint,
      // There is no word for a job that waits.
      job_status: job.status === 'WAITING' ? 'RUNNING' : job.status,
      running: job.running,
      progress: progressOf(job, nowMs),
      successful: done,
      response_encoding: job.responseEncoding,
      job_response: done && !json ? job.response : '',
      job_response_str: done && json ? job.response : '',
      status_map: job.status === 'ERROR' ? { error_message: job.errorMessage } : {},
      ...(version >= '7.0' && { info: {} }),
    },
  };
}

const jobTag = z.string().regex(/^[A-Za-z0-9_-]+$/);

export const createJobRequest = z.object({
  endpoint: z.string().regex(/^(\/[a-z0-9_]+)+$/),
  request_encoding: z.enum(['binary', 'json', 'snappy']),
  // The official JavaScript client leaves out whichever of the two it does not use.
  data: z.string().default(''),
  data_str: z.string().default(''),
  options: z.object({ job_tag: jobTag.optional(), job_user_data: z.string().default('') }).catchall(z.string()),
});

const innerRequest = z.looseObject({
  statement: z.string().default(''),
  options: z.looseObject({ job_user_data: z.string().optional() }).optional(),
});

/** POST /create/job: starts an endpoint's work in the background, for 90 s. Every request starts another job. */
export function createJob(
  state: KineticaState,
  switches: KineticaSwitches,
  { endpoint, request_encoding: encoding, data_str: text, options }: z.output<typeof createJobRequest>,
  account: Account,
): EndpointResult {
  if (endpoint.startsWith('/admin/') && !account.administrator) return { rejected: 'Access denied; ok' };
  const inner = encoding === 'json' ? parseInner(text) : innerRequest.parse({});
  if (!inner) return { rejected: 'data_str must contain the JSON request of the endpoint (S/SJm:142)' };
  const id = state.addJob({
    endpoint,
    authId: account.username,
    sourceIp: '127.0.0.1',
    queryText: inner.statement,
    userData: inner.options?.job_user_data ?? options.job_user_data,
    responseEncoding: encoding === 'json' ? 'json' : 'binary',
    runsMs: 90_000,
    ...(options.job_tag !== undefined && { tag: options.job_tag }),
  });
  return {
    data: { job_id: BigInt(id), ...(switches.version >= '7.0' && { info: { job_tag: state.job(id)?.tag } }) },
  };
}

function parseInner(text: string): z.output<typeof innerRequest> | undefined {
  try {
    return innerRequest.safeParse(parseJson(text)).data;
  } catch {
    return undefined;
  }
}
