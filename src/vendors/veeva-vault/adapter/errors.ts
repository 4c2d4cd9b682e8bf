import { createProblem, type Problem, type ProblemCode } from '../../../jobs/problem.ts';
import { toLine } from '../../../jobs/storable-text.ts';
import type { WireResponse } from '../../../transport/exchange.ts';
import { describeInvalidResponse, describeStatus } from '../../../transport/failures.ts';
import type { Rejection } from './rejection.ts';

interface Meaning {
  code: ProblemCode;
  /** Follows the system's id. */
  words: string;
  retryAfterSeconds?: number;
}

/** One status read per job in 10 seconds; the other calls but the login are slowed down, never refused. */
const statusReadSeconds = 10;
/** The login limit's window. */
const loginWindowSeconds = 60;

const serverError: Meaning = { code: 'SYSTEM_UNAVAILABLE', words: 'failed inside' };

/** Error types of the Vault API Reference that say more than "no". */
const meanings: ReadonlyMap<string | null, Meaning> = new Map([
  ['INVALID_SESSION_ID', { code: 'VENDOR_AUTHENTICATION_FAILED', words: 'does not know the session (any more); log in to Vault again' }],
  [
    'INSUFFICIENT_ACCESS',
    {
      code: 'ACCESS_DENIED',
      words: 'denied access; the user needs API access (VaultActions_API_Access) and the permissions of Admin: Jobs',
    },
  ],
  ['MALFORMED_URL', { code: 'INVALID_VENDOR_RESPONSE', words: 'does not have this call; check the settings url and version' }],
  [
    'METHOD_NOT_SUPPORTED',
    { code: 'INVALID_VENDOR_RESPONSE', words: 'does not have this call in this API version; check the setting version' },
  ],
  ['API_LIMIT_EXCEEDED', { code: 'RATE_LIMITED', words: 'takes no more of these requests for now', retryAfterSeconds: statusReadSeconds }],
  ['CONFIGURATION_MODE_ENABLED', { code: 'SYSTEM_UNAVAILABLE', words: 'is in Configuration Mode, closed to all but its administrators' }],
  ['UNEXPECTED_ERROR', serverError],
] satisfies [string, Meaning][]);

/** Another change of the same job was under way: the same request may do in a moment. */
const passingTypes: ReadonlySet<string | null> = new Set(['RACE_CONDITION', 'OPERATION_IN_PROGRESS']);

/** A Vault's no, in words for an operator. VENDOR_REJECTED where its type is not one that says more. */
export function describeRejection(systemId: string, rejection: Rejection): Problem {
  const { type, exception } = rejection;
  const meaning = meanings.get(type) ?? (exception ? serverError : undefined);
  const said = quote(rejection);
  if (meaning) {
    const seconds = rejection.retryAfterSeconds ?? meaning.retryAfterSeconds ?? null;
    return createProblem(meaning.code, `${systemId} ${meaning.words} (${said}).`, seconds);
  }
  return { ...createProblem('VENDOR_REJECTED', `${systemId} refused (${said}).`), retryable: passingTypes.has(type) };
}

/** A no to a request that asks for nothing to be done, so that there is nothing to be rejected. */
export function describeReadRejection(systemId: string, rejection: Rejection): Problem {
  const problem = describeRejection(systemId, rejection);
  if (problem.code !== 'VENDOR_REJECTED') return problem;
  return { ...problem, code: problem.retryable ? 'SYSTEM_UNAVAILABLE' : 'INVALID_VENDOR_RESPONSE' };
}

/** A login's no. */
export function describeLoginRejection(systemId: string, rejection: Rejection): Problem {
  const said = quote(rejection);
  if (isAuthenticationFailure(rejection)) {
    return createProblem(
      'VENDOR_AUTHENTICATION_FAILED',
      `${systemId} refused the login (${said}); check the settings username and password.`,
    );
  }
  if (rejection.type === 'API_LIMIT_EXCEEDED') {
    const message = `${systemId} takes no more logins of this user for now (${said}).`;
    return createProblem('RATE_LIMITED', message, rejection.retryAfterSeconds ?? loginWindowSeconds);
  }
  return describeReadRejection(systemId, rejection);
}

const authenticationTypes: ReadonlySet<string | null> = new Set([
  'NO_PASSWORD_PROVIDED',
  'USERNAME_OR_PASSWORD_INCORRECT',
  'USER_LOCKED_OUT',
  'PASSWORD_CHANGE_REQUIRED',
  'INACTIVE_USER',
]);

/** Whether trying the same credentials again can only do harm. */
export function isAuthenticationFailure({ type, authenticationFailed }: Rejection): boolean {
  return authenticationFailed || authenticationTypes.has(type);
}

/** Whether the server failed at its end, so that an action may have been carried out all the same. */
export function isServerError({ type, exception }: Rejection): boolean {
  return type === 'UNEXPECTED_ERROR' || (exception && !meanings.has(type));
}

/** A query that this Vault, or this version of its API, will never accept. */
const syntaxTypes: ReadonlySet<string | null> = new Set([
  // Documented; the second was seen in answers of live Vaults.
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

/** Refusals of a query that would meet any other call, too: the session, a limit, a Vault that is closed. */
const generalTypes: ReadonlySet<string | null> = new Set(['INVALID_SESSION_ID', 'API_LIMIT_EXCEEDED', 'CONFIGURATION_MODE_ENABLED']);

export function isAboutAnyCall(rejection: Rejection): boolean {
  return generalTypes.has(rejection.type) || rejection.retryAfterSeconds !== null;
}

/** Whether a read that was refused so is worth another try; the transport keeps to the time that the Vault names. */
export function isTransientError(rejection: Rejection): boolean {
  return isServerError(rejection) || passingTypes.has(rejection.type) || rejection.retryAfterSeconds !== null;
}

/** An answer without Vault's envelope, or whose body is not the documented one. */
export function describeUnread(systemId: string, wire: WireResponse): Problem {
  const minutes = expectedDowntimeMinutes(wire);
  if (minutes === null)
    return wire.status < 300 ? describeInvalidResponse(systemId, wire, "Vault's documented JSON") : describeStatus(systemId, wire);
  const message = `${systemId} is down for maintenance, by its own word for about ${minutes} minutes (HTTP ${wire.status}).`;
  return createProblem('SYSTEM_UNAVAILABLE', message, minutes * 60);
}

/** How long a Vault that is down says it will stay so; null where it says nothing. */
export function expectedDowntimeMinutes({ headers }: WireResponse): number | null {
  const minutes = Number.parseInt(String(headers['x-vaultapi-downtimeexpecteddurationminutes']), 10);
  return minutes >= 0 ? minutes : null;
}

/** The error's type and the vendor's own words, at most 300 characters of them on one line. */
function quote({ type, message }: Rejection): string {
  const words = toLine(message ?? '');
  return [type ?? 'no error type', ...(words === '' ? [] : [`"${words}"`])].join(': ');
}
