import { type ExecutionArgs, type ExecutionResult, GraphQLError, type GraphQLFormattedError, GraphQLSchema, parse } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Caller } from '../access/caller.ts';
import { endOfOwnSeconds } from '../access/share-refusal.ts';
import type { Place } from '../access/shares.ts';
import type { GraphqlParameters, Run } from '../graphql/operation.ts';
import { readParameters } from '../graphql/parameters.ts';
import { runOperation } from '../graphql/run-operation.ts';
import { toRateRefusal } from './admission.ts';
import { shuttingDown } from './rejections.ts';
import type { SocketConnection, SocketOperation, WebSocketParts } from './websocket-connection.ts';

/** The operations of a connection that graphql-ws knows, by their ids. An entry that has gone was taken back by the client. */
type Subscriptions = Record<string, AsyncGenerator<unknown> | AsyncIterable<unknown> | null>;

/** A message `subscribe`. */
export interface Subscribe {
  subscriptions: Subscriptions;
  id: string;
  payload: SubscribePayload;
}

/** Runs an operation under the rules of HTTP. What graphql-ws sends on: the run, or what is wrong. `isClosing`: the process stops. */
export async function beginSocketOperation(
  connection: SocketConnection,
  message: Subscribe,
  isClosing: () => boolean,
  parts: WebSocketParts,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { identity, operations } = connection;
  if (!identity) throw new Error('An operation before its caller is known');
  connection.operationCount += 1;
  const requestId = `${connection.requestId}.${connection.operationCount}`;
  const waitSeconds = await parts.admission.consumeRateLimit(identity.caller);
  const admitted: Admitted =
    waitSeconds > 0
      ? { kind: 'rejected', ...toRateRefusal(identity.caller, waitSeconds) }
      : admit(connection, identity.caller, message.payload, isClosing, parts);
  if (admitted.kind === 'rejected') {
    const { status, code, retryAfterSeconds } = admitted;
    parts.recordRefusal({ status, code, caller: identity.caller, requestId, transport: 'websocket' });
    return [new GraphQLError(admitted.message, { extensions: { code, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) } })];
  }
  const { socket } = connection;
  const { subscriptions, id } = message;
  const { parameters, place } = admitted;
  // It may have gone or taken the operation back meanwhile.
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
  // Stands for the operation until there is an answer: `complete` from the client and the end of the connection return it.
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

/** What comes before every operation, when its rate has been checked. */
function admit(
  { operations, isLeaving }: SocketConnection,
  caller: Caller,
  payload: SubscribePayload,
  isClosing: () => boolean,
  { admission, limits, shares }: WebSocketParts,
): Admitted {
  const refuse = (status: number, code: string, message: string): Admitted => ({ kind: 'rejected', status, code, message });
  const read = readParameters('POST', payload, '');
  if (read.kind === 'malformed') return refuse(400, 'BAD_REQUEST', read.message);
  const rejection = admission.checkDocument(payload.query);
  if (rejection !== null) return refuse(400, 'GRAPHQL_VALIDATION_FAILED', rejection);
  const most = limits.maxSubscriptionsPerConnection;
  if (operations.size >= most) {
    const message = `This connection has ${most} open operations, the maximum (maxSubscriptionsPerConnection). Complete one first.`;
    return { kind: 'rejected', status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds: endOfOwnSeconds };
  }
  if (isClosing()) return refuse(503, 'UNAVAILABLE', shuttingDown);
  if (isLeaving) return refuse(503, 'UNAVAILABLE', 'The access of this caller has changed. Reconnect.');
  const entry = shares.enter(caller, payload.query.length);
  return entry.kind === 'rejected' ? entry : { kind: 'admitted', parameters: read.parameters, place: entry.place };
}

/** What graphql-ws takes for the arguments of an execution; the operation has been run, under the rules of HTTP. */
const alreadyRun = { schema: new GraphQLSchema({}), document: parse('subscription { run }') };

function toExecutionArgs(run: Run): ExecutionArgs {
  return { ...alreadyRun, rootValue: run };
}

/** The answers of an operation that was run. */
export function answersOf({ rootValue }: ExecutionArgs): ExecutionResult | AsyncGenerator<ExecutionResult> {
  const run = rootValue as Run;
  // Their errors have been put into words, and are sent as they are.
  return run.kind === 'events' ? (run.events as AsyncGenerator<ExecutionResult>) : (run.result as ExecutionResult);
}

/** What graphql-ws takes for the answers of a subscription, and ends as it would end one. */
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

/** Sent as it stands. */
function asError(formatted: GraphQLFormattedError): GraphQLError {
  return Object.assign(new GraphQLError(formatted.message), { toJSON: () => formatted });
}
