import { onAbort } from '../concurrency/on-abort.ts';
import type { Problem } from '../jobs/problem.ts';
import { describeCalledOff, describeTimeout } from './blocked.ts';
import { type CallResult, notSent } from './call-result.ts';

/** One round trip in progress, for the protocol that performs it. */
export interface RoundTripContext {
  /**
   * Call right before the first byte. False: send nothing, as the call was aborted or the core rejects the sending; the returned result is
   * then ignored.
   */
  start(): boolean;
  /** Aborted at the timeout or with the call: the result is no longer used. Not aborted by a response. */
  signal: AbortSignal;
}

/** Performs one round trip. Never rejects: what the protocol's client throws is a result without an answer. */
export type SendRoundTrip<Response extends object> = (context: RoundTripContext) => Promise<CallResult<Response>>;

export interface TimeLimit {
  systemId: string;
  timeoutMs: number;
  signal: AbortSignal;
  /** The `start` of the round trip. */
  start(): boolean;
}

/**
 * Ends a round trip at its timeout or when its call is aborted. Most protocols can't recall a command: a response that arrives later is
 * ignored, and what was started may have arrived.
 */
export function limitTime<Response extends object>(limit: TimeLimit, send: SendRoundTrip<Response>): Promise<CallResult<Response>> {
  const { systemId, timeoutMs, signal, start } = limit;
  if (signal.aborted) return Promise.resolve(notSent(describeCalledOff(systemId, signal, false)));
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    let isStarted = false;
    const stopWaiting = (): void => {
      clearTimeout(timer);
      stopListening();
    };
    const end = (problem: Problem): void => {
      stopWaiting();
      ended.abort();
      resolve({ answered: false, mayHaveArrived: isStarted, problem });
    };
    const timer = setTimeout(() => end(describeTimeout(systemId, timeoutMs)), timeoutMs);
    const stopListening = onAbort(signal, () => end(describeCalledOff(systemId, signal, isStarted)));
    const startInTime = (): boolean => {
      if (ended.signal.aborted || !start()) return false;
      isStarted = true;
      return true;
    };
    send({ start: startInTime, signal: ended.signal }).finally(stopWaiting).then(resolve, reject);
  });
}
