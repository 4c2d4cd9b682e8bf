import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { toLine } from '../../../jobs/storable-text.ts';
import type { WireResponse } from '../../../transport/exchange.ts';
import { describeStatus } from '../../../transport/failures.ts';
import { quote } from '../../../transport/reply.ts';

export { quote, toLine };

/** Kinetica's own no, read from its message: it has no codes of its own for these, and HTTP says 400 to them all. */
export interface VendorError {
  problem: Problem;
  /** The `S/SDc:1513` that some messages end with. */
  vendorCode: string | null;
  /** Whether the request was certainly not carried out. */
  certain: boolean;
}

/** The cluster takes no requests. Source: the messages by which the vendor's clients (gpudb.py) leave a cluster for the next one. */
const unavailable =
  /(?:system shutting down|unavailable: draining ha queue|kinetica is exiting|kinetica is offline|system is offline|system-limited-fatal|query planner is not running)/i;
const saysNothingElse = new RegExp(`^${unavailable.source}(?:[.:;,].*)?$`, 'is');

/** A connection inside the cluster broke: before or after the work was done, the message doesn't tell. Source: the same. */
const brokeInside = /connection refused|connection reset|unexpected end of file from server/i;

/** `Access denied; ok`, as captured from a server; never a sentence that only begins alike, or words about access in another one. */
const accessDenied = /^access denied(?:[.:;,].*)?$/is;

/** What a message with status ERROR means; `otherwise` where it is none of the known ones. */
export function describeError(systemId: string, message: string, otherwise: 'VENDOR_REJECTED' | 'INVALID_VENDOR_RESPONSE'): VendorError {
  const vendorCode = codeIn(message);
  const error = (code: Problem['code'], text: string, certain = true): VendorError => ({
    problem: createProblem(code, `${text}: ${quote(message)}.`),
    vendorCode,
    certain,
  });
  if (saysNothingElse.test(withoutCode(message))) return error('SYSTEM_UNAVAILABLE', `${systemId} takes no requests now`);
  // The clients search the whole message. Elsewhere in it, the words may be about something else, so nothing is certain.
  if (unavailable.test(message) || brokeInside.test(message))
    return error('SYSTEM_UNAVAILABLE', `${systemId} can't serve requests now`, false);
  if (isAccessDenied(message))
    return error('ACCESS_DENIED', `${systemId} denied access; its jobs are open to users with the system_admin permission`);
  return error(otherwise, `${systemId} refused the request`);
}

/** What an answer means whose HTTP status speaks for itself, whatever its body. Null: read the body. */
export function describeHttpError(systemId: string, answer: WireResponse, path: string, hasCredentials: boolean): Problem | null {
  const { status } = answer;
  if (status === 401 && !hasCredentials) {
    const message = `${systemId} asks for credentials and none are configured (HTTP 401): set username and password, or token.`;
    return createProblem('VENDOR_AUTHENTICATION_FAILED', message);
  }
  if (status === 404) {
    const message = `${systemId} has no ${path} (HTTP 404): url must lead to the head rank, with the path of its proxy where there is one, as in https://host:8082/gpudb-0.`;
    return createProblem('INVALID_VENDOR_RESPONSE', message);
  }
  return status === 401 || status === 403 || status === 408 || status === 429 || status >= 500 ? describeStatus(systemId, answer) : null;
}

export function isAccessDenied(message: string): boolean {
  return accessDenied.test(withoutCode(message));
}

const codeAtEnd = /\s*\(([A-Z]+\/[A-Za-z]+:[0-9]+)\)\s*$/;

/** That there is no such job: a message that says so of the whole request and of nothing else. Its words are not documented. */
export function isJobNotFound(message: string): boolean {
  return /^(?:job -?\d+ )?not found\.?$/i.test(withoutCode(message));
}

/** The code in parentheses at the end of a message. */
export function codeIn(message: string): string | null {
  return codeAtEnd.exec(message)?.[1] ?? null;
}

/** The message itself: what can be compared with a documented phrase. */
export function withoutCode(message: string): string {
  return message.replace(codeAtEnd, '').trim();
}
