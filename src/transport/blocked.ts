import { createProblem, noResponseInTime, type Problem } from '../jobs/problem.ts';

// Problems of requests that the caller, or Jobyard's own settings and limits stopped.

/** When a caller can retry that must first finish its own requests. */
const fullQueueSeconds = 5;

/** Why a request failed when its call was aborted. `started`: whether it may have reached the vendor. */
export function describeCalledOff(systemId: string, signal: AbortSignal, started: boolean): Problem {
  const deadlinePassed = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
  if (!started) {
    const why = deadlinePassed ? 'the deadline passed. Retry, or raise deadlineMs' : 'the caller disconnected';
    return createProblem('NOT_ATTEMPTED', `Not sent to ${systemId}: ${why}.`);
  }
  return deadlinePassed ? noResponseInTime(systemId) : createProblem('TIMED_OUT', `The caller disconnected before ${systemId} responded.`);
}

export function describeTooLarge(systemId: string, maxBytes: number): Problem {
  return createProblem(
    'INVALID_VENDOR_RESPONSE',
    `${systemId} sent a response of more than ${maxBytes} bytes (maxResponseBytes). Request fewer rows, or raise the limit.`,
  );
}

export function describeTimeout(systemId: string, timeoutMs: number): Problem {
  return createProblem('TIMED_OUT', `${systemId} didn't respond within ${timeoutMs / 1000} seconds (timeoutMs).`);
}

export function describeVendorPause(systemId: string, seconds: number): Problem {
  return createProblem('RATE_LIMITED', `${systemId} is throttling requests. Retry in ${seconds} seconds.`, seconds);
}

export function describeLowAllowance(systemId: string): Problem {
  return createProblem('RATE_LIMITED', `${systemId} has almost reached its request limit. Retry in 5 seconds.`, 5);
}

export function describeFullQueue(systemId: string, max: number): Problem {
  const message = `Not sent to ${systemId}: ${max} of your requests already wait for it (maxQueuedRequestsPerCaller). Retry when they finish, or request less at once.`;
  return createProblem('RATE_LIMITED', message, fullQueueSeconds);
}

/** After this many failures in a row, the circuit breaker blocks requests to a system. */
export const breakAfterFailures = 10;
/** How long the circuit breaker blocks requests; then one request probes the system. */
export const breakForMs = 5_000;

export function describeOpenCircuit(systemId: string): Problem {
  const seconds = breakForMs / 1000;
  const message = `${systemId} is unavailable: ${breakAfterFailures} requests in a row failed. Retry in ${seconds} seconds.`;
  return createProblem('SYSTEM_UNAVAILABLE', message, seconds);
}
