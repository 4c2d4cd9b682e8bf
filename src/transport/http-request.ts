import type { Problem } from '../jobs/problem.ts';
import type { WireRequest, WireResponse } from './exchange.ts';

export interface HttpRequest {
  method: WireRequest['method'];
  /** Appended to the base URL, query included. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** read: repeated when it fails in passing. action: sent once, unless the vendor's answer asks for a repeat. */
  purpose: 'read' | 'action';
}

/** An answer of the vendor or of what stands before it, or the reason why there is none. */
export type HttpResult =
  | ({ answered: true } & WireResponse)
  /** `mayHaveArrived`: whether the vendor may have got the request (and acted on it). */
  | { answered: false; mayHaveArrived: boolean; problem: Problem };

/** The result of a request that was never sent. */
export function notSent(problem: Problem): HttpResult {
  return { answered: false, mayHaveArrived: false, problem };
}
