import type { IncomingHttpHeaders } from 'node:http';
import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { LRUCache } from 'lru-cache';
import { nameOperationSpan } from '../telemetry/operation-span.ts';
import type { BeginOptions, ExecutionResult, GraphqlRequest } from './operation.ts';
import type { OperationStates } from './operation-states.ts';
import type { PreparedOperation, PreparedOperations } from './prepared-operations.ts';
import type { Context } from './resolvers/context.ts';

/** Responds to a query or mutation over HTTP. */
export type RespondHttp = (request: GraphqlRequest, options: BeginOptions) => Promise<HTTPGraphQLResponse>;

export interface HttpAnswersOptions {
  apollo: ApolloServer<Context>;
  states: OperationStates;
  preparedOperations: PreparedOperations;
  /** Starts an operation. */
  begin(options: BeginOptions): Context;
  /** Waits until a document of this length may start. Null: it may start now. */
  takeTurn(query: string | undefined, context: Context): Promise<void> | null;
}

/** An operation that can be executed without Apollo Server, and its response headers. */
interface Prepared {
  operation: PreparedOperation;
  answerHeaders: HeaderMap;
}

/** Responds to known queries without Apollo Server, identically. Leaves anything but a plain result to Apollo Server. */
export function createHttpResponses({ apollo, states, preparedOperations, begin, takeTurn }: HttpAnswersOptions): RespondHttp {
  /** The headers of Apollo Server's responses, by the client's `Accept`. */
  const knownHeaders = new LRUCache<string, HeaderMap>(knownHeadersSize);

  const prepare = ({ method, headers, body, parameters }: GraphqlRequest): Prepared | null => {
    const { query, operationName, variables = {}, extensions } = parameters;
    const answerHeaders = knownHeaders.get(headers.accept ?? '');
    if (method !== 'POST' || body === undefined || query === undefined || !answerHeaders) return null;
    // Apollo Server must keep it under its hash.
    if (extensions?.persistedQuery != null && queryOf(body) !== null) return null;
    const operation = preparedOperations.prepare(query, operationName, variables);
    return operation && { operation, answerHeaders };
  };

  const respondByApollo = async (request: GraphqlRequest, context: () => Promise<Context>): Promise<HTTPGraphQLResponse> => {
    const { method, headers } = request;
    const httpGraphQLRequest = { method, headers: toHeaderMap(headers), ...toHttpParameters(request) };
    const answer = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context });
    if (method === 'POST' && (answer.status ?? 200) === 200) knownHeaders.set(headers.accept ?? '', new HeaderMap(answer.headers));
    return answer;
  };

  /**
   * The response that Apollo Server would send. Leaves anything but a plain result to Apollo Server, with the work that is done already.
   */
  const respondPrepared = async (
    { operation, answerHeaders }: Prepared,
    request: GraphqlRequest,
    options: BeginOptions,
  ): Promise<HTTPGraphQLResponse> => {
    const context = begin(options);
    await takeTurn(request.parameters.query, context);
    nameOperationSpan(operation.definition);
    const rejection = await options.beginWork(operation.cost);
    const execution = rejection ? null : operation.execute(context);
    const body = toPlainBody((await execution?.catch(() => null)) ?? null);
    if (body) return { headers: new HeaderMap(answerHeaders), body };
    // Only now: V8 keeps the values of a WeakMap until the next full collection, and this function refers to everything that was read.
    const state = states.of(context);
    state.beginWork = async () => rejection;
    state.execution = execution;
    return respondByApollo(request, async () => context);
  };

  return (request, options) => {
    const prepared = prepare(request);
    if (prepared) return respondPrepared(prepared, request, options);
    return respondByApollo(request, async () => {
      const context = begin(options);
      await takeTurn(request.parameters.query, context);
      return context;
    });
  };
}

/** Null: not a plain result. */
function toPlainBody(result: ExecutionResult | null): { kind: 'complete'; string: string } | null {
  return result?.data && !result.errors ? { kind: 'complete', string: `${JSON.stringify({ data: result.data })}\n` } : null;
}

/** What Apollo Server reads the parameters from. It knows no `documentId`, so it gets the document. */
function toHttpParameters({ search, body, parameters }: GraphqlRequest): { search: string; body: unknown } {
  const { documentId, query, operationName, variables, extensions } = parameters;
  if (documentId === undefined) return { search, body };
  const members = {
    query,
    ...(operationName !== null && { operationName }),
    ...(variables && { variables }),
    ...(extensions && { extensions }),
  };
  if (body !== undefined) return { search, body: members };
  const toText = ([name, value]: [string, unknown]): [string, string] => [name, typeof value === 'string' ? value : JSON.stringify(value)];
  return { search: `?${new URLSearchParams(Object.entries(members).map(toText))}`, body };
}

const knownHeadersSize = { max: 100, maxSize: 10_000, sizeCalculation: (_headers: HeaderMap, accept: string) => accept.length + 1 };

/** Reads a member of a body of any type. */
function queryOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'query' in body ? body.query : null;
}

function toHeaderMap(headers: IncomingHttpHeaders): HeaderMap {
  const map = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  // Falls back to JSON: otherwise, Apollo Server would return 406 after it has executed the operation.
  const accept = map.get('accept');
  if (accept !== undefined) map.set('accept', `${accept}, */*;q=0.001`);
  return map;
}
