import { z } from 'zod';
import type { CallContext } from '../../../jobs/adapter.ts';
import { readJson, type WireResponse } from '../../../transport/exchange.ts';
import { describeInvalidResponse, mayBeCarriedOut } from '../../../transport/failures.ts';
import { createHttpClient, isTransientStatus } from '../../../transport/http-client.ts';
import type { HttpRequest } from '../../../transport/http-request.ts';
import { type Reply as TransportReply, toFailed } from '../../../transport/reply.ts';
import type { TransportSettings } from '../../../transport/transport-settings.ts';
import { type Asked, describeError, describeHttpError, isTransientError, rejectsCredentials, type UpdateAction } from './errors.ts';
import {
  envelopeSchema,
  type JobList,
  jobListSchema,
  type ProjectList,
  projectListSchema,
  type StepList,
  type StepOutput,
  stepListSchema,
  stepOutputSchema,
} from './wire.ts';

/** The reply to a request. `certain`: a rejected request that named one job did not change it. */
export type Reply<T> = TransportReply<T, { certain: boolean }>;

/** A page of jobs, sorted by one column. */
export interface ListRequest {
  /** Null: all projects, which from 5.0.5 on only a global administrator can list. */
  project: string | null;
  /** Kylin's words; Kylin rejects an unknown one. Null: all. */
  statuses: readonly string[] | null;
  /** Kylin's words; Kylin rejects an unknown one. Null: all. */
  types: readonly string[] | null;
  sortBy: 'create_time' | 'id';
  descending: boolean;
  /** Counted from 0: the page starts at row `pageNumber * pageSize`. If the product reaches 2^31, Kylin returns all rows at once. */
  pageNumber: number;
  pageSize: number;
}

export interface UpdateRequest {
  action: UpdateAction;
  /** Null: any project. Kylin does not change jobs of other projects, but the response is still a success. */
  project: string | null;
  /** At least one: without IDs, Kylin changes every job of the project. */
  jobIds: readonly [string, ...string[]];
}

/** The endpoints that the adapter uses. */
export interface Calls {
  listJobs(request: ListRequest, call: CallContext): Promise<Reply<JobList>>;
  /** The rows of a search by ID, which include the job if it exists. Kylin has no endpoint for one job. `project`: as in lists. */
  findJob(jobId: string, project: string | null, call: CallContext): Promise<Reply<JobList>>;
  /** The first `count` of the projects in which the account has the Operation permission; from older servers, those it can read. */
  listProjects(count: number, call: CallContext): Promise<Reply<ProjectList>>;
  getSteps(jobId: string, project: string, call: CallContext): Promise<Reply<StepList>>;
  /** The log of a step, or a sample of it. Rejected with `noOutputCode`: there is none. */
  getOutput(ids: { jobId: string; stepId: string; project: string }, call: CallContext): Promise<Reply<StepOutput>>;
  /** Kylin checks all jobs first, then changes them one by one. If one fails, those before it remain changed. */
  updateJobs(request: UpdateRequest, call: CallContext): Promise<Reply<unknown>>;
  close(): Promise<void>;
}

interface CallsOptions {
  systemId: string;
  baseUrl: string;
  transport: TransportSettings;
  username: string;
  password: string;
}

export function createCalls({ systemId, baseUrl, transport, username, password }: CallsOptions): Calls {
  const http = createHttpClient({ systemId, baseUrl, transport, judgeCredentials, isTransient });
  const headers = {
    // Kylin rejects any other type, or uses an API with other names.
    accept: 'application/vnd.apache.kylin-v4-public+json',
    'accept-encoding': 'identity',
    'accept-language': 'en',
    // In each request: the adapter ignores the session that Kylin opens.
    authorization: `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`,
  };

  const send = async <T>(request: HttpRequest, schema: z.ZodType<T>, asked: Asked, call: CallContext): Promise<Reply<T>> => {
    // Jobyard sends no caller's credential to Kylin: every request tests the configured credentials.
    const answer = await http.send({ ...request, headers: { ...headers, ...request.headers } }, { ...call, credential: null });
    return answer.answered ? toReply(systemId, answer, schema, asked) : toFailed(answer);
  };

  const list = (parameters: Record<string, string>, project: string | null, call: CallContext): Promise<Reply<JobList>> => {
    // time_filter 4: no limit on the time of the last change.
    const query = new URLSearchParams({ time_filter: '4', ...(project !== null && { project }), ...parameters });
    return send({ method: 'GET', path: `/jobs?${query}`, purpose: 'read' }, jobListSchema, { project, update: null }, call);
  };

  return {
    listJobs: (request, call) => list(toListParameters(request), request.project, call),
    // Kylin searches names before IDs. exact: only a name that equals the ID can hide the job.
    findJob: (jobId, project, call) => list({ key: jobId, exact: 'true', page_size: '10' }, project, call),
    listProjects(count, call) {
      const query = new URLSearchParams({ permission: 'OPERATION', page_offset: '0', page_size: String(count) });
      return send({ method: 'GET', path: `/projects?${query}`, purpose: 'read' }, projectListSchema, { project: null, update: null }, call);
    },
    getSteps(jobId, project, call) {
      const path = `/jobs/${encodeURIComponent(jobId)}/detail?${new URLSearchParams({ project })}`;
      return send({ method: 'GET', path, purpose: 'read' }, stepListSchema, { project, update: null }, call);
    },
    getOutput({ jobId, stepId, project }, call) {
      const path = `/jobs/${encodeURIComponent(jobId)}/steps/${encodeURIComponent(stepId)}/output?${new URLSearchParams({ project })}`;
      return send({ method: 'GET', path, purpose: 'read' }, stepOutputSchema, { project, update: null }, call);
    },
    updateJobs({ action, project, jobIds }, call) {
      // No `statuses`: with IDs they filter nothing, but can make the request fail.
      const body = JSON.stringify({ action, ...(project !== null && { project }), job_ids: jobIds });
      const contentType = { 'content-type': 'application/json;charset=utf-8' };
      const asked: Asked = { project, update: { action, jobCount: jobIds.length } };
      return send({ method: 'PUT', path: '/jobs/status', headers: contentType, body, purpose: 'action' }, z.unknown(), asked, call);
    },
    close: () => http.close(),
  };
}

function toReply<T>(systemId: string, answer: WireResponse, schema: z.ZodType<T>, asked: Asked): Reply<T> {
  const { status } = answer;
  const mayHaveArrived = mayBeCarriedOut(status);
  const envelope = envelopeSchema.safeParse(readJson(answer)).data;
  if (!envelope) {
    const problem = describeHttpError(systemId, answer);
    if (problem.code === 'ACCESS_DENIED') return { kind: 'rejected', problem, vendorCode: null, certain: true };
    return { kind: 'failed', problem, mayHaveArrived };
  }
  if (envelope.code !== '000') {
    const { problem, vendorCode, isRejection, certain } = describeError(systemId, status, envelope, asked);
    if (isRejection) return { kind: 'rejected', problem, vendorCode, certain };
    return { kind: 'failed', problem, mayHaveArrived: mayHaveArrived && !certain };
  }
  const value = schema.safeParse(envelope.data);
  if (status === 200 && value.success) return { kind: 'value', value: value.data };
  return { kind: 'failed', problem: describeInvalidResponse(systemId, answer), mayHaveArrived };
}

function toListParameters({ statuses, types, sortBy, descending, pageNumber, pageSize }: ListRequest): Record<string, string> {
  return {
    sort_by: sortBy,
    reverse: String(descending),
    page_offset: String(pageNumber),
    page_size: String(pageSize),
    ...(statuses && { statuses: statuses.join(',') }),
    ...(types && { job_names: types.join(',') }),
  };
}

/** A missing permission is a 400, so only a 401 is about the credentials. A page of a proxy proves nothing. */
function judgeCredentials(answer: WireResponse): 'accepted' | 'rejected' | 'unknown' {
  if (rejectsCredentials(answer)) return 'rejected';
  return answer.status === 200 && String(answer.headers['content-type']).includes('json') ? 'accepted' : 'unknown';
}

function isTransient(answer: WireResponse): boolean {
  return isTransientStatus(answer) || isTransientError(answer);
}
