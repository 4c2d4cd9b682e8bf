import type { Dispatcher } from 'undici';

/** One request as it goes over the wire. */
export interface WireRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** What came back, without the credential that was sent. Header names are in lower case. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** What an adapter made of the text, kept here where it asks more than once: a WeakMap would keep it until the next full collection. */
  reading?: unknown;
}

export type WireOutcome =
  | { kind: 'answer'; answer: WireAnswer }
  /** `started`: the request was being written to a connection, so the vendor may have got it. */
  | { kind: 'lost'; started: boolean; error: Error }
  | { kind: 'timed-out'; started: boolean }
  | { kind: 'too-large'; started: true };

export interface ExchangeLimits {
  /** From now to the last byte of the answer. */
  timeoutMs: number;
  /** A longer answer is not read to its end. */
  maxBytes: number;
}

/**
 * One HTTP exchange, nothing repeated, no redirect followed. Never rejects.
 * `mayStart` is asked when there is a connection for it, right before the first byte.
 * Uses dispatch rather than request(): it alone tells whether the request had been put on a connection.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  { timeoutMs, maxBytes }: ExchangeLimits,
  signal: AbortSignal,
  mayStart: () => boolean = () => true,
): Promise<WireOutcome> {
  if (signal.aborted) return Promise.resolve({ kind: 'lost', started: false, error: reasonOf(signal) });
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let isSettled = false;
    let status = 0;
    let headers: WireAnswer['headers'] = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const settle = (outcome: WireOutcome): void => {
      isSettled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve(outcome);
    };
    // Until the request starts there is no controller to stop it by: a late start is turned down below.
    const giveUp = (outcome: WireOutcome): void => {
      settle(outcome);
      controller?.abort(new Error('Given up'));
    };
    const abort = (): void => giveUp({ kind: 'lost', started: controller !== undefined, error: reasonOf(signal) });
    const timer = setTimeout(() => giveUp({ kind: 'timed-out', started: controller !== undefined }), timeoutMs);
    signal.addEventListener('abort', abort);

    dispatcher.dispatch(
      { method: request.method, path: request.path, headers: request.headers, body: request.body },
      {
        onRequestStart(started) {
          if (isSettled) started.abort(new Error('Given up'));
          else if (!mayStart()) started.abort(new Error('Turned down'));
          else controller = started;
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          // 1xx answers precede the real one.
          if (statusCode < 200) return;
          status = statusCode;
          headers = responseHeaders;
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > maxBytes) giveUp({ kind: 'too-large', started: true });
          else chunks.push(chunk);
        },
        onResponseEnd() {
          const first = chunks[0];
          const text = chunks.length === 1 && first ? first.toString('utf8') : Buffer.concat(chunks).toString('utf8');
          settle({ kind: 'answer', answer: { status, headers, text: withoutCredential(text, request.headers.authorization) } });
        },
        onResponseError(_controller, error) {
          // Also after giving up: then it says what is known.
          if (!isSettled) settle({ kind: 'lost', started: controller !== undefined, error });
        },
      },
    );
  });
}

/** Shorter ones could be a part of anything. */
const shortestCredential = 8;

/** Vendors' and proxies' words go into messages, and some of them repeat the request that they refuse. */
function withoutCredential(text: string, authorization = ''): string {
  const credential = authorization.slice(authorization.indexOf(' ') + 1);
  // Nearly no answer holds it, and replaceAll takes three to ten times as long to see that.
  return credential.length >= shortestCredential && text.includes(credential) ? text.replaceAll(credential, '…') : text;
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Aborted');
}
