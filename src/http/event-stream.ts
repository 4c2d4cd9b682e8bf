import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FormattedExecutionResult } from 'graphql';
import type { Caller } from '../access/caller.ts';
import type { Revocations } from '../access/revocations.ts';
import { endOfOwnSeconds } from '../access/share-rejection.ts';
import type { Place, Shares } from '../access/shares.ts';
import { systemClock } from '../concurrency/clock.ts';
import type { Limits } from '../config/limits.ts';
import type { GraphqlParameters, Run } from '../graphql/operation.ts';
import { operationTypeOf } from '../graphql/parameters.ts';
import { requestIdOf } from '../graphql/request-context.ts';
import { type OperationParts, runOperation } from '../graphql/run-operation.ts';
import { serialize } from '../graphql/serialize.ts';
import { type Admission, describeTooManyConnections } from './admission.ts';
import { checkOrigin, type OriginRules } from './origin.ts';
import type { RecordRejection } from './rejections.ts';
import { writeHead } from './response-headers.ts';
import { sendError } from './send.ts';

/** GraphQL over server-sent events, one connection per operation ("distinct connections" of the GraphQL-SSE protocol). */
export interface EventStreams {
  /** True for subscriptions if the client accepts event streams, and for queries and mutations if it POSTs and accepts nothing else. */
  isWanted(request: IncomingMessage, parameters: GraphqlParameters): boolean;
  /** Responds. Resolves when the stream has ended. */
  open(
    request: IncomingMessage,
    response: ServerResponse,
    asked: { caller: Caller; parameters: GraphqlParameters; place: Place },
  ): Promise<void>;
  /** Ends all subscriptions without a `complete` event, which would mean that no more events exist. Queries and mutations finish. */
  close(): void;
}

export interface EventStreamsOptions extends OperationParts {
  admission: Admission;
  shares: Shares;
  revocations: Revocations;
  limits: Limits;
  origins: OriginRules;
  recordRejection: RecordRejection;
}

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Otherwise, proxies would buffer the events.
  'x-accel-buffering': 'no',
};
const pingIntervalMs = 12_000;

/** An open stream. */
interface Stream {
  response: ServerResponse;
  gone: AbortSignal;
  /** The access of its caller has changed. */
  isLeaving: boolean;
}

export function createEventStreams(options: EventStreamsOptions): EventStreams {
  const { limits } = options;
  const subscriptions = new Set<ServerResponse>();
  let closing = false;

  return {
    isWanted({ method, headers: { accept = '' } }, parameters) {
      if (!/\btext\/event-stream\b/i.test(accept)) return false;
      if (operationTypeOf(parameters, limits.maxTokens) === 'subscription') return true;
      return method === 'POST' && !/\bapplication\/|\*\/\*/.test(accept);
    },

    async open(request, response, { caller, parameters, place }) {
      // The client disconnected while the body waited: nothing would end a stream that opens now.
      if (response.destroyed) return;
      const requestId = requestIdOf(request.headers);
      const endConnection = admit(response, caller, requestId, options);
      if (!endConnection) return;
      const stream = openStream(response, caller, subscriptions, { ...options, endConnection });
      writeHead(response, 200, { ...headers, 'x-request-id': requestId });
      // Some browsers consider a stream open only after the first bytes.
      response.write(':\n\n');

      const { headers: given } = request;
      const { gone } = stream;
      const run = await runOperation({ transport: 'event-stream', caller, requestId, headers: given, parameters, place, gone }, options);
      const write = createWrite(stream, caller, options.shares);
      if (run.kind === 'single') {
        // The token may have expired since.
        if (!response.writableEnded) await write(run.result);
      } else if (closing || stream.isLeaving) {
        // The server stopped, or the caller's access changed, while the operation started: none of its events are sent.
        await run.events.return(undefined);
        response.end();
      } else {
        subscriptions.add(response);
        await writeEvents(stream, run.events, write);
      }
      if (!response.writableEnded && !gone.aborted) response.end('event: complete\ndata: \n\n');
    },

    close() {
      closing = true;
      for (const response of subscriptions) response.end();
    },
  };
}

/** Counts the connection for the caller. Returns a function that ends it; null: the request was rejected. */
function admit(
  response: ServerResponse,
  caller: Caller,
  requestId: string,
  { admission, limits, origins, recordRejection }: EventStreamsOptions,
): (() => void) | null {
  const reject = (status: number, code: string, message: string, more: Record<string, string> = {}): null => {
    recordRejection({ status, code, caller, requestId, transport: 'event-stream' });
    sendError(response, status, code, message, { ...more, 'x-request-id': requestId });
    return null;
  };
  const rejection = checkOrigin(response.req.headers, origins);
  if (rejection !== null) return reject(403, 'FORBIDDEN', rejection);
  const endConnection = admission.openConnection(caller);
  if (endConnection) return endConnection;
  return reject(429, 'RATE_LIMITED', describeTooManyConnections(caller, limits), { 'retry-after': String(endOfOwnSeconds) });
}

/** Ends a stream when its token expires, its caller's access changes, or its client disconnects. */
function openStream(
  response: ServerResponse,
  { name, expiresAtMs }: Caller,
  subscriptions: Set<ServerResponse>,
  { metrics, revocations, endConnection }: EventStreamsOptions & { endConnection(): void },
): Stream {
  const uncount = metrics.openConnection('event-stream');
  const gone = new AbortController();
  const stream: Stream = { response, gone: gone.signal, isLeaving: false };
  const stopExpiry = expiresAtMs === null ? null : systemClock.at(expiresAtMs, () => response.end());
  const stopRevocation = revocations.watch(name, () => {
    stream.isLeaving = true;
    if (subscriptions.has(response)) response.end();
  });
  const stopPings = keepAlive(response);
  response.once('close', () => {
    subscriptions.delete(response);
    stopExpiry?.();
    stopRevocation();
    stopPings();
    uncount();
    endConnection();
    gone.abort();
  });
  return stream;
}

type Write = (result: FormattedExecutionResult) => Promise<void>;

/** Writes a result, counted for its caller until the client has read it. */
function createWrite({ response, gone }: Stream, caller: Caller, shares: Shares): Write {
  return async (result) => {
    const text = `event: next\ndata: ${serialize(result)}\n\n`;
    // The caller exceeds its limit of unread bytes: this client doesn't read.
    if (!shares.addUnsent(caller, text.length) && response.writableNeedDrain) response.destroy();
    await writePieces(response, text, gone);
    shares.addUnsent(caller, -text.length);
  };
}

async function writeEvents({ response, gone }: Stream, events: Extract<Run, { kind: 'events' }>['events'], write: Write): Promise<void> {
  // Ends the events even while the loop below waits for the next one.
  const stop = (): void => void events.return(undefined);
  gone.addEventListener('abort', stop);
  if (gone.aborted) stop();
  for await (const result of events) {
    if (response.writableEnded || response.destroyed) break;
    // Waits until the client has read this event: only then is the next one created.
    await write(result);
  }
}

/** A larger event is written in pieces of this size, each after the previous one was read, to detect whether the client reads. */
const pieceLength = 65_536;

/** Resolves when everything was read, or can't be any more. */
async function writePieces(response: ServerResponse, text: string, gone: AbortSignal): Promise<void> {
  const bytes = text.length > pieceLength ? Buffer.from(text) : null;
  for (let offset = 0; offset < (bytes ?? text).length; offset += pieceLength) {
    if (response.writableEnded || response.destroyed) return;
    const isTaken = response.write(bytes?.subarray(offset, offset + pieceLength) ?? text);
    if (!isTaken) await once(response, 'drain', { signal: gone }).catch(() => {});
  }
}

/** Sends comments, so that no proxy considers the connection dead. Ends the stream if the client reads nothing between two comments. */
function keepAlive(response: ServerResponse): () => void {
  let wasFull = false;
  const timer = setInterval(() => {
    const isFull = response.writableNeedDrain;
    if (isFull && wasFull) response.destroy();
    else if (!isFull) response.write(':\n\n');
    wasFull = isFull;
  }, pingIntervalMs);
  return () => clearInterval(timer);
}
