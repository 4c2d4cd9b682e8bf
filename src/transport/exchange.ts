import type { Dispatcher } from 'undici';
import { parseJson } from '../json/parse.ts';
import { maxMainThreadBytes, parseLargeJson } from '../json/thread.ts';
import { isProxyRefusal } from './dispatcher.ts';
import { inflate } from './inflate.ts';

/** One request as it goes over the wire. */
export interface WireRequest {
  /** Scheme, host and port. */
  origin: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** What came back. It may repeat the credential that was sent: what adapters return of it is cleared of secrets. Header names are in lower case. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Empty where the body has a defect or is large. */
  text: string;
  /** In the place of the text of a large body: what it says as JSON, parsed beside the main thread; `json` is undefined if it isn't JSON. */
  large?: { json: unknown; byteCount: number };
  /** Why the body could not be made text (it is "damaged or cut off", say); absent where it could. */
  defect?: string;
  /** What an adapter made of the text, kept here where it asks more than once: a WeakMap would keep it until the next full collection. */
  reading?: unknown;
}

/** What an answer says as JSON; undefined if it isn't JSON. Parses a text that isn't large each time. */
export function readJson({ text, large }: WireAnswer): unknown {
  return large ? large.json : parseJson(text);
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
  /** A longer answer is not read to its end; of a compressed one, neither what came nor what it holds may be longer. */
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

    const settleWith = (bytes: Buffer): void => {
      if (isUtf16(bytes)) {
        settle({ kind: 'answer', answer: { status, headers, text: '', defect: 'in UTF-16, not in UTF-8' } });
      } else if (bytes.length <= maxMainThreadBytes) {
        settle({ kind: 'answer', answer: { status, headers, text: withoutMark(bytes).toString() } });
      } else {
        const byteCount = bytes.length;
        // The time limit covers this too.
        void parseLargeJson(withoutMark(bytes), () => !isSettled).then((json) => {
          settle({ kind: 'answer', answer: { status, headers, text: '', large: { json, byteCount } } });
        });
      }
    };
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
      { origin: request.origin, method: request.method, path: request.path, headers: request.headers, body: request.body },
      {
        onRequestStart(started) {
          if (isSettled) started.abort(new Error('Given up'));
          else if (!mayStart()) started.abort(new Error('Turned down'));
          else controller = started;
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          // 1xx answers precede the real one. Only those over HTTP/2 come here.
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
          const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
          const coding = headers['content-encoding'];
          if (coding === undefined) {
            settleWith(bytes);
            return;
          }
          // The time limit covers this too.
          void inflate(bytes, coding, maxBytes).then((inflated) => {
            if (inflated.kind === 'too-large') settle({ kind: 'too-large', started: true });
            else if (inflated.kind === 'defect') settle({ kind: 'answer', answer: { status, headers, text: '', defect: inflated.defect } });
            else settleWith(inflated.bytes);
          });
        },
        onResponseError(_controller, error) {
          // Also after giving up: then it says what is known.
          if (!isSettled) settle({ kind: 'lost', started: controller !== undefined && !isProxyRefusal(error), error });
        },
      },
    );
  });
}

/** Without a byte order mark, which some servers put first (RFC 8259, section 8.1: it may be ignored). */
function withoutMark(bytes: Buffer): Buffer {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return hasMark ? bytes.subarray(3) : bytes;
}

/** By its byte order mark; no text in UTF-8 begins so. */
function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Aborted');
}
