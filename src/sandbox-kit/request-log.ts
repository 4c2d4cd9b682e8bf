/** A request that reached a sandbox. */
export interface LoggedRequest {
  method: string;
  /** Path and query, as sent. */
  target: string;
  body: string;
}

export interface RequestLog {
  /** The last 10,000 requests, oldest first. */
  all(): readonly LoggedRequest[];
  /** The number of requests with this method and a target that contains this text. */
  count(method?: string, target?: string): number;
  add(request: LoggedRequest): void;
  clear(): void;
}

const kept = 10_000;

export function createRequestLog(): RequestLog {
  let requests: LoggedRequest[] = [];
  return {
    all: () => requests.slice(-kept),
    count: (method, target) =>
      requests.slice(-kept).filter((request) => (!method || request.method === method) && (!target || request.target.includes(target)))
        .length,
    add(request) {
      requests.push(request);
      // Removes many at once: removing one per request would move the whole list each time.
      if (requests.length >= 2 * kept) requests = requests.slice(-kept);
    },
    clear() {
      requests = [];
    },
  };
}
