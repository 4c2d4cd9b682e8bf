import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { readJson, type WireResponse } from '../../../transport/exchange.ts';
import { describeStatus, mayBeCarriedOut, retryAfterSeconds } from '../../../transport/failures.ts';
import { type Failed, quote, type Rejected } from '../../../transport/reply.ts';
import { errorSchema } from './wire.ts';

/** Why a request has no value. */
export type Failure =
  /** The resource in the path does not exist. */
  | { kind: 'notFound' }
  /** Nothing was changed. */
  | Rejected
  | Failed;

/** The request that the response belongs to. */
export interface Asked {
  systemId: string;
  purpose: 'read' | 'action';
  /** Whether the request carried the caller's own credential. */
  passedThrough: boolean;
}

/** What a response outside of 200 to 299 means. Source: AODocs' guide to status codes, and its fork of the Endpoints framework. */
export function describeError(answer: WireResponse, asked: Asked): Failure {
  const { status } = answer;
  const { systemId } = asked;
  if (rejectsCredentials(answer)) return unusable(rejectedCredentials(status, asked));

  const error = readError(answer);
  if (!error) return toForeignFailure(answer, systemId);
  const { reason } = error;
  const words = quote(error.message);
  const reject = (code: Problem['code'], text: string, advice = ''): Failure => ({
    kind: 'rejected',
    problem: createProblem(code, `${systemId} ${text}: ${words}.${advice}`),
    vendorCode: reason,
  });

  if (status === 403)
    return reject('ACCESS_DENIED', 'denied access', ' The account must be an administrator of the library to list and cancel jobs.');
  if ((status === 404 && reason === 'notFound') || (status === 410 && reason === 'deleted')) return { kind: 'notFound' };
  if (status === 404 && reason === 'unsupportedProtocol') return unusable(disguisedRejection(systemId, answer));
  if (status === 429) return unusable(describeStatus(systemId, answer));
  if (status === 408 || status >= 500) {
    const message = `${systemId} can't serve requests now (HTTP ${status}): ${words}. Retry later.`;
    return unusable(createProblem('SYSTEM_UNAVAILABLE', message, retryAfterSeconds(answer)), true);
  }
  if (isTransientError(answer)) {
    // It is about this job only: `failed` would stop the whole batch.
    const problem = createProblem(toRejectedCode(asked), `${systemId} is processing another change of this job: ${words}. Retry.`);
    return { kind: 'rejected', problem: { ...problem, retryable: true }, vendorCode: reason };
  }
  return reject(toRejectedCode(asked), `rejected the request (HTTP ${status}${reason ? `, ${reason}` : ''})`);
}

/** The whole message of a 403 about the credential, with or without its period. Source: AODocs' guide to security codes. */
const invalidSecurityCode = /^invalid security code\.?$/i;

/** 401, and the 403 that is about the security code. Only its message distinguishes it from a missing permission. */
export function rejectsCredentials(answer: WireResponse): boolean {
  if (answer.status === 401) return true;
  return answer.status === 403 && invalidSecurityCode.test(readError(answer)?.message.trim() ?? '');
}

/** A conflict that AODocs marks as retryable: the only 4xx that clients may retry. AODocs changed nothing. */
export function isTransientError({ status, headers }: WireResponse): boolean {
  return status === 409 && String(headers['x-aodocs-retryable']).toLowerCase() === 'true';
}

/** The response of a proxy or of another server: only the HTTP status means something. */
function toForeignFailure(answer: WireResponse, systemId: string): Failure {
  const { status } = answer;
  if (status === 404) {
    const message = `${systemId} has no Job API at url (HTTP 404 that is not about a job). Set url to an address that ends in /api, for example https://aodocs.altirnao.com/api.`;
    return unusable(createProblem('INVALID_VENDOR_RESPONSE', message));
  }
  const problem = describeStatus(systemId, answer);
  if (status === 403) return { kind: 'rejected', problem, vendorCode: null };
  return unusable(problem, mayBeCarriedOut(status));
}

function unusable(problem: Problem, mayHaveArrived = false): Failure {
  return { kind: 'failed', problem, mayHaveArrived };
}

function toRejectedCode({ purpose }: Asked): Problem['code'] {
  return purpose === 'action' ? 'VENDOR_REJECTED' : 'INVALID_VENDOR_RESPONSE';
}

function rejectedCredentials(status: number, { systemId, passedThrough }: Asked): Problem {
  const message = passedThrough
    ? `${systemId} rejected the caller's own credential (HTTP ${status}). Send a Google token, which is valid for about an hour.`
    : `${systemId} rejected the configured credentials (HTTP ${status}). Replace the securityCode, which may have expired, or the token, which is valid for about an hour.`;
  return createProblem('VENDOR_AUTHENTICATION_FAILED', message);
}

/** The framework returns errors that it has no word for, such as a quota, as this 404. */
function disguisedRejection(systemId: string, answer: WireResponse): Problem {
  const message = `${systemId} rejected the request without a reason, which may be its quota (HTTP 404 unsupportedProtocol). Retry later.`;
  return createProblem('RATE_LIMITED', message, retryAfterSeconds(answer));
}

/** AODocs' own error; null if the response is not one. */
function readError(answer: WireResponse): { reason: string | null; message: string } | null {
  const envelope = errorSchema.safeParse(readJson(answer)).data;
  if (!envelope) return null;
  return { reason: envelope.error.errors?.[0]?.reason ?? null, message: envelope.error.message ?? '' };
}
