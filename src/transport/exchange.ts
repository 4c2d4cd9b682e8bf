import type { Dispatcher } from 'undici';
import { onAbort } from '../concurrency/on-abort.ts';
import { maxBytesAtOnce, parseLargeJson } from '../json/large.ts';
import { isNestedTooDeep, maxVendorNesting } from '../json/nesting.ts';
import { parseUnnested } from '../json/parse.ts';
import { type Body, createBody } from './body.ts';
import { type Content, readContent } from './content.ts';
import { isProxyRejection } from './dispatcher.ts';
import { createLargeTurn, type LargeResponses, type LargeTurn } from './large-turn.ts';

/** A request on the wire. */
export interface WireRequest {
  /** The scheme, host, and port. */
  origin: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path and query. */
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** A response on the wire. May repeat the sent credential: what adapters return of it is redacted. Header names are in lowercase. */
export interface WireResponse extends Content {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** The adapter's result for this text, cached here: a WeakMap would keep it until the next full collection. */
  reading?: unknown;
}

/** The response as JSON; undefined if it isn't JSON. Parses a small text on each call. */
export function readJson({ text, large }: WireResponse): unknown {
  return large ? large.json : parseUnnested(text);
}

/** Parses JSON of any length that a response of `sender` contains as text. 'aborted' if the signal is aborted first. */
export async function readText(text: string, sender: string, signal: AbortSignal): ReturnType<typeof parseLargeJson> {
  if (text.length > maxBytesAtOnce) return parseLargeJson(Buffer.from(text), sender, signal);
  if (isNestedTooDeep(text, maxVendorNesting)) return { kind: 'tooDeep' };
  const value = parseUnnested(text);
  return value === undefined ? { kind: 'notJson' } : { kind: 'value', value };
}

export type WireOutcome =
  | { kind: 'answer'; answer: WireResponse }
  /** `started`: the request was being written to a connection, so the vendor may have received it. */
  | { kind: 'lost'; started: boolean; error: Error }
  | { kind: 'timed-out'; started: boolean }
  | { kind: 'too-large'; started: true };

export interface ExchangeLimits {
  /** From now until the last byte of the response. */
  timeoutMs: number;
  /** A longer response isn't read to its end. For a compressed one, this limits both the compressed and the inflated size. */
  maxBytes: number;
  /** Where responses of more than 1,000,000 bytes take turns, so that few are in memory at a time. */
  large: LargeResponses;
}

/** An exchange in flight. */
interface Exchange {
  readonly limits: ExchangeLimits;
  readonly resolve: (outcome: WireOutcome) => void;
  /** Undefined: nothing of the request was written. Until then, it can't be aborted: a late start is rejected. */
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
 * Performs one HTTP exchange. Repeats nothing, follows no redirect, and never rejects. `mayStart` is called when a connection is available,
 * right before the first byte. Uses dispatch instead of request(): only dispatch reveals whether the request was put on a connection.
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
    // Also ends waiting for a turn, inflating, and parsing.
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
      if (begun.isSettled) started.abort(new Error('Aborted'));
      else if (!mayStart()) started.abort(new Error('Rejected before the start'));
      else begun.controller = started;
    },
    onResponseStart(_controller, statusCode, responseHeaders) {
      // 1xx responses precede the final one. Only those over HTTP/2 arrive here.
      if (statusCode >= 200) startResponse(begun, statusCode, responseHeaders);
    },
    onResponseData: (reading, chunk) => takeChunk(begun, reading, chunk),
    onResponseEnd: () => void readBody(begun),
    onResponseError(_controller, error) {
      // Also called after an abort: then the result covers what happened until the abort.
      if (begun.isSettled) return;
      settle(begun, { kind: 'lost', started: begun.controller !== undefined && !isProxyRejection(error), error });
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
  begun.controller?.abort(new Error('Aborted'));
}

function startResponse(begun: Exchange, status: number, headers: WireResponse['headers']): void {
  const { maxBytes } = begun.limits;
  begun.status = status;
  begun.headers = headers;
  const announced = announcedBytes(headers);
  if ((announced ?? 0) > maxBytes) giveUp(begun, { kind: 'too-large', started: true });
  else begun.body = createBody(maxBytes, announced);
}

/** The rest of a large body is read in its turn. */
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
  // After an abort, the result is already settled.
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
