import { type ExecutionArgs, type ExecutionResult, GraphQLError, type GraphQLFormattedError, GraphQLSchema, parse } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Caller } from '../access/caller.ts';
import { endOfOwnSeconds } from '../access/share-rejection.ts';
import type { Place } from '../access/shares.ts';
import type { GraphqlParameters, Run } from '../graphql/operation.ts';
import { readParameters } from '../graphql/parameters.ts';
import { runOperation } from '../graphql/run-operation.ts';
import { toRateRejection } from './admission.ts';
import { shuttingDown } from './rejections.ts';
import type { SocketConnection, SocketOperation, WebSocketParts } from './websocket-connection.ts';

/** The operations of a connection in graphql-ws, by ID. A missing entry was completed by the client. */
type Subscriptions = Record<string, AsyncGenerator<unknown> | AsyncIterable<unknown> | null>;

/** A `subscribe` message. */
export interface Subscribe {
  subscriptions: Subscriptions;
  id: string;
  payload: SubscribePayload;
}

/** Runs an operation under the rules of HTTP. Returns what graphql-ws sends: the run, or errors. `isClosing`: the process is stopping. */
export async function startSocketOperation(
  connection: SocketConnection,
  message: Subscribe,
  isClosing: () => boolean,
  parts: WebSocketParts,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { identity, operations } = connection;
  if (!identity) throw new Error('The operation started before the caller was authenticated');
  connection.operationCount += 1;
  const requestId = `${connection.requestId}.${connection.operationCount}`;
  const waitSeconds = await parts.admission.consumeRateLimit(identity.caller);
  const admitted: Admitted =
    waitSeconds > 0
      ? { kind: 'rejected', ...toRateRejection(identity.caller, waitSeconds) }
      : admit(connection, identity.caller, message.payload, isClosing, parts);
  if (admitted.kind === 'rejected') {
    const { status, code, retryAfterSeconds } = admitted;
    parts.recordRejection({ status, code, caller: identity.caller, requestId, transport: 'websocket' });
    return [new GraphQLError(admitted.message, { extensions: { code, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) } })];
  }
  const { socket } = connection;
  const { subscriptions, id } = message;
  const { parameters, place } = admitted;
  // The client may have disconnected or completed the operation since.
  if (socket.readyState !== socket.OPEN || !(id in subscriptions)) {
    place.leave();
    return [new GraphQLError('The client closed the request.', { extensions: { code: 'CLIENT_CLOSED_REQUEST' } })];
  }

  const gone = new AbortController();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const operation: SocketOperation = { ended };
  operations.add(operation);
  const onEnd = (): void => {
    operations.delete(operation);
    resolve();
  };
  // Represents the operation until there is a response: a `complete` message or the end of the connection calls its `return`.
  subscriptions[id] = whenReturned(() => gone.abort());
  const run = await runOperation({ transport: 'websocket', ...identity, requestId, parameters, place, gone: gone.signal, onEnd }, parts);
  if (run.kind === 'events') {
    operation.endQuietly = () => {
      delete subscriptions[id];
      run.events.return(undefined).catch((error: unknown) => parts.logger.error({ err: error }, 'bug'));
    };
    if (isClosing() || connection.isLeaving) operation.endQuietly();
  }
  if (run.kind === 'single' && run.result.data === undefined) return (run.result.errors ?? []).map(asError);
  return toExecutionArgs(run);
}

type Admitted =
  | { kind: 'admitted'; parameters: GraphqlParameters; place: Place }
  | { kind: 'rejected'; status: number; code: string; message: string; retryAfterSeconds?: number };

/** The checks before every operation, after the rate limit. */
function admit(
  { operations, isLeaving }: SocketConnection,
  caller: Caller,
  payload: SubscribePayload,
  isClosing: () => boolean,
  { admission, graphql, limits, shares }: WebSocketParts,
): Admitted {
  const reject = (status: number, code: string, message: string): Admitted => ({ kind: 'rejected', status, code, message });
  const read = readParameters('POST', payload, '');
  if (read.kind === 'malformed') return reject(400, 'BAD_REQUEST', read.message);
  const found = graphql.findDocument(read.parameters, caller);
  if (found.kind === 'rejected') return found;
  const { parameters } = found;
  const rejection = parameters.query === undefined ? null : admission.checkDocument(parameters.query);
  if (rejection !== null) return reject(400, 'GRAPHQL_VALIDATION_FAILED', rejection);
  const max = limits.maxSubscriptionsPerConnection;
  if (operations.size >= max) {
    const message = `This connection has ${max} open operations, the maximum (maxSubscriptionsPerConnection). Complete one first.`;
    return { kind: 'rejected', status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds: endOfOwnSeconds };
  }
  if (isClosing()) return reject(503, 'UNAVAILABLE', shuttingDown);
  if (isLeaving) return reject(503, 'UNAVAILABLE', 'The access of this caller has changed. Reconnect.');
  const entry = shares.enter(caller, parameters.query?.length ?? 0);
  return entry.kind === 'rejected' ? entry : { kind: 'admitted', parameters, place: entry.place };
}

/** The execution arguments that graphql-ws requires. The operation has already run, under the rules of HTTP. */
const alreadyRun = { schema: new GraphQLSchema({}), document: parse('subscription { run }') };

function toExecutionArgs(run: Run): ExecutionArgs {
  return { ...alreadyRun, rootValue: run };
}

/** The results of an operation that has run. */
export function resultsOf({ rootValue }: ExecutionArgs): ExecutionResult | AsyncGenerator<ExecutionResult> {
  // From toExecutionArgs. The errors of its results are formatted, and are sent as they are.
  const run = rootValue as Run;
  return run.kind === 'events' ? (run.events as AsyncGenerator<ExecutionResult>) : (run.result as ExecutionResult);
}

/** graphql-ws treats this as the results of a subscription and ends it accordingly. */
function whenReturned(happen: () => void): AsyncGenerator<never, undefined> {
  const end = async () => {
    happen();
    return { done: true, value: undefined } as const;
  };
  return {
    next: end,
    return: end,
    throw: end,
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      happen();
    },
  };
}

/** Wraps a formatted error, which is sent as it is. */
function asError(formatted: GraphQLFormattedError): GraphQLError {
  return Object.assign(new GraphQLError(formatted.message), { toJSON: () => formatted });
}
