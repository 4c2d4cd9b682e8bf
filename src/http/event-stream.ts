import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FormattedExecutionResult } from 'graphql';
import type { Caller } from '../access/caller.ts';
import type { Limits } from '../access/limits.ts';
import type { Revocations } from '../access/revocations.ts';
import { endOfOwnSeconds } from '../access/share-refusal.ts';
import type { Place, Shares } from '../access/shares.ts';
import { systemClock } from '../concurrency/clock.ts';
import type { GraphqlParameters } from '../graphql/operation.ts';
import { operationTypeOf } from '../graphql/parameters.ts';
import { requestIdOf } from '../graphql/request-context.ts';
import { type OperationParts, runOperation } from '../graphql/run-operation.ts';
import { serialize } from '../graphql/serialize.ts';
import type { Admission } from './admission.ts';
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

export function createEventStreams(options: EventStreamsOptions): EventStreams {
  const { admission, shares, revocations, limits, origins, metrics, recordRefusal } = options;
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
      const refuse = (status: number, code: string, message: string, more: Record<string, string> = {}): void => {
        recordRefusal({ status, code, caller, requestId, transport: 'event-stream' });
        sendError(response, status, code, message, { ...more, 'x-request-id': requestId });
      };
      const refusal = checkOrigin(request.headers, origins);
      if (refusal !== null) return refuse(403, 'FORBIDDEN', refusal);
      const endConnection = admission.openConnection(caller);
      if (!endConnection) {
        const message = `${caller.name} has ${limits.maxConnectionsPerCaller} connections open, as many as allowed; close one.`;
        return refuse(429, 'RATE_LIMITED', message, { 'retry-after': String(endOfOwnSeconds) });
      }
      const uncount = metrics.openConnection('event-stream');
      const gone = new AbortController();
      const { expiresAtMs } = caller;
      const stopExpiry = expiresAtMs === null ? null : systemClock.at(expiresAtMs, () => response.end());
      let isLeaving = false;
      const stopRevocation = revocations.watch(caller.name, () => {
        isLeaving = true;
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
      response.writeHead(200, { ...headers, 'x-request-id': requestId });
      // Some browsers take a stream for open only when something has come.
      response.write(':\n\n');

      const { headers: given } = request;
      const operation = { transport: 'event-stream', caller, requestId, headers: given, parameters, place, gone: gone.signal } as const;
      const run = await runOperation(operation, options);
      const write = async (result: FormattedExecutionResult): Promise<void> => {
        const text = `event: next\ndata: ${serialize(result)}\n\n`;
        // More than the caller may have waits for it: this connection is not read.
        if (!shares.addUnsent(caller, text.length) && response.writableNeedDrain) response.destroy();
        await writePieces(response, text, gone.signal);
        shares.addUnsent(caller, -text.length);
      };
      if (run.kind === 'single') {
        // The token may have expired meanwhile.
        if (!response.writableEnded) await write(run.result);
      } else if (closing || isLeaving) {
        // A stop, or a change of its caller's access, while it began: nothing is read for it.
        await run.events.return(undefined);
        response.end();
      } else {
        subscriptions.add(response);
        // Also where the one who waits for it is asleep.
        const stop = (): void => void run.events.return(undefined);
        gone.signal.addEventListener('abort', stop);
        if (gone.signal.aborted) stop();
        for await (const result of run.events) {
          if (response.writableEnded || response.destroyed) break;
          // The next is made when this one has been taken.
          await write(result);
        }
      }
      if (!response.writableEnded && !gone.signal.aborted) response.end('event: complete\ndata: \n\n');
    },

    close() {
      closing = true;
      for (const response of subscriptions) response.end();
    },
  };
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
