import { createProblem, type Problem } from '../jobs/problem.ts';
import type { WireAnswer } from './exchange.ts';

/** Why a request brought no answer, in words for an operator. */
export function describeLostAnswer(systemId: string, error: Error): Problem {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return createProblem('TIMED_OUT', `${systemId} could not be connected to in time.`);
  return createProblem('SYSTEM_UNAVAILABLE', `${systemId} can't be reached: ${reasons[code] ?? `the connection failed (${code})`}.`);
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused (ECONNREFUSED)',
  ENOTFOUND: 'its host name is unknown (ENOTFOUND)',
  EAI_AGAIN: 'its host name could not be looked up (EAI_AGAIN)',
  EHOSTUNREACH: 'there is no route to its host (EHOSTUNREACH)',
  ENETUNREACH: 'there is no route to its network (ENETUNREACH)',
  ECONNRESET: 'the connection was reset (ECONNRESET)',
  UND_ERR_SOCKET: 'the connection was closed before the whole answer had come (UND_ERR_SOCKET)',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its TLS certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)',
  SELF_SIGNED_CERT_IN_CHAIN: 'its TLS certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its TLS certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
  CERT_HAS_EXPIRED: 'its TLS certificate has expired (CERT_HAS_EXPIRED)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its TLS certificate is for another host (ERR_TLS_CERT_ALTNAME_INVALID)',
};

/**
 * What an answer means by its HTTP status alone, for bodies that are not the vendor's own (proxies, load balancers).
 * 200 to 299 means that the body was not what it should be.
 */
export function describeStatus(systemId: string, answer: WireAnswer): Problem {
  const { status } = answer;
  if (status === 429)
    return createProblem('RATE_LIMITED', `${systemId} takes no more requests for now (HTTP 429).`, retryAfterSeconds(answer));
  if (status === 401) return createProblem('VENDOR_CREDENTIALS', `${systemId} refused the configured credentials (HTTP 401).`);
  if (status === 403) return createProblem('ACCESS_DENIED', `${systemId} denied access (HTTP 403).`);
  if (status === 408 || status === 504) return createProblem('TIMED_OUT', `${systemId} timed out behind its proxy (HTTP ${status}).`);
  if (status >= 500) {
    return createProblem('SYSTEM_UNAVAILABLE', `${systemId} can't serve requests now (HTTP ${status}).`, retryAfterSeconds(answer));
  }
  return describeUnreadable(systemId, answer);
}

/** An answer that is not what the vendor's manual says. The body itself is not quoted: it can hold anything. */
export function describeUnreadable(systemId: string, answer: WireAnswer, expected = 'its documented JSON'): Problem {
  const type = answer.headers['content-type'] ?? 'no content type';
  return createProblem(
    'BAD_VENDOR_ANSWER',
    `${systemId} answered HTTP ${answer.status} with something other than ${expected} (${answer.text.length} characters, ${type}).`,
  );
}

/** The Retry-After header in seconds, whether it came as seconds or as a date; null without one. */
export function retryAfterSeconds(answer: WireAnswer): number | null {
  const value = answer.headers['retry-after'];
  if (typeof value !== 'string') return null;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}
