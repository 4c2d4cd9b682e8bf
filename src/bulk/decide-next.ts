import type { Problem } from '../jobs/problem.ts';
import type { BulkStatus } from './operation.ts';

/** What a try at a chunk has come to. */
export interface Sent {
  /** Why the rest has to wait. Null: all that could be done is done, or the operation is not running any more. */
  obstacle: Problem | null;
  /** Whether any item was settled. */
  gotThrough: boolean;
}

/** What is to be done with a chunk. */
export type Next =
  /** Send what is pending. */
  | { kind: 'send' }
  /** Settle what is pending without sending it. */
  | { kind: 'settle'; why: string }
  /** Complete it, unless there is more to do in it by now. */
  | { kind: 'complete' }
  /** Try it again later, and don't count this try. */
  | { kind: 'putBack'; afterSeconds: number }
  /** Try it again later, as one of its retries. */
  | { kind: 'retryLater'; why: string };

/** Before a chunk that was put back is tried again; what the system names counts within these. */
const minWaitSeconds = 1;
const maxWaitSeconds = 3600;

/** How a try at a chunk begins. Pure. */
export function decideFirst(status: BulkStatus, { isAbandoned }: { isAbandoned: boolean }): Next {
  if (status === 'RUNNING' && !isAbandoned) return { kind: 'send' };
  if (status === 'RUNNING') return { kind: 'settle', why: 'the process that was at it ended again and again.' };
  return status === 'CANCELLED' ? { kind: 'settle', why: 'the operation was cancelled.' } : { kind: 'complete' };
}

/** How it goes on after items were sent. Pure. */
export function decideNext(
  { obstacle, gotThrough }: Sent,
  { isClosing, isTakenOver, isLast }: { isClosing: boolean; isTakenOver: boolean; isLast: boolean },
): Next {
  if (isClosing) return { kind: 'putBack', afterSeconds: 0 };
  // Whoever has it now decides.
  if (isTakenOver) return { kind: 'retryLater', why: 'Another replica has taken it over.' };
  if (!obstacle) return { kind: 'complete' };
  const { message, retryAfterSeconds } = obstacle;
  if (gotThrough || retryAfterSeconds !== null) {
    return { kind: 'putBack', afterSeconds: Math.min(maxWaitSeconds, Math.max(minWaitSeconds, retryAfterSeconds ?? 0)) };
  }
  return isLast ? { kind: 'settle', why: message } : { kind: 'retryLater', why: message };
}

/** Whether the system asks to be left alone for a while: the other items would meet the same. */
export function isThrottled({ code, retryAfterSeconds }: Problem): boolean {
  return code === 'RATE_LIMITED' || retryAfterSeconds !== null;
}
