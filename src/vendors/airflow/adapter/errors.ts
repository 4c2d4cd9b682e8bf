import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { readJson, type WireResponse } from '../../../transport/exchange.ts';
import { describeInvalidResponse, describeStatus, mayBeCarriedOut } from '../../../transport/failures.ts';
import { type Failed, quote, type Rejected } from '../../../transport/reply.ts';
import { constraintSchema, type ErrorBody, errorSchema, invalidFieldsSchema } from './wire.ts';

/** What a rejection says beyond its problem. */
export interface RejectionDetails {
  /** There is no such run. */
  isRunAbsent: boolean;
  /** There is no such run, task, or try. */
  isAbsent: boolean;
  /** There is one already. */
  isDuplicate: boolean;
}

/** What a response means that isn't the expected 2xx. `purpose`: of its request. */
export function describeError(systemId: string, answer: WireResponse, purpose: 'read' | 'action'): (Rejected & RejectionDetails) | Failed {
  const { status } = answer;
  const body = errorBodyOf(answer);
  if (isSessionGone(answer)) return fail(describeLostSession(systemId, body), false);
  if (status === 403) return reject(describeDenial(systemId, answer, body));
  if (status === 404 && body?.detail === undefined) return fail(describeMissingApi(systemId), false);
  if (!body || status < 400 || status >= 500 || status === 408 || status === 429) return describeUnexpected(systemId, answer);
  const words = wordsOf(body);
  if (status === 404 && isAboutRun(body)) {
    return { ...reject(createProblem('JOB_NOT_FOUND', `${systemId} has no such run.`)), isRunAbsent: true, isAbsent: true };
  }
  if (status === 405) {
    const message = `${systemId} does not have this request in its version (HTTP 405). Jobyard needs Airflow 3.0 or newer.`;
    return fail(createProblem('INVALID_VENDOR_RESPONSE', message), false);
  }
  const code = purpose === 'action' ? 'VENDOR_REJECTED' : 'INVALID_VENDOR_RESPONSE';
  return {
    ...reject(createProblem(code, `${systemId} rejected the request (HTTP ${status}): ${quote(words)}.`)),
    isAbsent: status === 404,
    isDuplicate: status === 409,
  };
}

/** A 2xx without the expected content, a response of a proxy, or a failure of the server. */
export function describeUnexpected(systemId: string, answer: WireResponse): Failed {
  const { status } = answer;
  const problem = status < 300 ? describeInvalidResponse(systemId, answer, 'the JSON of Airflow 3') : describeStatus(systemId, answer);
  return fail(problem, mayBeCarriedOut(status));
}

/** Airflow no longer accepts the token: it expired, is missing, or was signed with another secret. Nothing was carried out. */
export function isSessionGone(answer: WireResponse): boolean {
  return answer.status === 401 || (answer.status === 403 && errorBodyOf(answer)?.detail === 'Invalid JWT token');
}

/** What a rejected login means. Null: the response isn't about the user name and password. */
export function describeLoginRejection(systemId: string, answer: WireResponse): Problem | null {
  if (answer.status !== 400 && answer.status !== 401) return null;
  const body = errorBodyOf(answer);
  if (!body) return null;
  const message = `${systemId} rejected the login (${quote(wordsOf(body))}). Check username and password.`;
  return createProblem('VENDOR_AUTHENTICATION_FAILED', message);
}

function describeLostSession(systemId: string, body: ErrorBody | undefined): Problem {
  const words = body ? ` (${quote(wordsOf(body))})` : '';
  return createProblem('VENDOR_AUTHENTICATION_FAILED', `${systemId} rejected the token${words}. Check the credentials of this system.`);
}

function describeDenial(systemId: string, answer: WireResponse, body: ErrorBody | undefined): Problem {
  if (!body) return describeStatus(systemId, answer);
  const message = `${systemId} denied access (${quote(wordsOf(body))}). The user needs access to the DAG and to its runs.`;
  return createProblem('ACCESS_DENIED', message);
}

function describeMissingApi(systemId: string): Problem {
  const message = `${systemId} has no Airflow 3 API at url (HTTP 404). Set url to the address of the web interface, without /api.`;
  return createProblem('INVALID_VENDOR_RESPONSE', message);
}

function errorBodyOf(answer: WireResponse): ErrorBody | undefined {
  return errorSchema.safeParse(readJson(answer)).data;
}

/** "The DagRun with dag_id: `etl` and run_id: `x` was not found". Other 404s are about its DAG, or a task. */
function isAboutRun({ detail }: ErrorBody): boolean {
  return typeof detail === 'string' && /^The DagRun with dag_id: .* was not found$/s.test(detail);
}

/** The detail as text. */
function wordsOf({ detail, error }: ErrorBody): string {
  if (typeof detail === 'string') return detail;
  const fields = invalidFieldsSchema.safeParse(detail).data;
  if (fields) return fields.map(({ loc, msg }) => `${loc.join('.')}: ${msg ?? 'invalid'}`).join('; ');
  return constraintSchema.safeParse(detail).data?.reason ?? error ?? '';
}

function reject(problem: Problem): Rejected & RejectionDetails {
  return { kind: 'rejected', problem, vendorCode: null, isRunAbsent: false, isAbsent: false, isDuplicate: false };
}

function fail(problem: Problem, mayHaveArrived: boolean): Failed {
  return { kind: 'failed', problem, mayHaveArrived };
}
