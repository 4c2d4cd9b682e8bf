import type { z } from 'zod';
import type { CallContext } from '../../../jobs/adapter.ts';
import { createProblem } from '../../../jobs/problem.ts';
import { readJson, type WireResponse } from '../../../transport/exchange.ts';
import { describeInvalidResponse } from '../../../transport/failures.ts';
import { createHttpClient, isTransientStatus } from '../../../transport/http-client.ts';
import type { HttpRequest } from '../../../transport/http-request.ts';
import { toFailed } from '../../../transport/reply.ts';
import type { TransportSettings } from '../../../transport/transport-settings.ts';
import { credentialMissing, isHeaderSafe, unusableCredential } from '../../vendor.ts';
import { describeError, type Failure, isTransientError, rejectsCredentials } from './errors.ts';
import { jobEventListSchema, jobListSchema, jobSchema, type WireJob, type WireJobEventList, type WireJobList } from './wire.ts';

export type Reply<T> = { kind: 'value'; value: T } | Failure;

/** The parameters of a page of a library's jobs. A `pageToken` is valid only with the parameters of the page it came from. */
export interface ListParameters {
  /** AODocs documents no maximum. */
  pageSize: number;
  pageToken?: string | undefined;
  status?: string | undefined;
  /** AODocs rejects a type that it does not support. */
  type?: string | undefined;
  /** An email address. */
  user?: string | undefined;
  orderBy?: 'started asc' | 'started desc' | undefined;
}

/** The methods of AODocs' Job API (job:v1) that the adapter uses. */
export interface Calls {
  getJob(jobId: string, call: CallContext): Promise<Reply<WireJob>>;
  listJobs(libraryId: string, parameters: ListParameters, call: CallContext): Promise<Reply<WireJobList>>;
  /** A page of at most a hundred of the job's events. Requires an administrator of the library. */
  listEvents(jobId: string, page: EventPage, call: CallContext): Promise<Reply<WireJobEventList>>;
  /** AODocs drops pending tasks and undoes no finished ones. Running tasks may still finish. */
  cancelJob(jobId: string, call: CallContext): Promise<Reply<WireJob>>;
  close(): Promise<void>;
}

/** `pageToken`: null for the first page; valid only with the same `onlyErrors`. */
export interface EventPage {
  onlyErrors: boolean;
  pageToken: string | null;
}

interface CallsOptions {
  systemId: string;
  baseUrl: string;
  transport: TransportSettings;
  /** Null: each caller sends its own token. */
  credential: Credential | null;
  /** The Google Workspace domain, for accounts that belong to several. */
  domain: string | undefined;
}

/** The credential of a request. The server compares the scheme's letter case. */
export interface Credential {
  scheme: 'securityCode' | 'Bearer';
  secret: string;
}

export function createCalls({ systemId, baseUrl, transport, credential: configured, domain }: CallsOptions): Calls {
  const http = createHttpClient({
    systemId,
    baseUrl,
    transport,
    judgeCredentials,
    isTransient,
    asksForRetry: isTransientError,
  });

  /** Sends no other parameters: a query parameter that has the name of a path parameter replaces it. */
  const send = async <T>(
    method: HttpRequest['method'],
    path: string,
    parameters: Record<string, string | undefined>,
    schema: z.ZodType<T>,
    call: CallContext,
  ): Promise<Reply<T>> => {
    const credential: Credential | null = call.credential === null ? configured : { scheme: 'Bearer', secret: call.credential };
    if (!credential) return { kind: 'failed', problem: credentialMissing(systemId), mayHaveArrived: false };
    const { scheme, secret } = credential;
    if (!isHeaderSafe(secret)) return { kind: 'failed', problem: unusableCredential(systemId), mayHaveArrived: false };
    const purpose = method === 'GET' ? 'read' : 'action';
    // Not as the query parameter, which AODocs also accepts: servers log URLs.
    const headers = { authorization: `${scheme} ${secret}`, accept: 'application/json' };
    const outcome = await http.send({ method, path: path + toQueryString({ ...parameters, domain }), headers, purpose }, call);
    if (!outcome.answered) return toFailed(outcome);
    if (outcome.status < 200 || outcome.status > 299) {
      return describeError(outcome, { systemId, purpose, passedThrough: call.credential !== null });
    }
    const value = schema.safeParse(readJson(outcome));
    if (value.success) return { kind: 'value', value: value.data };
    return { kind: 'failed', problem: describeInvalidResponse(systemId, outcome), mayHaveArrived: true };
  };

  const sendForJob = async (method: HttpRequest['method'], path: string, jobId: string, call: CallContext): Promise<Reply<WireJob>> => {
    const reply = await send(method, path, {}, jobSchema, call);
    // IDs can differ only by letter case.
    if (reply.kind !== 'value' || reply.value.jobId === jobId) return reply;
    const problem = createProblem('INVALID_VENDOR_RESPONSE', `${systemId} returned another job than the requested one.`);
    return { kind: 'failed', problem, mayHaveArrived: true };
  };

  return {
    getJob: (jobId, call) => sendForJob('GET', `/job/v1/${encodeURIComponent(jobId)}`, jobId, call),
    listJobs: (libraryId, { pageSize, ...others }, call) =>
      send('GET', `/job/v1/libraries/${encodeURIComponent(libraryId)}`, { ...others, pageSize: String(pageSize) }, jobListSchema, call),
    listEvents(jobId, { onlyErrors, pageToken }, call) {
      const parameters = { onlyErrors: String(onlyErrors), maxResults: '100', pageToken: pageToken ?? undefined };
      return send('GET', `/job/v1/events/${encodeURIComponent(jobId)}`, parameters, jobEventListSchema, call);
    },
    // Without a body: AODocs can reject one for its content type.
    cancelJob: (jobId, call) => sendForJob('POST', `/job/v1/${encodeURIComponent(jobId)}/cancel`, jobId, call),
    close: () => http.close(),
  };
}

function toQueryString(parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}

/** A 403 that is not about the security code proves nothing about the credentials. */
function judgeCredentials(answer: WireResponse): 'accepted' | 'rejected' | 'unknown' {
  if (rejectsCredentials(answer)) return 'rejected';
  return answer.status === 200 && String(answer.headers['content-type']).includes('json') ? 'accepted' : 'unknown';
}

/** AODocs' guide: clients retry 5xx and marked conflicts, and no other 4xx. The 429 of a load balancer has Retry-After. */
function isTransient(answer: WireResponse): boolean {
  return answer.status === 500 || isTransientStatus(answer) || isTransientError(answer);
}
