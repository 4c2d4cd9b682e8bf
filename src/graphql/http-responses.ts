import type { IncomingHttpHeaders } from 'node:http';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import { LRUCache } from 'lru-cache';
import { nameOperationSpan } from '../telemetry/operation-span.ts';
import type { BeginOptions, ExecutionResult, GraphqlRequest, GraphqlResponse } from './operation.ts';
import type { StartedContext } from './operation-state.ts';
import type { PreparedOperation, PreparedOperations } from './prepared-operations.ts';
import type { Context } from './resolvers/context.ts';

/** Responds to a query or mutation over HTTP. */
export type RespondHttp = (request: GraphqlRequest, options: BeginOptions) => Promise<GraphqlResponse>;

export interface HttpAnswersOptions {
  apollo: ApolloServer<StartedContext>;
  preparedOperations: PreparedOperations;
  /** Starts an operation. */
  begin(options: BeginOptions): StartedContext;
  /** Waits until a document of this length may start. Null: it may start now. */
  takeTurn(query: string | undefined, context: Context): Promise<void> | null;
}

/** An operation that can be executed without Apollo Server, and its response headers. */
interface Prepared {
  operation: PreparedOperation;
  headers: GraphqlResponse['headers'];
}

/** Responds to known queries without Apollo Server, identically. Leaves anything but a plain result to Apollo Server. */
export function createHttpResponses({ apollo, preparedOperations, begin, takeTurn }: HttpAnswersOptions): RespondHttp {
  /** The headers of Apollo Server's responses, by the client's `Accept`. */
  const knownHeaders = new LRUCache<string, GraphqlResponse['headers']>(knownHeadersSize);

  const prepare = ({ method, headers: { accept = '' }, body, parameters }: GraphqlRequest): Prepared | null => {
    const { query, operationName, variables = {}, extensions } = parameters;
    const headers = knownHeaders.get(accept);
    if (method !== 'POST' || body === undefined || query === undefined || !headers) return null;
    // Apollo Server must keep it under its hash.
    if (extensions?.persistedQuery != null && queryOf(body) !== null) return null;
    const operation = preparedOperations.prepare(query, operationName, variables);
    return operation && { operation, headers };
  };

  const respondByApollo = async (request: GraphqlRequest, context: () => Promise<StartedContext>): Promise<GraphqlResponse> => {
    const { method } = request;
    const httpGraphQLRequest = { method, headers: toHeaderMap(request.headers), ...toHttpParameters(request) };
    const { status = 200, headers, body } = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context });
    if (body.kind !== 'complete') throw new Error('Incremental delivery is not supported');
    const response = { status, headers: Object.fromEntries(headers), body: body.string };
    if (method === 'POST' && status === 200) knownHeaders.set(request.headers.accept ?? '', response.headers);
    return response;
  };

  /**
   * The response that Apollo Server would send. Leaves anything but a plain result to Apollo Server, with the work that is done already.
   */
  const respondPrepared = async (
    { operation, headers }: Prepared,
    request: GraphqlRequest,
    options: BeginOptions,
  ): Promise<GraphqlResponse> => {
    const context = begin(options);
    await takeTurn(request.parameters.query, context);
    nameOperationSpan(operation.definition);
    const rejection = await options.beginWork(operation.cost);
    const execution = rejection ? null : operation.execute(context);
    const body = toPlainBody((await execution?.catch(() => null)) ?? null);
    if (body !== null) return { status: 200, headers, body };
    context.state.beginWork = async () => rejection;
    context.state.execution = execution;
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
function toPlainBody(result: ExecutionResult | null): string | null {
  return result?.data && !result.errors ? `${JSON.stringify({ data: result.data })}\n` : null;
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

const knownHeadersSize = { max: 100, maxSize: 10_000, sizeCalculation: (_headers: unknown, accept: string) => accept.length + 1 };

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
