import { once } from 'node:events';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWebSocketClient } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { GraphqlAnswer } from '../start.ts';

/** How an operation ended: completed, or with errors. */
export type End = 'complete' | { error: unknown };

/** An operation under way. */
export interface Following {
  /** The responses so far. */
  answers: GraphqlAnswer[];
  /** Waits for the response with this number, counted from 1. */
  answer(count: number): Promise<GraphqlAnswer>;
  end: Promise<End>;
  /** The client goes away. */
  stop(): void;
}

export interface FollowOptions {
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
}

export const transports = { websocket: followOverWebSocket, 'event-stream': followOverEventStream };

/** Over a WebSocket of its own, with the graphql-ws client. */
export function followOverWebSocket(origin: string, query: string, { variables = {}, headers = {} }: FollowOptions = {}): Following {
  const client = createWebSocketClient({ url: toWebSocketUrl(origin), webSocketImpl: withHeaders(headers), retryAttempts: 0, lazy: true });
  return follow(
    (sink) => client.subscribe({ query, variables }, sink),
    () => void client.dispose(),
  );
}

/** Over a connection of its own, with the graphql-sse client. */
export function followOverEventStream(origin: string, query: string, { variables = {}, headers = {} }: FollowOptions = {}): Following {
  const client = createSseClient({ url: `${origin}/graphql`, headers, retryAttempts: 0 });
  return follow(
    (sink) => client.subscribe({ query, variables }, sink),
    () => client.dispose(),
  );
}

interface Sink {
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of whatever the test asked for
  next(answer: any): void;
  error(error: unknown): void;
  complete(): void;
}

function follow(subscribe: (sink: Sink) => () => void, stop: () => void): Following {
  const answers: GraphqlAnswer[] = [];
  const waiting: { count: number; resolve(answer: GraphqlAnswer): void; reject(error: unknown): void }[] = [];
  const { promise: end, resolve: resolveEnd } = Promise.withResolvers<End>();
  let ended: End | null = null;
  const settle = (): void => {
    for (const { count, resolve, reject } of waiting) {
      const answer = answers[count - 1];
      if (answer) resolve(answer);
      else if (ended) reject(new Error(`Ended with ${JSON.stringify(ended)} after ${JSON.stringify(answers)}`));
    }
  };
  const finish = (how: End): void => {
    ended = how;
    resolveEnd(how);
    settle();
  };
  subscribe({
    next(answer) {
      answers.push(answer);
      settle();
    },
    error: (error) => finish({ error }),
    complete: () => finish('complete'),
  });
  onTestFinished(stop);
  return {
    answers,
    answer: (count) =>
      new Promise((resolve, reject) => {
        waiting.push({ count, resolve, reject });
        settle();
      }),
    end,
    stop,
  };
}

function toWebSocketUrl(origin: string): string {
  return `${origin.replace(/^http/, 'ws')}/graphql`;
}

/** Browsers can't send headers with a WebSocket; other clients can. */
function withHeaders(headers: Record<string, string>) {
  return class extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { headers });
    }
  };
}

/** A message of the server. */
export interface RawMessage {
  type: string;
  id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a payload has the shape of whatever the test asked for
  payload?: any;
}

/** A WebSocket whose every message the test writes itself. */
export interface RawSocket {
  socket: WebSocket;
  send(message: unknown): void;
  /** Waits for the next message of this type (and of this operation). */
  next(type: string, id?: string): Promise<RawMessage>;
  closed: Promise<{ code: number; reason: string }>;
}

export async function openRawSocket(
  origin: string,
  options: { headers?: Record<string, string>; init?: unknown } = {},
): Promise<RawSocket> {
  const socket = new WebSocket(toWebSocketUrl(origin), 'graphql-transport-ws', { headers: options.headers ?? {} });
  onTestFinished(() => socket.terminate());
  const messages: RawMessage[] = [];
  const arrival = new EventTarget();
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)));
    arrival.dispatchEvent(new Event('message'));
  });
  const closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
  const raw: RawSocket = {
    socket,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async next(type, id) {
      for (;;) {
        const index = messages.findIndex((message) => message.type === type && (id === undefined || message.id === id));
        const [found] = index < 0 ? [] : messages.splice(index, 1);
        if (found) return found;
        await Promise.race([
          new Promise((resolve) => arrival.addEventListener('message', resolve, { once: true })),
          closed.then(({ code, reason }) => Promise.reject(new Error(`Closed with ${code} ${reason} before a message of type ${type}`))),
        ]);
      }
    },
    closed,
  };
  socket.on('error', () => {});
  await once(socket, 'open');
  if (options.init !== null) {
    raw.send({ type: 'connection_init', ...(options.init === undefined ? {} : { payload: options.init }) });
  }
  return raw;
}

/** The response to a rejected upgrade. */
export function upgradeAnswer(url: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { headers });
  return new Promise((resolve, reject) => {
    socket.on('error', () => {});
    socket.once('open', () => {
      socket.terminate();
      reject(new Error('It was opened'));
    });
    socket.once('unexpected-response', async (_request, response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode ?? 0, body });
    });
  });
}
