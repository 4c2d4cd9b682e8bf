import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FormattedExecutionResult } from 'graphql';
import type { Caller } from '../access/caller.ts';
import type { Revocations } from '../access/revocations.ts';
import { endOfOwnSeconds } from '../access/share-refusal.ts';
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
import type { RecordRefusal } from './rejections.ts';
import { sendError } from './send.ts';

/** GraphQL over server-sent events, a connection for each operation ("distinct connections" of the GraphQL-SSE protocol). */
export interface EventStreams {
  /** Subscriptions to whoever takes event streams; queries and mutations to whoever POSTs and takes nothing else. */
  isWanted(request: IncomingMessage, parameters: GraphqlParameters): boolean;
  /** Answers; resolves when the stream has ended. */
  open(
    request: IncomingMessage,
    response: ServerResponse,
    asked: { caller: Caller; parameters: GraphqlParameters; place: Place },
  ): Promise<void>;
  /** Ends all subscriptions. Without a word: `complete` would say that nothing more is to come. Queries and mutations are answered. */
  close(): void;
}

export interface EventStreamsOptions extends OperationParts {
  admission: Admission;
  shares: Shares;
  revocations: Revocations;
  limits: Limits;
  origins: OriginRules;
  recordRefusal: RecordRefusal;
}

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Proxies would gather the events.
  'x-accel-buffering': 'no',
};
const pingIntervalMs = 12_000;

/** A stream that is open. */
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
      // Nothing would end what is opened for who has gone while the body waited.
      if (response.destroyed) return;
      const requestId = requestIdOf(request.headers);
      const endConnection = admit(response, caller, requestId, options);
      if (!endConnection) return;
      const stream = openStream(response, caller, subscriptions, { ...options, endConnection });
      response.writeHead(200, { ...headers, 'x-request-id': requestId });
      // Some browsers take a stream for open only when something has come.
      response.write(':\n\n');

      const { headers: given } = request;
      const { gone } = stream;
      const run = await runOperation({ transport: 'event-stream', caller, requestId, headers: given, parameters, place, gone }, options);
      const write = createWrite(stream, caller, options.shares);
      if (run.kind === 'single') {
        // The token may have expired meanwhile.
        if (!response.writableEnded) await write(run.result);
      } else if (closing || stream.isLeaving) {
        // A stop, or a change of its caller's access, while it began: nothing is read for it.
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

/** What ends the connection that is counted for the caller; null: it has been refused. */
function admit(
  response: ServerResponse,
  caller: Caller,
  requestId: string,
  { admission, limits, origins, recordRefusal }: EventStreamsOptions,
): (() => void) | null {
  const refuse = (status: number, code: string, message: string, more: Record<string, string> = {}): null => {
    recordRefusal({ status, code, caller, requestId, transport: 'event-stream' });
    sendError(response, status, code, message, { ...more, 'x-request-id': requestId });
    return null;
  };
  const refusal = checkOrigin(response.req.headers, origins);
  if (refusal !== null) return refuse(403, 'FORBIDDEN', refusal);
  const endConnection = admission.openConnection(caller);
  if (endConnection) return endConnection;
  return refuse(429, 'RATE_LIMITED', describeTooManyConnections(caller, limits), { 'retry-after': String(endOfOwnSeconds) });
}

/** Sees to the end of a stream: its token may expire, its caller's access change, its client go away. */
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

/** Writes a result, counted for its caller until it has been taken. */
function createWrite({ response, gone }: Stream, caller: Caller, shares: Shares): Write {
  return async (result) => {
    const text = `event: next\ndata: ${serialize(result)}\n\n`;
    // More than the caller may have waits for it: this connection is not read.
    if (!shares.addUnsent(caller, text.length) && response.writableNeedDrain) response.destroy();
    await writePieces(response, text, gone);
    shares.addUnsent(caller, -text.length);
  };
}

async function writeEvents({ response, gone }: Stream, events: Extract<Run, { kind: 'events' }>['events'], write: Write): Promise<void> {
  // Also where the one who waits for it is asleep.
  const stop = (): void => void events.return(undefined);
  gone.addEventListener('abort', stop);
  if (gone.aborted) stop();
  for await (const result of events) {
    if (response.writableEnded || response.destroyed) break;
    // The next is made when this one has been taken.
    await write(result);
  }
}

/** A larger event is written in pieces of this size, each when the one before was taken: so it shows whether it is read. */
const pieceLength = 65_536;

/** Resolves when all has been taken, or can't be any more. */
async function writePieces(response: ServerResponse, text: string, gone: AbortSignal): Promise<void> {
  const bytes = text.length > pieceLength ? Buffer.from(text) : null;
  for (let offset = 0; offset < (bytes ?? text).length; offset += pieceLength) {
    if (response.writableEnded || response.destroyed) return;
    const isTaken = response.write(bytes?.subarray(offset, offset + pieceLength) ?? text);
    if (!isTaken) await once(response, 'drain', { signal: gone }).catch(() => {});
  }
}

/** Comments, so that nobody on the way takes the connection for dead. Who has taken nothing between two of them is gone. */
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
