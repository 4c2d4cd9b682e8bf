import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { readJson, type WireResponse } from '../../../transport/exchange.ts';
import { describeStatus, mayBeCarriedOut, retryAfterSeconds } from '../../../transport/failures.ts';
import { type Failed, quote, type Rejected } from '../../../transport/reply.ts';
import { errorSchema } from './wire.ts';

/** Why a request brought no value. */
export type Failure =
  /** AODocs says that what the path names does not exist. */
  | { kind: 'notFound' }
  /** Nothing was changed. */
  | Rejected
  | Failed;

/** What the answer was to. */
export interface Asked {
  systemId: string;
  purpose: 'read' | 'action';
  /** Whether it was the caller's own instead of the configured one. */
  passedThrough: boolean;
}

/** What an answer outside of 200 to 299 means. Source: AODocs' guide to status codes, and its fork of the Endpoints framework. */
export function readFailure(answer: WireResponse, asked: Asked): Failure {
  const { status } = answer;
  const { systemId } = asked;
  if (speaksOfCredentials(answer)) return unusable(refusedCredentials(status, asked));

  const error = readError(answer);
  if (!error) return readForeignAnswer(answer, systemId);
  const { reason } = error;
  const words = quote(error.message);
  const refuse = (code: Problem['code'], text: string): Failure => ({
    kind: 'rejected',
    problem: createProblem(code, `${systemId} ${text}: ${words}.`),
    vendorCode: reason,
  });

  if (status === 403) return refuse('ACCESS_DENIED', 'denied access; listing and cancelling are for administrators of the library');
  if ((status === 404 && reason === 'notFound') || (status === 410 && reason === 'deleted')) return { kind: 'notFound' };
  if (status === 404 && reason === 'unsupportedProtocol') return unusable(disguisedRefusal(systemId, answer));
  if (status === 429) return unusable(describeStatus(systemId, answer));
  if (status === 408 || status >= 500) {
    const message = `${systemId} is unavailable (HTTP ${status}): ${words}.`;
    return unusable(createProblem('SYSTEM_UNAVAILABLE', message, retryAfterSeconds(answer)), true);
  }
  if (isRetryableConflict(answer)) {
    // About this one job: as `failed` it would stop a whole batch.
    const refusal = createProblem(rejected(asked), `${systemId} is changing it for somebody else at this moment, try again: ${words}.`);
    return { kind: 'rejected', problem: { ...refusal, retryable: true }, vendorCode: reason };
  }
  return refuse(rejected(asked), `refused the request (HTTP ${status}${reason ? `, ${reason}` : ''})`);
}

/** The whole message of a 403 about the credential, with or without its period. Source: AODocs' guide to security codes. */
const invalidSecurityCode = /^invalid security code\.?$/i;

/** 401, and the one 403 that is about the security code: only its message tells it from a missing permission, which may name anything. */
export function speaksOfCredentials(answer: WireResponse): boolean {
  if (answer.status === 401) return true;
  return answer.status === 403 && invalidSecurityCode.test(readError(answer)?.message.trim() ?? '');
}

/** A conflict that AODocs marks as passing: the only 4xx of its own that it wants repeated. Nothing was changed. */
export function isRetryableConflict({ status, headers }: WireResponse): boolean {
  return status === 409 && String(headers['x-aodocs-retryable']).toLowerCase() === 'true';
}

/** What stands before AODocs, or another server altogether: only the HTTP status means something. */
function readForeignAnswer(answer: WireResponse, systemId: string): Failure {
  const { status } = answer;
  if (status === 404) {
    const message = `${systemId} has no Job API at its url (HTTP 404 that is not about a job): url must end in /api, as in https://aodocs.altirnao.com/api.`;
    return unusable(createProblem('INVALID_VENDOR_RESPONSE', message));
  }
  const problem = describeStatus(systemId, answer);
  if (status === 403) return { kind: 'rejected', problem, vendorCode: null };
  return unusable(problem, mayBeCarriedOut(status));
}

function unusable(problem: Problem, mayHaveArrived = false): Failure {
  return { kind: 'failed', problem, mayHaveArrived };
}

function rejected({ purpose }: Asked): Problem['code'] {
  return purpose === 'action' ? 'VENDOR_REJECTED' : 'INVALID_VENDOR_RESPONSE';
}

function refusedCredentials(status: number, { systemId, passedThrough }: Asked): Problem {
  const message = passedThrough
    ? `${systemId} refused the caller's own credential (HTTP ${status}); it takes a Google token, which lasts about an hour.`
    : `${systemId} rejected the configured credentials (HTTP ${status}): replace the securityCode, which may have expired, or the token, which lasts about an hour.`;
  return createProblem('VENDOR_AUTHENTICATION_FAILED', message);
}

/** The framework writes refusals that it has no word for, a quota among them, as this 404. */
function disguisedRefusal(systemId: string, answer: WireResponse): Problem {
  const message = `${systemId} turned the request away without saying why, as it does when it is asked too often (HTTP 404 unsupportedProtocol).`;
  return createProblem('RATE_LIMITED', message, retryAfterSeconds(answer));
}

/** The envelope of AODocs' own errors; null where the answer is not one. */
function readError(answer: WireResponse): { reason: string | null; message: string } | null {
  const envelope = errorSchema.safeParse(readJson(answer)).data;
  if (!envelope) return null;
  return { reason: envelope.error.errors?.[0]?.reason ?? null, message: envelope.error.message ?? '' };
}
