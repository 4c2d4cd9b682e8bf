import { createProblem, type Problem } from '../jobs/problem.ts';
import { toLine } from '../jobs/storable-text.ts';
import type { WireResponse } from './exchange.ts';

/** Why a request got no response, for an operator. */
export function describeConnectionError(systemId: string, error: Error): Problem {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return createProblem('TIMED_OUT', `${systemId} can't be reached: the connection timed out.`);
  return createProblem(
    'SYSTEM_UNAVAILABLE',
    `${systemId} can't be reached: ${describeTunnelRejection(error) ?? reasons[code] ?? `the connection failed (${code})`}.`,
  );
}

/** undici reports the status only in its message. */
function describeTunnelRejection({ message }: Error): string | null {
  const status = /^Proxy response \((\d{3})\)/.exec(message)?.[1];
  if (!status) return null;
  return status === '407' ? proxyAsksForCredentials : `the proxy didn't connect to it (HTTP ${status})`;
}

const proxyAsksForCredentials = 'the proxy requires a user name and password (HTTP 407)';

const reasons: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused (ECONNREFUSED)',
  ENOTFOUND: 'its host name is unknown (ENOTFOUND)',
  EAI_AGAIN: "its host name can't be resolved (EAI_AGAIN)",
  EHOSTUNREACH: 'there is no route to its host (EHOSTUNREACH)',
  ENETUNREACH: 'there is no route to its network (ENETUNREACH)',
  ECONNRESET: 'the connection was reset (ECONNRESET)',
  UND_ERR_SOCKET: 'the connection closed before the full response arrived (UND_ERR_SOCKET)',
  UND_ERR_PRX_CONN: 'the proxy closed the connection (UND_ERR_PRX_CONN)',
  UND_ERR_PRX_TLS: "the proxy's TLS certificate is not trusted (UND_ERR_PRX_TLS)",
  UND_ERR_INVALID_ARG: proxyAsksForCredentials,
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its TLS certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)',
  SELF_SIGNED_CERT_IN_CHAIN: 'its TLS certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its TLS certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
  CERT_HAS_EXPIRED: 'its TLS certificate has expired (CERT_HAS_EXPIRED)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its TLS certificate is for another host (ERR_TLS_CERT_ALTNAME_INVALID)',
};

/**
 * The meaning of a response by its HTTP status alone, for bodies that aren't the vendor's own (proxies, load balancers). 200 to 299 means
 * that the body was unexpected.
 */
export function describeStatus(systemId: string, answer: WireResponse): Problem {
  const { status } = answer;
  if (status === 429) return createProblem('RATE_LIMITED', `${systemId} is throttling requests (HTTP 429).`, retryAfterSeconds(answer));
  if (status === 401) return createProblem('VENDOR_AUTHENTICATION_FAILED', `${systemId} rejected the configured credentials (HTTP 401).`);
  if (status === 403) return createProblem('ACCESS_DENIED', `${systemId} denied access (HTTP 403).`);
  if (status === 408 || status === 504) return createProblem('TIMED_OUT', `${systemId} timed out behind its proxy (HTTP ${status}).`);
  if (status >= 500) {
    return createProblem('SYSTEM_UNAVAILABLE', `${systemId} is unavailable (HTTP ${status}).`, retryAfterSeconds(answer));
  }
  return describeInvalidResponse(systemId, answer);
}

/** A response that the vendor's manual doesn't describe. The message doesn't quote the body, which can contain anything. */
export function describeInvalidResponse(systemId: string, answer: WireResponse, expected = 'its documented JSON'): Problem {
  const { status, headers, text, large, defect } = answer;
  if (defect !== undefined) {
    return createProblem('INVALID_VENDOR_RESPONSE', `${systemId} returned HTTP ${status} with an unreadable body: it is ${defect}.`);
  }
  if (isRedirect(status)) return describeRedirect(systemId, answer);
  const type = headers['content-type'] ? toLine(String(headers['content-type']), 100) : 'no content type';
  return createProblem(
    'INVALID_VENDOR_RESPONSE',
    `${systemId} returned HTTP ${status} with ${type} (${large ? `${large.byteCount} bytes` : `${text.length} characters`}), not ${expected}. Check url.`,
  );
}

/**
 * Whether the vendor may have performed an action although its response is undocumented: 3xx and 4xx replace the work, all others may
 * follow it. So may 303, which refers to the result of the work (RFC 9110, section 15.4.4), and 408, which a proxy sends when the vendor is
 * slow.
 */
export function mayBeCarriedOut(status: number): boolean {
  return status < 300 || status === 303 || status === 408 || status >= 500;
}

/** 304 responds to a condition, and 305 and 306 are obsolete. */
function isRedirect(status: number): boolean {
  return (status >= 300 && status <= 303) || status === 307 || status === 308;
}

/** Redirects aren't followed: the credentials would be sent to the target, and an action might be performed twice or as another one. */
function describeRedirect(systemId: string, { status, headers }: WireResponse): Problem {
  const place = typeof headers.location === 'string' ? describeLocation(headers.location) : '';
  const target = place && ` to ${place}`;
  return createProblem(
    'INVALID_VENDOR_RESPONSE',
    `${systemId} redirected the request${target} (HTTP ${status}). Jobyard doesn't follow redirects: set url to the API itself, not to a sign-in page or proxy.`,
  );
}

/** The location without user name, password, parameters, query, and fragment: those may contain secrets, and callers see messages. */
function describeLocation(location: string): string {
  // Browsers ignore tabs, and accept any number of slashes after a scheme.
  const place = location.replaceAll('\t', '').replace(/[?#;].*$/s, '');
  return toLine(place.replace(/^([a-z][a-z0-9+.-]*:[\\/]*|[\\/]{2,})[^\\/]*@/i, '$1'), 200);
}

/** RFC 9110, section 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`, and two older forms, one of which has no zone. */
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .+ ?\d\d:\d\d:\d\d/;

/**
 * The Retry-After header in whole seconds, rounded up, from seconds (RFC 9110, section 10.2.3; decimals are accepted) or a date. Null
 * without one and for anything else. A date is relative to the response's own `Date`, as the clocks of the two machines may differ.
 */
export function retryAfterSeconds({ headers }: WireResponse): number | null {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return null;
  if (/^\d+(\.\d*)?$/.test(value)) return Math.ceil(Number(value));
  const atMs = parseHttpDate(value);
  if (atMs === null) return null;
  const answeredAtMs = typeof headers.date === 'string' ? parseHttpDate(headers.date) : null;
  return Math.max(0, Math.ceil((atMs - (answeredAtMs ?? Date.now())) / 1000));
}

function parseHttpDate(text: string): number | null {
  // Date.parse accepts nearly anything: "-5" is a day in May 2001.
  const ms = httpDate.test(text) ? Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
