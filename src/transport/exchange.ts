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
}

export type WireOutcome =
  | { kind: 'answer'; answer: WireAnswer }
  /** `started`: the request was being written to a connection, so the vendor may have got it. */
  | { kind: 'lost'; started: boolean; error: Error }
  | { kind: 'too-large'; started: true };

/**
 * One HTTP exchange, nothing repeated, no redirect followed. Never rejects.
 * `mayStart` is asked when there is a connection for it, right before the first byte.
 * Uses dispatch rather than request(): it alone tells whether the request had been put on a connection.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  maxBytes: number,
  signal: AbortSignal,
  mayStart: () => boolean = () => true,
): Promise<WireOutcome> {
  return new Promise((resolve) => {
    let started = false;
    let status = 0;
    let headers: WireAnswer['headers'] = {};
    let size = 0;
    const chunks: Buffer[] = [];
    let abort: (() => void) | undefined;

    const settle = (outcome: WireOutcome): void => {
      if (abort) signal.removeEventListener('abort', abort);
      resolve(outcome);
    };
    if (signal.aborted) {
      settle({ kind: 'lost', started, error: reasonOf(signal) });
      return;
    }
    // Until the request starts there is no controller to stop it by: the promise settles and the late start is turned down below.
    abort = () => settle({ kind: 'lost', started, error: reasonOf(signal) });
    signal.addEventListener('abort', abort, { once: true });

    dispatcher.dispatch(
      { method: request.method, path: request.path, headers: request.headers, body: request.body },
      {
        onRequestStart(controller) {
          if (signal.aborted) {
            controller.abort(reasonOf(signal));
            return;
          }
          if (!mayStart()) {
            controller.abort(new Error('Turned down'));
            return;
          }
          started = true;
          if (abort) signal.removeEventListener('abort', abort);
          abort = () => controller.abort(reasonOf(signal));
          signal.addEventListener('abort', abort, { once: true });
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          // 1xx answers precede the real one.
          if (statusCode < 200) return;
          status = statusCode;
          headers = responseHeaders;
        },
        onResponseData(controller, chunk) {
          size += chunk.length;
          if (size > maxBytes) {
            settle({ kind: 'too-large', started: true });
            controller.abort(new Error('Answer too large'));
            return;
          }
          chunks.push(chunk);
        },
        onResponseEnd() {
          const first = chunks[0];
          const text = chunks.length === 1 && first ? first.toString('utf8') : Buffer.concat(chunks).toString('utf8');
          settle({ kind: 'answer', answer: { status, headers, text: withoutCredential(text, request.headers.authorization) } });
        },
        onResponseError(_controller, error) {
          settle({ kind: 'lost', started, error });
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
  return credential.length >= shortestCredential ? text.replaceAll(credential, '…') : text;
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Aborted');
}
