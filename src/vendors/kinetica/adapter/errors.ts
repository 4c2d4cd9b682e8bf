import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { toLine } from '../../../jobs/storable-text.ts';
import type { WireResponse } from '../../../transport/exchange.ts';
import { describeStatus } from '../../../transport/failures.ts';
import { quote } from '../../../transport/reply.ts';

export { quote, toLine };

/** An error of Kinetica's, classified by its message: Kinetica has no codes for these errors, and all of them are HTTP 400. */
export interface VendorError {
  problem: Problem;
  /** The `S/SDc:1513` that some messages end with. */
  vendorCode: string | null;
  /** Whether the request was certainly not carried out. */
  certain: boolean;
}

/** The cluster accepts no requests. Source: the messages that make the vendor's client (gpudb.py) fail over to another cluster. */
const unavailable =
  /(?:system shutting down|unavailable: draining ha queue|kinetica is exiting|kinetica is offline|system is offline|system-limited-fatal|query planner is not running)/i;
const saysNothingElse = new RegExp(`^${unavailable.source}(?:[.:;,].*)?$`, 'is');

/** A connection inside the cluster broke, before or after the work was done. Source: the same. */
const brokeInside = /connection refused|connection reset|unexpected end of file from server/i;

/** `Access denied; ok`, as captured from a server; not a sentence that merely begins with these words or contains them. */
const accessDenied = /^access denied(?:[.:;,].*)?$/is;

/** What a message with status ERROR means. `otherwise`: the code of an unknown message. */
export function describeError(systemId: string, message: string, otherwise: 'VENDOR_REJECTED' | 'INVALID_VENDOR_RESPONSE'): VendorError {
  const vendorCode = codeIn(message);
  const error = (code: Problem['code'], text: string, advice = '', certain = true): VendorError => ({
    problem: createProblem(code, `${systemId} ${text}: ${quote(message)}.${advice}`),
    vendorCode,
    certain,
  });
  if (saysNothingElse.test(withoutCode(message))) return error('SYSTEM_UNAVAILABLE', 'is not accepting requests', ' Retry later.');
  // The clients search the whole message. Inside a longer message the words may be about something else, so nothing is certain.
  if (unavailable.test(message) || brokeInside.test(message))
    return error('SYSTEM_UNAVAILABLE', "can't serve requests now", ' Retry later.', false);
  if (isAccessDenied(message)) return error('ACCESS_DENIED', 'denied access', ' The user needs the system_admin permission.');
  return error(otherwise, 'rejected the request');
}

/** The problem of a response whose HTTP status decides, whatever its body. Null: the body decides. */
export function describeHttpError(systemId: string, answer: WireResponse, path: string, hasCredentials: boolean): Problem | null {
  const { status } = answer;
  if (status === 401 && !hasCredentials) {
    const message = `${systemId} requires credentials, but none are configured (HTTP 401). Set username and password, or token.`;
    return createProblem('VENDOR_AUTHENTICATION_FAILED', message);
  }
  if (status === 404) {
    const message = `${systemId} has no ${path} (HTTP 404). Set url to the head rank, including the path of its proxy if it has one, for example https://host:8082/gpudb-0.`;
    return createProblem('INVALID_VENDOR_RESPONSE', message);
  }
  return status === 401 || status === 403 || status === 408 || status === 429 || status >= 500 ? describeStatus(systemId, answer) : null;
}

export function isAccessDenied(message: string): boolean {
  return accessDenied.test(withoutCode(message));
}

const codeAtEnd = /\s*\(([A-Z]+\/[A-Za-z]+:[0-9]+)\)\s*$/;

/** Whether the message means that the requested job does not exist, and nothing else. The wording is not documented. */
export function isJobNotFound(message: string): boolean {
  return /^(?:job -?\d+ )?not found\.?$/i.test(withoutCode(message));
}

/** The code in parentheses at the end of a message. */
export function codeIn(message: string): string | null {
  return codeAtEnd.exec(message)?.[1] ?? null;
}

/** The message without its code, to compare with a documented phrase. */
export function withoutCode(message: string): string {
  return message.replace(codeAtEnd, '').trim();
}
