/**
 * The faults between a vendor and its caller, the same for all vendors. `applied`: whether the vendor performed the request before the
 * fault.
 */
export type Fault =
  /** Responds this much later. */
  | { kind: 'slow'; ms: number }
  /** Never responds. The connection stays open. */
  | { kind: 'hang'; applied: boolean }
  /** Resets the connection without a response. */
  | { kind: 'reset'; applied: boolean }
  /** Responds with this status, headers, and text. Default text: an HTML page, as proxies send. */
  | { kind: 'answer'; status: number; headers?: Record<string, string> | undefined; body?: string | undefined; applied: boolean }
  /** Announces the whole body, sends the first half, and closes the connection. */
  | { kind: 'truncate' }
  /** The vendor's status and headers without a body. */
  | { kind: 'empty' }
  /** The vendor's status and headers with a body of this many spaces. */
  | { kind: 'flood'; bytes: number }
  /** The vendor's response, as changed by an HTTP front end. */
  | ({ kind: 'front-end' } & FrontEnd);

/** What HTTP allows a front end to do. */
export interface FrontEnd {
  /** Informational responses that it sends first, in this order. */
  informational?: (100 | 102 | 103)[] | undefined;
  /** Puts a byte order mark before the body. */
  byteOrderMark?: boolean | undefined;
  /** Compresses the body, in this order. `deflate-raw`: deflate without the zlib header, as some servers send it. */
  codings?: ('gzip' | 'deflate' | 'deflate-raw' | 'br')[] | undefined;
  /** Rejects requests without a `User-Agent` with 403 in HTML, before they reach the vendor. */
  wantsUserAgent?: boolean | undefined;
}

/** A fault, and the requests it applies to. */
export interface FaultRule {
  fault: Fault;
  /** Only requests with this method. */
  method?: string | undefined;
  /** Only requests whose path and query contain this text. */
  path?: string | undefined;
  /** The number of matching requests that pass first. Default: 0. */
  skip?: number | undefined;
  /** The number of requests it applies to. Default: 1. 'always': until cleared. */
  times?: number | 'always' | undefined;
}

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** Returns the fault for this request and counts it. The first matching rule wins. */
  next(method: string, pathAndQuery: string): Fault | undefined;
}

export function createFaults(): Faults {
  let rules: { rule: FaultRule; skip: number; left: number }[] = [];
  return {
    add(rule) {
      rules.push({ rule, skip: rule.skip ?? 0, left: rule.times === 'always' ? Number.POSITIVE_INFINITY : (rule.times ?? 1) });
    },
    clear() {
      rules = [];
    },
    next(method, pathAndQuery) {
      for (const entry of rules) {
        if (entry.left <= 0) continue;
        if (entry.rule.method && entry.rule.method !== method) continue;
        if (entry.rule.path && !pathAndQuery.includes(entry.rule.path)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        return entry.rule.fault;
      }
      return undefined;
    },
  };
}
