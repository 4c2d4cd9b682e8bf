import { createProblem, type Problem, type ProblemCode } from '../../../jobs/problem.ts';
import { toLine } from '../../../jobs/storable-text.ts';
import type { WireResponse } from '../../../transport/exchange.ts';
import { describeInvalidResponse, describeStatus } from '../../../transport/failures.ts';
import type { Rejection } from './rejection.ts';

interface Meaning {
  code: ProblemCode;
  /** What happened; follows the system's ID in the message. */
  words: string;
  /** What to do; ends the message. */
  advice?: string;
  retryAfterSeconds?: number;
}

/** Vault allows one status read per job in 10 seconds. It delays other requests but rejects none, except logins. */
const statusReadSeconds = 10;
/** The login limit's window. */
const loginWindowSeconds = 60;

const serverError: Meaning = { code: 'SYSTEM_UNAVAILABLE', words: 'had an internal error' };

/** The error types of the Vault API Reference that have a specific meaning. */
const meanings: ReadonlyMap<string | null, Meaning> = new Map([
  ['INVALID_SESSION_ID', { code: 'VENDOR_AUTHENTICATION_FAILED', words: 'rejected the session', advice: 'Log in to Vault again.' }],
  [
    'INSUFFICIENT_ACCESS',
    {
      code: 'ACCESS_DENIED',
      words: 'denied access',
      advice: 'The user needs API access (VaultActions_API_Access) and the permissions of Admin: Jobs.',
    },
  ],
  [
    'MALFORMED_URL',
    { code: 'INVALID_VENDOR_RESPONSE', words: 'does not have this endpoint', advice: 'Check the settings url and version.' },
  ],
  [
    'METHOD_NOT_SUPPORTED',
    { code: 'INVALID_VENDOR_RESPONSE', words: 'does not have this endpoint in this API version', advice: 'Check the setting version.' },
  ],
  ['API_LIMIT_EXCEEDED', { code: 'RATE_LIMITED', words: 'is throttling these requests', retryAfterSeconds: statusReadSeconds }],
  ['CONFIGURATION_MODE_ENABLED', { code: 'SYSTEM_UNAVAILABLE', words: 'is in Configuration Mode and only accepts administrators' }],
  ['UNEXPECTED_ERROR', serverError],
] satisfies [string, Meaning][]);

/** Another change of the same job was in progress: a retry may succeed. */
const passingTypes: ReadonlySet<string | null> = new Set(['RACE_CONDITION', 'OPERATION_IN_PROGRESS']);

/** The problem of a rejection. VENDOR_REJECTED if its type has no specific meaning. */
export function describeError(systemId: string, rejection: Rejection): Problem {
  const { type, exception } = rejection;
  const meaning = meanings.get(type) ?? (exception ? serverError : undefined);
  const quoted = quote(rejection);
  if (meaning) {
    const seconds = rejection.retryAfterSeconds ?? meaning.retryAfterSeconds ?? null;
    const advice = meaning.advice ?? (seconds === null ? null : `Retry in ${seconds} seconds.`);
    return createProblem(meaning.code, `${systemId} ${meaning.words} (${quoted}).${advice === null ? '' : ` ${advice}`}`, seconds);
  }
  return { ...createProblem('VENDOR_REJECTED', `${systemId} rejected the request (${quoted}).`), retryable: passingTypes.has(type) };
}

/** The problem of a rejected read: never VENDOR_REJECTED, which is for actions. */
export function describeReadError(systemId: string, rejection: Rejection): Problem {
  const problem = describeError(systemId, rejection);
  if (problem.code !== 'VENDOR_REJECTED') return problem;
  return { ...problem, code: problem.retryable ? 'SYSTEM_UNAVAILABLE' : 'INVALID_VENDOR_RESPONSE' };
}

/** The problem of a rejected login. */
export function describeLoginRejection(systemId: string, rejection: Rejection): Problem {
  const quoted = quote(rejection);
  if (rejectsCredentials(rejection)) {
    return createProblem(
      'VENDOR_AUTHENTICATION_FAILED',
      `${systemId} rejected the login (${quoted}). Check the settings username and password.`,
    );
  }
  if (rejection.type === 'API_LIMIT_EXCEEDED') {
    const seconds = rejection.retryAfterSeconds ?? loginWindowSeconds;
    return createProblem(
      'RATE_LIMITED',
      `${systemId} is throttling logins of this user (${quoted}). Retry in ${seconds} seconds.`,
      seconds,
    );
  }
  return describeReadError(systemId, rejection);
}

const authenticationTypes: ReadonlySet<string | null> = new Set([
  'NO_PASSWORD_PROVIDED',
  'USERNAME_OR_PASSWORD_INCORRECT',
  'USER_LOCKED_OUT',
  'PASSWORD_CHANGE_REQUIRED',
  'INACTIVE_USER',
]);

/** Whether another attempt with the same credentials can't succeed, and may lock the account. */
export function rejectsCredentials({ type, authenticationFailed }: Rejection): boolean {
  return authenticationFailed || authenticationTypes.has(type);
}

/** Whether the server failed, so that it may have performed the action. */
export function isServerError({ type, exception }: Rejection): boolean {
  return type === 'UNEXPECTED_ERROR' || (exception && !meanings.has(type));
}

/** This Vault, or this version of its API, never accepts the query. */
const syntaxTypes: ReadonlySet<string | null> = new Set([
  // The first is documented; the second was recorded from live Vaults.
  'INCORRECT_QUERY_SYNTAX_ERROR',
  'INCORRECT_QUERY_SYNTAX',
  'INVALID_DATA',
  'PARAMETER_REQUIRED',
  'MALFORMED_URL',
  'METHOD_NOT_SUPPORTED',
]);

export function isSyntaxRejection({ type, exception }: Rejection): boolean {
  return !exception && syntaxTypes.has(type);
}

/** Rejections that apply to any other request too: the session, a limit, a closed Vault. */
const generalTypes: ReadonlySet<string | null> = new Set(['INVALID_SESSION_ID', 'API_LIMIT_EXCEEDED', 'CONFIGURATION_MODE_ENABLED']);

export function isAboutAnyCall(rejection: Rejection): boolean {
  return generalTypes.has(rejection.type) || rejection.retryAfterSeconds !== null;
}

/** Whether a retry of the read may succeed. The transport waits for the time that the Vault returns. */
export function isTransientError(rejection: Rejection): boolean {
  return isServerError(rejection) || passingTypes.has(rejection.type) || rejection.retryAfterSeconds !== null;
}

/** The problem of a response without Vault's envelope, or with an undocumented body. */
export function describeUnread(systemId: string, wire: WireResponse): Problem {
  const minutes = expectedDowntimeMinutes(wire);
  if (minutes === null)
    return wire.status < 300 ? describeInvalidResponse(systemId, wire, "Vault's documented JSON") : describeStatus(systemId, wire);
  const message = `${systemId} is down for maintenance (HTTP ${wire.status}). It expects to be available in ${minutes} minutes.`;
  return createProblem('SYSTEM_UNAVAILABLE', message, minutes * 60);
}

/** The expected downtime of a Vault; null if the response doesn't contain it. */
export function expectedDowntimeMinutes({ headers }: WireResponse): number | null {
  const minutes = Number.parseInt(String(headers['x-vaultapi-downtimeexpecteddurationminutes']), 10);
  return minutes >= 0 ? minutes : null;
}

/** The error's type and the vendor's message: one line of at most 300 characters. */
function quote({ type, message }: Rejection): string {
  const words = toLine(message ?? '');
  return [type ?? 'no error type', ...(words === '' ? [] : [`"${words}"`])].join(': ');
}
