import type { Problem } from '../jobs/problem.ts';
import type { BulkStatus } from './operation.ts';

/** The state of a chunk after an attempt to send its items. */
export interface Sent {
  /** Why the rest has to wait. Null: nothing is left to send, or the operation no longer runs. */
  obstacle: Problem | null;
  /** Whether any item got its final result. */
  madeProgress: boolean;
}

/** What to do next with a chunk. */
export type Next =
  /** Send the pending items. */
  | { kind: 'send' }
  /** Record results for the pending items without sending. */
  | { kind: 'resolve'; why: string }
  /** Complete the chunk, unless it has pending items. */
  | { kind: 'complete' }
  /** Queue the chunk again, without counting this attempt. */
  | { kind: 'putBack'; afterSeconds: number }
  /** Retry the chunk later, counting this attempt. */
  | { kind: 'retryLater'; why: string };

/** Limits of the wait before a chunk that was put back runs again. */
const minWaitSeconds = 1;
const maxWaitSeconds = 3600;

/** Decides the first step of an attempt at a chunk. Pure. */
export function decideFirst(status: BulkStatus, { isAbandoned }: { isAbandoned: boolean }): Next {
  if (status === 'RUNNING' && !isAbandoned) return { kind: 'send' };
  if (status === 'RUNNING')
    return { kind: 'resolve', why: 'each process that attempted this chunk ended before it finished. Check the logs of the replicas.' };
  return status === 'CANCELLED' ? { kind: 'resolve', why: 'the bulk operation was canceled.' } : { kind: 'complete' };
}

/** Decides the next step after items were sent. Pure. */
export function decideNext(
  { obstacle, madeProgress }: Sent,
  { isClosing, isTakenOver, isLast }: { isClosing: boolean; isTakenOver: boolean; isLast: boolean },
): Next {
  if (isClosing) return { kind: 'putBack', afterSeconds: 0 };
  // The other replica decides.
  if (isTakenOver) return { kind: 'retryLater', why: 'Another replica has taken over the chunk.' };
  if (!obstacle) return { kind: 'complete' };
  const { message, retryAfterSeconds } = obstacle;
  if (madeProgress || retryAfterSeconds !== null) {
    return { kind: 'putBack', afterSeconds: Math.min(maxWaitSeconds, Math.max(minWaitSeconds, retryAfterSeconds ?? 0)) };
  }
  return isLast ? { kind: 'resolve', why: message } : { kind: 'retryLater', why: message };
}

/** Whether the system is throttling requests: it would reject the other items, too. */
export function isThrottled({ code, retryAfterSeconds }: Problem): boolean {
  return code === 'RATE_LIMITED' || retryAfterSeconds !== null;
}
