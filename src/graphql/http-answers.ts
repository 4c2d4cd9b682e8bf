import type { IncomingHttpHeaders } from 'node:http';
import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { LRUCache } from 'lru-cache';
import { nameOperationSpan } from '../telemetry/operation-span.ts';
import type { BeginOptions, GraphqlRequest } from './operation.ts';
import type { OperationStates } from './operation-states.ts';
import type { PreparedOperation, PreparedOperations } from './prepared-operations.ts';
import type { Context } from './resolvers/context.ts';

/** Answers a query or mutation over HTTP. */
export type AnswerHttp = (request: GraphqlRequest, options: BeginOptions) => Promise<HTTPGraphQLResponse>;

export interface HttpAnswersOptions {
  apollo: ApolloServer<Context>;
  states: OperationStates;
  preparedOperations: PreparedOperations;
  /** Begins an operation. */
  begin(options: BeginOptions): Context;
  /** Waits until a document of this length may be begun with; null: it may be now. */
  takeTurn(query: string | undefined, context: Context): Promise<void> | null;
}

/** An operation that can be answered without Apollo Server, and with what headers. */
interface Prepared {
  operation: PreparedOperation;
  answerHeaders: HeaderMap;
}

/** Queries that came before are answered without Apollo Server, in the same words; whatever is not simply an answer is left to it. */
export function createHttpAnswers({ apollo, states, preparedOperations, begin, takeTurn }: HttpAnswersOptions): AnswerHttp {
  /** The headers of Apollo Server's answers, by the client's `Accept`. */
  const knownHeaders = new LRUCache<string, HeaderMap>(knownHeadersSize);

  const prepare = ({ method, headers, body, parameters }: GraphqlRequest): Prepared | null => {
    const { query, operationName, variables = {}, extensions } = parameters;
    const answerHeaders = knownHeaders.get(headers.accept ?? '');
    if (method !== 'POST' || body === undefined || query === undefined || !answerHeaders) return null;
    // To be kept under its hash.
    if (extensions?.persistedQuery != null && queryOf(body) !== null) return null;
    const operation = preparedOperations.prepare(query, operationName, variables);
    return operation && { operation, answerHeaders };
  };

  const answerByApollo = async (request: GraphqlRequest, context: () => Promise<Context>): Promise<HTTPGraphQLResponse> => {
    const { method, headers, search, body } = request;
    const httpGraphQLRequest = { method, headers: toHeaderMap(headers), search, body };
    const answer = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context });
    if (method === 'POST' && (answer.status ?? 200) === 200) knownHeaders.set(headers.accept ?? '', new HeaderMap(answer.headers));
    return answer;
  };

  /** What Apollo Server would answer. Whatever is not simply an answer is left to it, with what has been done already. */
  const answerPrepared = async (
    { operation, answerHeaders }: Prepared,
    request: GraphqlRequest,
    options: BeginOptions,
  ): Promise<HTTPGraphQLResponse> => {
    const context = begin(options);
    await takeTurn(request.parameters.query, context);
    nameOperationSpan(operation.definition);
    const refusal = await options.beginWork(operation.cost);
    const state = states.of(context);
    state.beginWork = async () => refusal;
    if (!refusal) {
      const execution = operation.execute(context);
      const result = await execution.catch(() => null);
      if (result?.data && !result.errors) {
        const string = `${JSON.stringify({ data: result.data })}\n`;
        return { headers: new HeaderMap(answerHeaders), body: { kind: 'complete', string } };
      }
      state.execution = execution;
    }
    return answerByApollo(request, async () => context);
  };

  return (request, options) => {
    const prepared = prepare(request);
    if (prepared) return answerPrepared(prepared, request, options);
    return answerByApollo(request, async () => {
      const context = begin(options);
      await takeTurn(request.parameters.query, context);
      return context;
    });
  };
}

const knownHeadersSize = { max: 100, maxSize: 10_000, sizeCalculation: (_headers: HeaderMap, accept: string) => accept.length + 1 };

/** Of a body that may be anything. */
function queryOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'query' in body ? body.query : null;
}

function toHeaderMap(headers: IncomingHttpHeaders): HeaderMap {
  const map = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  // JSON as the last resort: without it Apollo Server would answer 406 after it had executed the operation.
  const accept = map.get('accept');
  if (accept !== undefined) map.set('accept', `${accept}, */*;q=0.001`);
  return map;
}
