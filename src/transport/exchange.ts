import type { Dispatcher } from 'undici';
import { onAbort } from '../concurrency/on-abort.ts';
import { maxBytesAtOnce, parseLargeJson } from '../json/large.ts';
import { isNestedTooDeep, maxVendorNesting } from '../json/nesting.ts';
import { parseUnnested } from '../json/parse.ts';
import { type Body, createBody } from './body.ts';
import { type Content, readContent } from './content.ts';
import { isProxyRefusal } from './dispatcher.ts';
import { createLargeTurn, type LargeAnswers, type LargeTurn } from './large-turn.ts';

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
export interface WireResponse extends Content {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** What an adapter made of the text, kept here where it asks more than once: a WeakMap would keep it until the next full collection. */
  reading?: unknown;
}

/** What an answer says as JSON; undefined if it isn't JSON. Parses a text that isn't large each time. */
export function readJson({ text, large }: WireResponse): unknown {
  return large ? large.json : parseUnnested(text);
}

/** JSON that an answer of `sender` holds as a text, of any length; 'aborted' when the signal is aborted before the end. */
export async function readText(text: string, sender: string, signal: AbortSignal): ReturnType<typeof parseLargeJson> {
  if (text.length > maxBytesAtOnce) return parseLargeJson(Buffer.from(text), sender, signal);
  if (isNestedTooDeep(text, maxVendorNesting)) return { kind: 'tooDeep' };
  const value = parseUnnested(text);
  return value === undefined ? { kind: 'notJson' } : { kind: 'value', value };
}

export type WireOutcome =
  | { kind: 'answer'; answer: WireResponse }
  /** `started`: the request was being written to a connection, so the vendor may have got it. */
  | { kind: 'lost'; started: boolean; error: Error }
  | { kind: 'timed-out'; started: boolean }
  | { kind: 'too-large'; started: true };

export interface ExchangeLimits {
  /** From now to the last byte of the answer. */
  timeoutMs: number;
  /** A longer answer is not read to its end; of a compressed one, neither what came nor what it holds may be longer. */
  maxBytes: number;
  /** Where answers of more than 1,000,000 bytes take turns, so that few are in memory at one time. */
  large: LargeAnswers;
}

/** An exchange under way. */
interface Exchange {
  readonly limits: ExchangeLimits;
  readonly resolve: (outcome: WireOutcome) => void;
  /** Undefined: nothing of the request was written. Until then there is nothing to stop it by: a late start is turned down. */
  controller: Dispatcher.DispatchController | undefined;
  isSettled: boolean;
  status: number;
  headers: WireResponse['headers'];
  body: Body;
  turn: LargeTurn | null;
  timer: NodeJS.Timeout | undefined;
  stopListening: () => void;
}

/**
 * One HTTP exchange, nothing repeated, no redirect followed. Never rejects.
 * `mayStart` is asked when there is a connection for it, right before the first byte.
 * Uses dispatch rather than request(): it alone tells whether the request had been put on a connection.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  limits: ExchangeLimits,
  signal: AbortSignal,
  mayStart: () => boolean = () => true,
): Promise<WireOutcome> {
  if (signal.aborted) return Promise.resolve({ kind: 'lost', started: false, error: reasonOf(signal) });
  return new Promise((resolve) => {
    const begun: Exchange = {
      limits,
      resolve,
      controller: undefined,
      isSettled: false,
      status: 0,
      headers: {},
      body: createBody(limits.maxBytes, null),
      turn: null,
      timer: undefined,
      stopListening: noListener,
    };
    // Also for waiting for a turn, inflating and parsing.
    begun.timer = setTimeout(() => giveUp(begun, { kind: 'timed-out', started: begun.controller !== undefined }), limits.timeoutMs);
    begun.stopListening = onAbort(signal, () =>
      giveUp(begun, { kind: 'lost', started: begun.controller !== undefined, error: reasonOf(signal) }),
    );
    const { origin, method, path, headers, body } = request;
    dispatcher.dispatch({ origin, method, path, headers, body }, createHandler(begun, mayStart));
  });
}

function noListener(): void {}

function createHandler(begun: Exchange, mayStart: () => boolean): Dispatcher.DispatchHandler {
  return {
    onRequestStart(started) {
      if (begun.isSettled) started.abort(new Error('Given up'));
      else if (!mayStart()) started.abort(new Error('Turned down'));
      else begun.controller = started;
    },
    onResponseStart(_controller, statusCode, responseHeaders) {
      // 1xx answers precede the real one. Only those over HTTP/2 come here.
      if (statusCode >= 200) startResponse(begun, statusCode, responseHeaders);
    },
    onResponseData: (reading, chunk) => takeChunk(begun, reading, chunk),
    onResponseEnd: () => void readBody(begun),
    onResponseError(_controller, error) {
      // Also after giving up: then it says what is known.
      if (begun.isSettled) return;
      settle(begun, { kind: 'lost', started: begun.controller !== undefined && !isProxyRefusal(error), error });
    },
  };
}

function settle(begun: Exchange, outcome: WireOutcome): void {
  begun.isSettled = true;
  begun.turn?.end();
  clearTimeout(begun.timer);
  begun.stopListening();
  begun.resolve(outcome);
}

function giveUp(begun: Exchange, outcome: WireOutcome): void {
  settle(begun, outcome);
  begun.controller?.abort(new Error('Given up'));
}

function startResponse(begun: Exchange, status: number, headers: WireResponse['headers']): void {
  const { maxBytes } = begun.limits;
  begun.status = status;
  begun.headers = headers;
  const announced = announcedBytes(headers);
  if ((announced ?? 0) > maxBytes) giveUp(begun, { kind: 'too-large', started: true });
  else begun.body = createBody(maxBytes, announced);
}

/** The rest of a large body comes when it is its turn. */
function takeChunk(begun: Exchange, reading: Dispatcher.DispatchController, chunk: Buffer): void {
  if (!begun.body.add(chunk)) {
    giveUp(begun, { kind: 'too-large', started: true });
    return;
  }
  if (!begun.body.isLarge() || begun.turn) return;
  reading.pause();
  void takeTurn(begun)
    .isTaken()
    .then(() => reading.resume());
}

function takeTurn(begun: Exchange): LargeTurn {
  begun.turn ??= createLargeTurn(begun.limits.large);
  return begun.turn;
}

async function readBody(begun: Exchange): Promise<void> {
  const { body, status, headers, limits } = begun;
  const content = await readContent(body, headers['content-encoding'], limits.maxBytes, () => takeTurn(begun));
  // Nothing listens if it was given up meanwhile.
  if (content.kind === 'content') settle(begun, { kind: 'answer', answer: { status, headers, ...content.content } });
  else if (content.kind === 'too-large') settle(begun, { kind: 'too-large', started: true });
}

function announcedBytes(headers: WireResponse['headers']): number | null {
  const length = Number(headers['content-length']);
  return Number.isSafeInteger(length) ? length : null;
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Aborted');
}
