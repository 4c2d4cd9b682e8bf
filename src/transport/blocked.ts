import { createProblem, type Problem } from '../jobs/problem.ts';

// Why a request wasn't sent, or its response not awaited or read, by Jobyard's own settings and limits.

/** When to try again if a caller's own requests have to be done first. */
const fullQueueSeconds = 5;

export function describeTooLarge(systemId: string, maxBytes: number): Problem {
  return createProblem(
    'INVALID_VENDOR_RESPONSE',
    `${systemId} answered with more than ${maxBytes} bytes; the rest was not read (setting maxResponseBytes).`,
  );
}

export function describeTimeout(systemId: string, timeoutMs: number): Problem {
  return createProblem('TIMED_OUT', `${systemId} did not answer within ${timeoutMs / 1000} s (setting timeoutMs).`);
}

export function describeHold(systemId: string, seconds: number): Problem {
  return createProblem('RATE_LIMITED', `${systemId} asked to be left alone for a while; nothing is sent to it before that.`, seconds);
}

export function describeLowAllowance(systemId: string): Problem {
  return createProblem('RATE_LIMITED', `${systemId} has few requests left for now, and others wait for theirs.`, 5);
}

export function describeFullQueue(systemId: string, max: number): Problem {
  const message = `${max} of your requests wait for ${systemId} already (setting maxQueuedRequestsPerCaller): this one was not sent. Retry when they are done, or ask for less at once.`;
  return createProblem('RATE_LIMITED', message, fullQueueSeconds);
}

export function describeOpenCircuit(systemId: string): Problem {
  return createProblem('SYSTEM_UNAVAILABLE', `${systemId} failed too often lately; nothing is sent to it for a few seconds.`, 5);
}
