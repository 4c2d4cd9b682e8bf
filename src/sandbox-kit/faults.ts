/**
 * What can go wrong between a vendor and its caller, whoever the vendor is.
 * `applied`: whether the vendor had carried the request out before things went wrong.
 */
export type Fault =
  /** Answers, but this much later. */
  | { kind: 'slow'; ms: number }
  /** Never answers; the connection stays open. */
  | { kind: 'hang'; applied: boolean }
  /** The connection is torn down without an answer. */
  | { kind: 'reset'; applied: boolean }
  /** Answers with this status, headers and text instead of its own. Text defaults to an HTML page, as proxies send. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string; applied: boolean }
  /** Announces the whole body, sends the first half and closes. */
  | { kind: 'truncate' }
  /** Its own status and headers, and no body. */
  | { kind: 'empty' }
  /** Its own status and headers, and a body of this many spaces. */
  | { kind: 'flood'; bytes: number }
  /** Its own answer, as an HTTP front end passes it on. */
  | ({ kind: 'front-end' } & FrontEnd);

/** What HTTP lets a front end do, asked for or not. */
export interface FrontEnd {
  /** Informational answers that it sends first, in this order. */
  informational?: (100 | 102 | 103)[];
  /** Puts a byte order mark before the body. */
  byteOrderMark?: boolean;
  /** Compresses the body, in this order. `deflate-raw`: deflate without its zlib header, as some servers send it. */
  codings?: ('gzip' | 'deflate' | 'deflate-raw' | 'br')[];
  /** Refuses requests without a `User-Agent` with 403 in HTML; they do not reach the vendor. */
  wantsUserAgent?: boolean;
}

/** A fault, and the requests it befalls. */
export interface FaultRule {
  fault: Fault;
  /** Only requests of this method. */
  method?: string;
  /** Only requests whose path and query contain this text. */
  path?: string;
  /** Lets this many matching requests pass first. Default 0. */
  skip?: number;
  /** Befalls this many requests, then is spent. Default 1; 'always' until cleared. */
  times?: number | 'always';
}

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** The fault that befalls this request, used up by asking. The first rule that matches wins. */
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
