import type { CallResult, Purpose } from './call-result.ts';
import type { WireRequest, WireResponse } from './exchange.ts';

export interface HttpRequest {
  method: WireRequest['method'];
  /** Appended to the base URL, including the query. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** read: retried after a transient failure. action: sent once, unless the vendor's response requests a retry. */
  purpose: Purpose;
}

/** A response of the vendor or of a proxy in front of it, or why there is none. */
export type HttpResult = CallResult<WireResponse>;
