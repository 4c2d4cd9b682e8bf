import type { Problem } from '../jobs/problem.ts';

/** A round trip reads, or performs an action. */
export type Purpose = 'read' | 'action';

/** A response of the vendor, or of what stands in front of it, or why there is none. */
export type CallResult<Response extends object> = ({ answered: true } & Response) | Unanswered;

export interface Unanswered {
  answered: false;
  /** Whether the vendor may have received the request, and performed it. */
  mayHaveArrived: boolean;
  problem: Problem;
}

/** The result of a request that was never sent. */
export function notSent(problem: Problem): Unanswered {
  return { answered: false, mayHaveArrived: false, problem };
}
