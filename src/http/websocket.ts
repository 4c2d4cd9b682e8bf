import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError, GraphQLSchema, parse } from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Caller } from '../access/caller.ts';
import type { Limits } from '../access/limits.ts';
import type { Revocations } from '../access/revocations.ts';
import { endOfOwnSeconds } from '../access/share-refusal.ts';
import type { Shares } from '../access/shares.ts';
import { systemClock } from '../concurrency/clock.ts';
import { type TurnSize, turns } from '../concurrency/turns.ts';
import type { Run } from '../graphql/operation.ts';
import { readParameters } from '../graphql/parameters.ts';
import { requestIdOf } from '../graphql/request-context.ts';
import { type OperationParts, runOperation } from '../graphql/run-operation.ts';
import { nestedTooDeep } from '../json/caller-json.ts';
import { isNestedTooDeep, maxCallerNesting } from '../json/nesting.ts';
import type { Admission } from './admission.ts';
import { watchMessages } from './connections.ts';
import { allowMessagesUpTo, maxBytesBeforeInit } from './message-limits.ts';
import { createMessageOrder } from './message-order.ts';
import { createMessageTurns } from './message-turns.ts';
import { checkHost, checkOrigin, type OriginRules } from './origin.ts';
import type { Rejection as RecordedRefusal, RecordRefusal } from './rejections.ts';
import { findHeadMistake } from './request-head.ts';
import { answerOnSocket, type ErrorAnswer } from './response-headers.ts';
import { createSender, type Sender } from './websocket-sender.ts';

/** GraphQL over WebSocket (graphql-transport-ws), at /graphql: queries, mutations and subscriptions, under the rules of HTTP. */
export interface WebSockets {
  /** Takes a request for a WebSocket, or answers it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * Takes no more and ends the subscriptions; says goodbye (1001) to each connection when its queries and mutations have been
   * answered, and resolves when all have gone.
   */
  close(): Promise<void>;
}

export interface WebSocketsOptions extends OperationParts {
  admission: Admission;
  shares: Shares;
  revocations: Revocations;
  limits: Limits;
  origins: OriginRules;
  recordRefusal: RecordRefusal;
}

const pingIntervalMs = 12_000;
/** From the opening of a connection to its `connection_init`. */
const initTimeoutMs = 3_000;
/** A smaller part of a message is not counted for its caller. */
const uncountedBytes = 16_384;
/** Of a message `ping`. */
const maxPingLength = 16_384;
/** What frames of the client's have besides their payload, where that is short. */
const frameBytes = 6;
const goodbyeMs = 1_000;

/** One connection. */
interface Extra {
  socket: WebSocket;
  sender: Sender;
  request: IncomingMessage;
  gone: AbortSignal;
  operations: Set<Operation>;
  /** The messages that are being handled: a query's until its answer is sent. */
  handling: Set<Promise<void>>;
  /** Of its upgrade. That of an operation has its number, counted from 1, behind a dot. */
  requestId: string;
  operationCount: number;
  /** The access of its caller has changed or is over: it is to end. */
  isLeaving: boolean;
  /** Set when it has said who it is. */
  identity?: { caller: Caller; headers: IncomingHttpHeaders };
}

/** One that runs, also where its client does not want the answer any more. */
interface Operation {
  ended: Promise<void>;
  /** Of a subscription that goes on: ends it without a word, as `complete` would say that nothing more is to come. */
  endQuietly?: () => void;
}

export function createWebSockets(options: WebSocketsOptions): WebSockets {
  const { admission, shares, revocations, limits, origins, recordRefusal, metrics, logger } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: Math.min(limits.maxBodyBytes, maxBytesBeforeInit),
    // Not known to its types yet.
    ...{ closeTimeout: goodbyeMs },
    handleProtocols: (offered) => handleProtocols(offered),
  });
  const onBug = (error: unknown): void => logger.error({ err: error }, 'bug');
  const connections = new Set<Extra>();
  let closing = false;

  const protocol = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: initTimeoutMs,
    async onConnect({ connectionParams, extra }) {
      const headers = { ...asHeaders(connectionParams), ...extra.request.headers };
      const authentication = await admission.authenticate(headers);
      if (authentication.kind === 'rejected') {
        recordRefusal({ status: 401, code: 'UNAUTHENTICATED', caller: null, ...ofConnection(extra) });
        return closeWith(extra.socket, CloseCode.Unauthorized, authentication.message);
      }
      if (authentication.kind === 'unreachable') {
        recordRefusal({ status: 503, code: 'IDENTITY_PROVIDER_UNAVAILABLE', caller: null, ...ofConnection(extra) });
        return closeWith(extra.socket, closeCodes.tryAgainLater, authentication.message);
      }
      const { caller } = authentication;
      const endConnection = admission.openConnection(caller);
      if (!endConnection) {
        recordRefusal({ status: 429, code: 'RATE_LIMITED', caller, ...ofConnection(extra) });
        const most = limits.maxConnectionsPerCaller;
        return closeWith(extra.socket, closeCodes.tryAgainLater, `${caller.name} has ${most} connections open, as many as allowed`);
      }
      const { expiresAtMs } = caller;
      // Not 4401, which clients take as final: with a new token they may come again.
      const expire = (): void => {
        extra.isLeaving = true;
        closeWith(extra.socket, CloseCode.Forbidden, 'The token has expired');
      };
      const stopExpiry = expiresAtMs === null ? null : systemClock.at(expiresAtMs, expire);
      const stopRevocation = revocations.watch(caller.name, () => {
        extra.isLeaving = true;
        sayGoodbye(extra).catch(onBug);
      });
      const leave = (): void => {
        endConnection();
        stopExpiry?.();
        stopRevocation();
      };
      extra.gone.addEventListener('abort', leave);
      if (extra.gone.aborted) leave();
      extra.identity = { caller, headers };
      allowMessagesUpTo(limits.maxBodyBytes, extra.socket);
      // The acknowledgement's payload.
      return { requestId: extra.requestId };
    },

    async onSubscribe({ extra, subscriptions }, id, payload) {
      const { identity, operations, socket } = extra;
      if (!identity) throw new Error('An operation before its caller is known');
      const { caller, headers } = identity;
      extra.operationCount += 1;
      const requestId = `${extra.requestId}.${extra.operationCount}`;
      const refuse = (status: number, code: string, message: string, more: object = {}): GraphQLError[] => {
        recordRefusal({ status, code, caller, requestId, transport: 'websocket' });
        return [new GraphQLError(message, { extensions: { code, ...more } })];
      };
      const waitSeconds = await admission.consumeRateLimit(caller);
      if (waitSeconds > 0) {
        const message = `${caller.name} sends too many requests; try again in ${waitSeconds} s.`;
        return refuse(429, 'RATE_LIMITED', message, { retryAfterSeconds: waitSeconds });
      }
      const read = readParameters('POST', payload, '');
      if (read.kind === 'malformed') return refuse(400, 'BAD_REQUEST', read.message);
      const { parameters } = read;
      const rejection = admission.checkDocument(payload.query);
      if (rejection !== null) return refuse(400, 'GRAPHQL_VALIDATION_FAILED', rejection);
      const most = limits.maxSubscriptionsPerConnection;
      if (operations.size >= most) {
        const message = `This connection has ${most} operations open, as many as allowed.`;
        return refuse(429, 'RATE_LIMITED', message, { retryAfterSeconds: endOfOwnSeconds });
      }
      if (closing) return refuse(503, 'UNAVAILABLE', 'Jobyard is stopping.');
      if (extra.isLeaving) return refuse(503, 'UNAVAILABLE', 'The access of this connection has changed: connect again.');
      const entry = shares.enter(caller, payload.query.length);
      if (entry.kind === 'rejected') return refuse(entry.status, entry.code, entry.message, { retryAfterSeconds: entry.retryAfterSeconds });
      // It may have gone or taken the operation back meanwhile.
      if (socket.readyState !== socket.OPEN || !(id in subscriptions)) {
        entry.place.leave();
        return [new GraphQLError('Nobody waits for the answer.', { extensions: { code: 'CLIENT_CLOSED_REQUEST' } })];
      }

      const gone = new AbortController();
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      const operation: Operation = { ended };
      operations.add(operation);
      const onEnd = (): void => {
        operations.delete(operation);
        resolve();
      };
      // Stands for the operation until there is an answer: `complete` from the client and the end of the connection return it.
      subscriptions[id] = whenReturned(() => gone.abort());
      const { place } = entry;
      const run = await runOperation(
        { transport: 'websocket', caller, requestId, headers, parameters, place, gone: gone.signal, onEnd },
        options,
      );
      if (run.kind === 'events') {
        operation.endQuietly = () => {
          delete subscriptions[id];
          run.events.return(undefined).catch(onBug);
        };
        if (closing || extra.isLeaving) operation.endQuietly();
      }
      if (run.kind === 'single' && run.result.data === undefined) return (run.result.errors ?? []).map(asError);
      return { ...alreadyRun, rootValue: run };
    },
    // As it is, its errors having been put into words; as text when it is sent, which graphql-ws takes for a result.
    onNext: ({ extra }, _id, _payload, _arguments, result) => extra.sender.toPayload(result as FormattedExecutionResult) as never,
    subscribe: ({ rootValue }) => {
      const run = rootValue as Run;
      return (run.kind === 'events' ? run.events : run.result) as never;
    },
  });

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const uncount = metrics.openConnection('websocket');
    const gone = new AbortController();
    let bytesOfNobody = 0;
    /** What was not counted for the caller, who was not known, is not uncounted for the caller either. */
    const addUnsent = (bytes: number): boolean => {
      const ofNobody = extra.identity ? Math.max(-bytesOfNobody, Math.min(0, bytes)) : bytes;
      bytesOfNobody += ofNobody;
      return !extra.identity || shares.addUnsent(extra.identity.caller, bytes - ofNobody);
    };
    const sender = createSender(socket, addUnsent);
    const extra: Extra = {
      socket,
      sender,
      request,
      gone: gone.signal,
      operations: new Set(),
      handling: new Set(),
      requestId: requestIdOf(request.headers),
      operationCount: 0,
      isLeaving: false,
    };
    connections.add(extra);
    // What is wrong with a frame ws itself answers, with the close code for it.
    socket.on('error', (error) => {
      if (!('code' in error) || error.code !== 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return;
      recordRefusal({ status: 413, code: 'BAD_REQUEST', caller: extra.identity?.caller ?? null, ...ofConnection(extra) });
    });
    const stopPings = keepAlive(socket);
    const stopCounting = countPartialMessage(request.socket, socket, addUnsent);
    const onClosed = protocol.opened(
      {
        protocol: socket.protocol,
        send: sender.send,
        onPing: async (payload) => {
          const pong = JSON.stringify({ type: 'pong', payload });
          // It comes back with the pong, which waits until it is read.
          if (pong.length > maxPingLength) closeWith(socket, CloseCode.BadRequest, `A ping has at most ${maxPingLength} characters.`);
          else await sender.send(pong);
        },
        close: (code, reason) => void closeWith(socket, code ?? CloseCode.InternalServerError, reason ?? ''),
        onMessage: (take) => {
          const takeInOrder = createMessageOrder(take);
          let bytesBeforeInit = 0;
          const handle = (data: Buffer): void => {
            // Who has been told goodbye is not obeyed any more.
            if (socket.readyState !== socket.OPEN) return;
            // Until then the protocol lets clients send pings only, as many as they like.
            if (!extra.identity) bytesBeforeInit += data.length;
            if (bytesBeforeInit > maxBytesBeforeInit) {
              closeWith(socket, CloseCode.Unauthorized, 'Too much before connection_ack');
              return;
            }
            if (isNestedTooDeep(data, maxCallerNesting)) {
              closeWith(socket, CloseCode.BadRequest, nestedTooDeep);
              return;
            }
            const handled = takeInOrder(String(data))
              .catch((error: unknown) => {
                onBug(error);
                closeWith(socket, closeCodes.internalError, 'Internal error. It has been logged.');
              })
              .finally(() => extra.handling.delete(handled));
            extra.handling.add(handled);
          };
          const takeTurn = (size: TurnSize) => (extra.identity ? turns.take(extra.identity.caller.name, size) : null);
          const takeMessage = createMessageTurns({ takeTurn, handle, count: addUnsent, connection: socket });
          socket.on('message', takeMessage);
        },
      },
      extra,
    );
    socket.once('close', (code, reason) => {
      connections.delete(extra);
      stopPings();
      stopCounting();
      uncount();
      gone.abort();
      onClosed(code, String(reason)).catch(onBug);
    });
  });

  const sayGoodbye = async ({ socket, operations, handling }: Extra): Promise<void> => {
    const closed = new Promise((resolve) => socket.once('close', resolve));
    for (const { endQuietly } of operations) endQuietly?.();
    await Promise.race([Promise.all(Array.from(operations, ({ ended }) => ended)), closed]);
    const timer = setTimeout(() => socket.terminate(), goodbyeMs);
    await Promise.race([Promise.all(handling), closed]);
    closeWith(socket, closeCodes.goingAway, 'Going away');
    await closed;
    clearTimeout(timer);
  };

  const refusalOf = (request: IncomingMessage): ErrorAnswer | null => {
    const { method, headers, url = '/' } = request;
    const mistake = findHeadMistake(request);
    if (mistake) return mistake;
    const message = checkHost(headers, origins) ?? checkOrigin(headers, origins);
    if (message !== null) return { status: 403, code: 'FORBIDDEN', message };
    if (closing) return { status: 503, code: 'UNAVAILABLE', message: 'Jobyard is stopping.' };
    if (url.split('?')[0] !== '/graphql') {
      return { status: 404, code: 'NOT_FOUND', message: 'There is nothing here. WebSockets are taken at /graphql.' };
    }
    if (method !== 'GET') {
      return { status: 405, code: 'BAD_REQUEST', message: 'WebSockets are opened by GET.', headers: { allow: 'GET, POST' } };
    }
    if (headers['sec-websocket-version'] === '13') return null;
    // RFC 6455, section 4.4.
    const versions = { 'sec-websocket-version': '13', upgrade: 'websocket' };
    return { status: 426, code: 'BAD_REQUEST', message: 'The version of the WebSocket protocol must be 13.', headers: versions };
  };

  const refuseUpgrade = (request: IncomingMessage, socket: Duplex, answer: ErrorAnswer): void => {
    const { status, code } = answer;
    recordRefusal({ status, code, caller: null, requestId: requestIdOf(request.headers), transport: 'websocket' });
    answerOnSocket(socket, answer);
  };
  sockets.on('wsClientError', (error, socket, request) => {
    refuseUpgrade(request, socket, { status: 400, code: 'BAD_REQUEST', message: `The WebSocket can't be opened: ${error.message}.` });
  });

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => {});
      const refusal = refusalOf(request);
      if (refusal) refuseUpgrade(request, socket, refusal);
      else sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit('connection', accepted, request));
    },
    async close() {
      closing = true;
      const giveUp = setTimeout(() => {
        for (const { socket } of connections) socket.terminate();
      }, options.deadlineMs);
      await Promise.all(Array.from(connections, sayGoodbye));
      clearTimeout(giveUp);
    },
  };
}

/** By RFC 6455 and its registry. */
const closeCodes = { goingAway: 1001, internalError: 1011, tryAgainLater: 1013 };

/** What graphql-ws takes for the arguments of an execution; the operation has been run, under the rules of HTTP. */
const alreadyRun = { schema: new GraphQLSchema({}), document: parse('subscription { run }') };

/** False, for who has nothing else to say. */
function closeWith(socket: WebSocket, code: number, reason: string): false {
  // At most 123 bytes, and whole characters.
  const text = Buffer.from(reason)
    .subarray(0, 123)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
  socket.close(code, text);
  return false;
}

/** Counts the bytes of a message that has not come whole: ws keeps them. Ends the connection where its caller may have no more. */
function countPartialMessage(connection: Socket, socket: WebSocket, count: (bytes: number) => boolean): () => void {
  let number = 0;
  let bytes = 0;
  let counted = 0;
  const countAll = (): boolean => {
    const wanted = bytes > uncountedBytes ? bytes : 0;
    const more = wanted - counted;
    counted = wanted;
    return more === 0 || count(more);
  };
  // Before ws is told, which at once tells of the messages that end with it.
  connection.prependListener('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (!countAll()) socket.terminate();
  });
  socket.on('message', () => {
    number += 1;
    bytes = 0;
    countAll();
  });
  const leaveOut = (payload: Buffer): void => {
    bytes = Math.max(0, bytes - payload.length - frameBytes);
  };
  socket.on('ping', leaveOut).on('pong', leaveOut);
  watchMessages(connection, () => (bytes > 0 ? { number, bytes } : null));
  return () => {
    bytes = 0;
    countAll();
  };
}

/** Pings and pongs of the client's between two pings of ours. They are no messages, which take turns, and each costs processor time. */
const maxControlFrames = 1_000;

/** Ends the connection of one who does not answer a ping by the next, or does nothing but send such frames. */
function keepAlive(socket: WebSocket): () => void {
  let hasAnswered = true;
  let controlFrames = 0;
  const count = (): void => {
    controlFrames += 1;
    if (controlFrames > maxControlFrames) socket.terminate();
  };
  socket.on('ping', count).on('pong', () => {
    hasAnswered = true;
    count();
  });
  const timer = setInterval(() => {
    if (!hasAnswered) return socket.terminate();
    hasAnswered = false;
    controlFrames = 0;
    socket.ping();
  }, pingIntervalMs);
  return () => clearInterval(timer);
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

/** What browsers, which can't set headers on a WebSocket, send in `connection_init` instead. Only what says who is calling. */
function asHeaders(connectionParams: Record<string, unknown> | undefined): IncomingHttpHeaders {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(connectionParams ?? {})) {
    const header = name.toLowerCase();
    if (typeof value === 'string' && /^(authorization|x-api-key|x-jobyard-credential-.+)$/.test(header)) headers[header] = value;
  }
  return headers;
}

function ofConnection({ requestId }: Extra): Pick<RecordedRefusal, 'requestId' | 'transport'> {
  return { requestId, transport: 'websocket' };
}

/** Sent as it stands. */
function asError(formatted: GraphQLFormattedError): GraphQLError {
  return Object.assign(new GraphQLError(formatted.message), { toJSON: () => formatted });
}
