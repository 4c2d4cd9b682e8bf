import { z } from 'zod';
import type { CallContext } from '../../../jobs/adapter.ts';
import { readJson, type WireResponse } from '../../../transport/exchange.ts';
import { describeInvalidResponse, mayBeCarriedOut, retryAfterSeconds } from '../../../transport/failures.ts';
import { createHttpClient } from '../../../transport/http-client.ts';
import type { HttpRequest } from '../../../transport/http-request.ts';
import { type Reply as TransportReply, toFailed } from '../../../transport/reply.ts';
import type { TransportSettings } from '../../../transport/transport-settings.ts';
import { type Asked, describeError, describeHttpError, isTransientError, refusesCredentials, type UpdateAction } from './errors.ts';
import { envelopeSchema, type JobList, jobListSchema, type ProjectList, projectListSchema, type StepList, stepListSchema } from './wire.ts';

/** What became of a request. `certain`, of one that was rejected: a job that was named alone was not changed. */
export type Reply<T> = TransportReply<T, { certain: boolean }>;

/** A page of jobs, sorted by one column. */
export interface ListRequest {
  /** Null: all projects, which from 5.0.5 on only a global administrator may list. */
  project: string | null;
  /** Kylin's words; an unknown one is refused. Null: all. */
  statuses: readonly string[] | null;
  /** Kylin's words; an unknown one is refused. Null: all. */
  types: readonly string[] | null;
  sortBy: 'create_time' | 'id';
  descending: boolean;
  /** Counted from 0: the page starts at row `pageNumber * pageSize`. A product from 2^31 on would bring all rows at once. */
  pageNumber: number;
  pageSize: number;
}

export interface UpdateRequest {
  action: UpdateAction;
  /** Null: wherever the jobs are. Of jobs in another project none is changed, and the answer is a success all the same. */
  project: string | null;
  /** At least one: without, every job of the project is meant. */
  jobIds: readonly [string, ...string[]];
}

/** The endpoints that are used. */
export interface Calls {
  listJobs(request: ListRequest, call: CallContext): Promise<Reply<JobList>>;
  /** The rows for a search by id: among them the job, if there is one. Kylin has no call for one job. `project`: as in lists. */
  findJob(jobId: string, project: string | null, call: CallContext): Promise<Reply<JobList>>;
  /** The first `count` of the projects in which the account has the Operation permission; of older servers, of those that it may read. */
  listProjects(count: number, call: CallContext): Promise<Reply<ProjectList>>;
  getSteps(jobId: string, project: string, call: CallContext): Promise<Reply<StepList>>;
  /** All jobs or none pass the checks; then one after the other is changed, and what is changed stays so if a later one fails. */
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
    // Any other type is refused, or reaches an API with other names.
    accept: 'application/vnd.apache.kylin-v4-public+json',
    'accept-encoding': 'identity',
    'accept-language': 'en',
    // With each request: the session that Kylin opens by the way is left alone.
    authorization: `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`,
  };

  const send = async <T>(request: HttpRequest, schema: z.ZodType<T>, asked: Asked, call: CallContext): Promise<Reply<T>> => {
    // Jobyard passes no caller's credential on to Kylin: every request is a trial of the configured ones.
    const answer = await http.send({ ...request, headers: { ...headers, ...request.headers } }, { ...call, credential: null });
    if (!answer.answered) return toFailed(answer);
    const { status } = answer;
    const mayHaveArrived = mayBeCarriedOut(status);

    const envelope = envelopeSchema.safeParse(readJson(answer)).data;
    if (!envelope) {
      const problem = describeHttpError(systemId, answer);
      return problem.code === 'ACCESS_DENIED'
        ? { kind: 'rejected', problem, vendorCode: null, certain: true }
        : { kind: 'failed', problem, mayHaveArrived };
    }
    if (envelope.code !== '000') {
      const { problem, vendorCode, isRefusal, certain } = describeError(systemId, status, envelope, asked);
      if (isRefusal) return { kind: 'rejected', problem, vendorCode, certain };
      return { kind: 'failed', problem, mayHaveArrived: mayHaveArrived && !certain };
    }
    const value = schema.safeParse(envelope.data);
    if (status === 200 && value.success) return { kind: 'value', value: value.data };
    return { kind: 'failed', problem: describeInvalidResponse(systemId, answer), mayHaveArrived };
  };

  const list = (parameters: Record<string, string>, project: string | null, call: CallContext): Promise<Reply<JobList>> => {
    // 4: whenever they were last changed. The default order and the shorter time filters go by that too.
    const query = new URLSearchParams({ time_filter: '4', ...(project !== null && { project }), ...parameters });
    return send({ method: 'GET', path: `/jobs?${query}`, purpose: 'read' }, jobListSchema, { project, update: null }, call);
  };

  return {
    listJobs: ({ project, statuses, types, sortBy, descending, pageNumber, pageSize }, call) =>
      list(
        {
          sort_by: sortBy,
          reverse: String(descending),
          page_offset: String(pageNumber),
          page_size: String(pageSize),
          ...(statuses && { statuses: statuses.join(',') }),
          ...(types && { job_names: types.join(',') }),
        },
        project,
        call,
      ),
    // Names are searched before ids. exact: only a name that equals the id can hide the job.
    findJob: (jobId, project, call) => list({ key: jobId, exact: 'true', page_size: '10' }, project, call),
    listProjects(count, call) {
      const query = new URLSearchParams({ permission: 'OPERATION', page_offset: '0', page_size: String(count) });
      return send({ method: 'GET', path: `/projects?${query}`, purpose: 'read' }, projectListSchema, { project: null, update: null }, call);
    },
    getSteps(jobId, project, call) {
      const path = `/jobs/${encodeURIComponent(jobId)}/detail?${new URLSearchParams({ project })}`;
      return send({ method: 'GET', path, purpose: 'read' }, stepListSchema, { project, update: null }, call);
    },
    updateJobs({ action, project, jobIds }, call) {
      // No `statuses`: beside ids they filter nothing, they only make the call fail.
      const body = JSON.stringify({ action, ...(project !== null && { project }), job_ids: jobIds });
      const contentType = { 'content-type': 'application/json;charset=utf-8' };
      const asked: Asked = { project, update: { action, jobCount: jobIds.length } };
      return send({ method: 'PUT', path: '/jobs/status', headers: contentType, body, purpose: 'action' }, z.unknown(), asked, call);
    },
    close: () => http.close(),
  };
}

/** Missing permissions are 400, so 401 speaks of the credentials; a proxy's own page proves nothing. */
function judgeCredentials(answer: WireResponse): 'accepted' | 'rejected' | 'unknown' {
  if (refusesCredentials(answer)) return 'rejected';
  return answer.status === 200 && String(answer.headers['content-type']).includes('json') ? 'accepted' : 'unknown';
}

function isTransient(answer: WireResponse): boolean {
  return isTransientError(answer) || (answer.status === 429 && retryAfterSeconds(answer) !== null);
}
