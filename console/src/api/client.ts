import {
  type AnyVariables,
  Client,
  type CombinedError,
  type ExecutionResult,
  fetchExchange,
  type OperationContext,
  subscriptionExchange,
} from '@urql/core';
import {
  createClient as createSocket,
  type FormattedExecutionResult,
  type Sink,
  type Client as Socket,
  type SubscribePayload,
} from 'graphql-ws';
import { graphqlUrl } from '../address.ts';
import { type Credential, credential, credentialReady, toHeaders } from '../session/credential.ts';
import { createStore } from '../store.ts';
import { fetchById, isUnknownId, toDocumentId } from './by-id.ts';
import { noteDate } from './clock.ts';
import { type Failure, toFailure } from './failure.ts';
import type { TypedDocumentString } from './generated/graphql.ts';

/** The data of a response. `failure`: why parts of it are null. Or why there is no data. */
export type Answer<Data> = { data: Data; failure: Failure | null } | { data: null; failure: Failure };

/** The state of the tab's one WebSocket. */
export type SocketState = 'idle' | 'connecting' | 'open' | 'closed';
export const socketState = createStore<SocketState>('idle');

/** When the WebSocket was lost, in epoch milliseconds on this machine's clock. */
export const socketLostAtMs = createStore<number | null>(null);

/** When Jobyard last responded, on this machine's clock. Null: not yet. */
export const lastResponseMs = createStore<number | null>(null);

/** Whether the last request got no response. */
export const isAway = createStore(false);

/** Set while Jobyard requires a credential, or rejects the present one. */
export const signInRequest = createStore<{ isRejected: boolean } | null>(null);

const closedNormally = 1000;
const closedUnauthorized = 4401;

function connect(): Socket {
  const used = credential.get();
  return createSocket({
    url: graphqlUrl.replace(/^http/, 'ws'),
    connectionParams: () => toHeaders(used),
    lazyCloseTimeout: 5_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    // Without a rejected credential, each closed connection may come back.
    shouldRetry: (event) => !(event instanceof CloseEvent && event.code === closedUnauthorized),
    on: {
      connecting: () => socketState.set('connecting'),
      connected: () => socketState.set('open'),
      closed: (event) => {
        // The socket of an earlier credential.
        if (used !== credential.get()) return;
        const code = event instanceof CloseEvent ? event.code : null;
        // Closed by this page, as nothing is subscribed to.
        if (code === closedNormally) return socketState.set('idle');
        if (socketState.get() === 'open') socketLostAtMs.set(Date.now());
        socketState.set('closed');
        if (code === closedUnauthorized) askToSignIn(used);
      },
    },
  });
}

let socket = connect();

/** The new credential applies to new connections only, so the old one ends. */
credential.subscribe(() => {
  const previous = socket;
  socket = connect();
  client = createClient();
  socketState.set('idle');
  // It rejects if the connection can't be opened.
  Promise.resolve(previous.dispose()).catch(() => {});
});

async function fetchWithDate(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  noteDate(response.headers.get('date'));
  return response;
}

/** One for each credential: a client gives equal operations one response, which belongs to one caller. */
function createClient(): Client {
  return new Client({
    url: graphqlUrl,
    // Jobyard takes queries by GET only with a credential.
    preferGetMethod: false,
    requestPolicy: 'network-only',
    fetchOptions: { headers: toHeaders(credential.get()) },
    fetch: fetchWithDate,
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables, operationName }, { context }) => ({
          subscribe(sink) {
            const { documentId = null } = context as OperationContext & ContextWithId;
            const operation = { query, variables: variables ?? {}, operationName: operationName ?? null };
            return { unsubscribe: subscribeById(documentId, operation, adaptSink(sink)) };
          },
        }),
      }),
    ],
  });
}

let client = createClient();

/** What `follow` adds to the context of a subscription. */
interface ContextWithId {
  documentId?: string | null;
}

/** Subscribes by the ID of the document, and by its text if Jobyard doesn't know the ID. Returns how to stop. */
function subscribeById(documentId: string | null, operation: SubscribePayload, sink: Sink): () => void {
  if (documentId === null) return socket.subscribe(operation, sink);
  let stop = (): void => {};
  const byId = { ...operation, query: '', documentId };
  stop = socket.subscribe(byId, {
    ...sink,
    error(error) {
      if (isUnknownId(error)) stop = socket.subscribe(operation, sink);
      else sink.error(error);
    },
  });
  return () => stop();
}

/** What urql takes from a subscription. */
interface UrqlSink {
  next(value: ExecutionResult): void;
  error(error: unknown): void;
  complete(): void;
}

function adaptSink(sink: UrqlSink) {
  return {
    next: ({ data, errors }: FormattedExecutionResult<Record<string, unknown>, unknown>) =>
      sink.next({ data: data ?? null, ...(errors && { errors: errors.map(({ message }) => new Error(message)) }) }),
    error: (error: unknown) => sink.error(error),
    complete: () => sink.complete(),
  };
}

/** `rejected`: the credential that Jobyard rejected. A late response to an earlier one says nothing about the present one. */
function askToSignIn(rejected: Credential): void {
  if (rejected === credential.get()) signInRequest.set({ isRejected: rejected.bearer !== null });
}

/** Sends a query. Never throws. */
export async function query<Data, Variables extends AnyVariables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Answer<Data>> {
  await credentialReady;
  const used = credential.get();
  const fetch = fetchById(toDocumentId(document), fetchWithDate);
  return toAnswer(await client.query<Data, Variables>(document.toString(), variables, { fetch }).toPromise(), used);
}

/** The answer to a mutation. `requestId`: as in the log and the events. Null: there was no response. */
export type MutationAnswer<Data> = Answer<Data> & { requestId: string | null };

/** Sends a mutation. Never throws. */
export async function mutate<Data, Variables extends AnyVariables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<MutationAnswer<Data>> {
  await credentialReady;
  const used = credential.get();
  let requestId: string | null = null;
  const fetchAndNote: typeof fetch = async (input, init) => {
    const response = await fetchWithDate(input, init);
    requestId = response.headers.get('x-request-id');
    return response;
  };
  const fetch = fetchById(toDocumentId(document), fetchAndNote);
  const result = await client.mutation<Data, Variables>(document.toString(), variables, { fetch }).toPromise();
  return { ...toAnswer(result, used), requestId };
}

function toAnswer<Data>({ data, error }: { data?: Data | undefined; error?: CombinedError | undefined }, used: Credential): Answer<Data> {
  const failure = error ? toFailure(error) : null;
  isAway.set(failure?.kind === 'unreachable');
  if (failure?.kind === 'unauthenticated') askToSignIn(used);
  if (failure?.kind !== 'unreachable') lastResponseMs.set(Date.now());
  if (data) return { data, failure };
  return { data: null, failure: failure ?? { kind: 'unreachable' } };
}

export interface Follower<Data> {
  next(data: Data): void;
  /** The subscription has ended. */
  ended?(): void;
  /** Jobyard rejected the subscription, or it failed. */
  failed?(failure: Failure): void;
}

/** Starts a subscription, which survives lost connections. Returns how to stop it. */
export function follow<Data, Variables extends AnyVariables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  follower: Follower<Data>,
): () => void {
  let stop: (() => void) | null = null;
  let isStopped = false;
  void credentialReady.then(() => {
    if (isStopped) return;
    const context: Partial<OperationContext> & ContextWithId = { documentId: toDocumentId(document) };
    stop = client.subscription<Data, Variables>(document.toString(), variables, context).subscribe(({ data, error, hasNext }) => {
      if (data) follower.next(data);
      else if (error) follower.failed?.(toFailure(error));
      if (hasNext === false) follower.ended?.();
    }).unsubscribe;
  });
  return () => {
    isStopped = true;
    stop?.();
  };
}
