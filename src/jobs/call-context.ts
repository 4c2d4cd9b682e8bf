import type { Problem } from './problem.ts';

/** What every call to a vendor carries. */
export interface CallContext {
  /**
   * The caller that the requests count toward. Callers share a system's places fairly, so one caller's many requests don't delay another's.
   * Background work has names of its own.
   */
  caller: string;
  /** Aborted when the result is no longer needed, or at the deadline. */
  signal: AbortSignal;
  /** The caller's own vendor credential, if the system is configured to pass it through; null: the configured one. Never cache or log it. */
  credential: string | null;
  /** True: an action waits for the read, before it is sent or for its outcome. The transport queues it with actions. Default: false. */
  resolvesAction?: boolean;
  /** Of an action: who requests it (`key:NAME`), for vendors that keep it with the job. Default: unknown. */
  requestedBy?: string;
  /** Of an action: why the caller requests it, for vendors that keep it with the job. Default: unknown. */
  reason?: string | null;
  /**
   * Of an action: the same for each attempt at it, in each process that attempts it; another action has another key. One key can belong to
   * actions on several jobs. An adapter derives the ID of a created job from it and from the job's ID, so that a second attempt creates nothing.
   * Default: unknown.
   */
  actionKey?: string;
  /** Called for each round trip to the vendor, such as an HTTP request, including retries. Default: round trips aren't counted. */
  onRoundTrip?: () => void;
  /**
   * Called when a round trip for an action has its connection, right before its first byte. A problem: nothing is sent. The transport calls
   * both for an adapter that uses it. Default: the action is sent.
   */
  beforeSend?: () => Problem | null;
}
