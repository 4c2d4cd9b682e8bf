import type { Problem } from '../jobs/problem.ts';
import type { WireRequest, WireResponse } from './exchange.ts';

export interface HttpRequest {
  method: WireRequest['method'];
  /** Appended to the base URL, including the query. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** read: retried after a transient failure. action: sent once, unless the vendor's response requests a retry. */
  purpose: 'read' | 'action';
}

/** A response of the vendor or of a proxy in front of it, or why there is none. */
export type HttpResult =
  | ({ answered: true } & WireResponse)
  /** `mayHaveArrived`: whether the vendor may have received the request, and performed it. */
  | { answered: false; mayHaveArrived: boolean; problem: Problem };

/** The result of a request that was never sent. */
export function notSent(problem: Problem): HttpResult {
  return { answered: false, mayHaveArrived: false, problem };
}
