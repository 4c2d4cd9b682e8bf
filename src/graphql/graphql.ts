import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Limits } from '../access/limits.ts';
import { AuditUnavailableError } from '../actions/audit.ts';
import { turns } from '../concurrency/turns.ts';
import { toBoundedText } from '../jobs/storable-text.ts';
import { maxMessage } from '../jobs/vendor-facts.ts';
import { StoreUnavailableError } from '../store/store.ts';
import { nameOperationSpan, operationSpanPlugin } from '../telemetry/operation-span.ts';
import { createActionLimitsPlugin } from './action-limits.ts';
import { createCostCheck } from './cost.ts';
import { createDocumentStore } from './document-store.ts';
import { enforceScopes } from './enforce-scopes.ts';
import { createEvents } from './events.ts';
import { createExecutor, type Subscription } from './executor.ts';
import { createPersistedQueries } from './persisted-queries.ts';
import { createPreparedOperations, type PreparedOperation } from './prepared-operations.ts';
import type { BeginWork } from './request-context.ts';
import type { Context } from './resolvers/context.ts';
import { responseStatusPlugin } from './response-status.ts';
import { createSchema } from './schema.ts';
import { createSharedResults } from './shared-results.ts';

/** A GraphQL request as it came over HTTP. */
export interface GraphqlRequest {
  method: string;
  headers: IncomingHttpHeaders;
  /** The query string with its question mark, or ''. */
  search: string;
  /** The parsed JSON body; undefined where there was none or it was of another content type. */
  body: unknown;
  /** What it says, filled in. */
  parameters: GraphqlParameters;
}

/** An operation, whichever way it came. */
export interface GraphqlParameters {
  query: string | undefined;
  variables: Record<string, unknown> | undefined;
  operationName: string | null;
  extensions: Record<string, unknown> | undefined;
}

/** The answer, or the answers to a subscription. */
export type Run =
  | { kind: 'single'; result: FormattedExecutionResult }
  | { kind: 'events'; events: AsyncGenerator<FormattedExecutionResult, undefined, undefined> };

export interface RunOptions {
  beginOperation(): Context;
  /** Asked when the cost of the operation is known, before it is executed. */
  beginWork: BeginWork;
  /** For each event of a subscription: what one has read must not stand for the next. `finish`: it has been made. */
  beginEvent(): { context: Context; finish(): void };
  /** Waits until the next event may be made; null: it may be now. */
  takeTurn(): Promise<void> | null;
  callerName: string;
  /** Two callers of the same rights, the credentials that they brought included, see the same. */
  rights: string;
  /** A subscription is over, or its caller has gone. */
  onEnd(events: number): void;
}

type BeginOptions = Pick<RunOptions, 'beginOperation' | 'beginWork'>;

export interface GraphqlHandler {
  /** A query or mutation over HTTP. */
  handle(request: GraphqlRequest, options: BeginOptions): Promise<HTTPGraphQLResponse>;
  /** Any operation, under the same rules. Never rejects for what the operation is like. */
  run(parameters: GraphqlParameters, options: RunOptions): Promise<Run>;
  /** The parameters, with the document if they have only the hash of one that was sent before. */
  fillIn(parameters: GraphqlParameters): GraphqlParameters;
  /** Waits for the operations that run, also those whose caller has gone, but no longer than this; then takes no more. */
  stop(longestMs: number): Promise<void>;
}

/** Made once, and not again by a reload of the limits: it takes 20 ms. */
const schemaWithSdl = once(() => enforceScopes(createSchema({ showsSdl: true })));
const schemaWithoutSdl = once(() => enforceScopes(createSchema({ showsSdl: false })));

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** More of them help nobody, and a document with a mistake in each line would be answered with more than it has itself. */
const maxValidationErrors = 20;
/** Of one error. */
const maxLocations = 10;

/** An operation that can be answered without Apollo Server, and with what headers. */
interface Prepared {
  operation: PreparedOperation;
  answerHeaders: HeaderMap;
}

/** A handler that another can take the place of. */
export interface ReplaceableHandler extends GraphqlHandler {
  /** What comes from now on is handled by `next`. The one before is stopped when what it handles has ended, or after `longestMs`. */
  replace(next: GraphqlHandler, longestMs: number): void;
}

export function createReplaceableHandler(first: GraphqlHandler): ReplaceableHandler {
  let current = first;
  const stopping = new Set<Promise<void>>();
  return {
    handle: (request, createContext) => current.handle(request, createContext),
    run: (parameters, options) => current.run(parameters, options),
    fillIn: (parameters) => current.fillIn(parameters),
    replace(next, longestMs) {
      const before = current;
      current = next;
      const stopped = before.stop(longestMs).finally(() => stopping.delete(stopped));
      stopping.add(stopped);
    },
    async stop(longestMs) {
      await Promise.all([current.stop(longestMs), ...stopping]);
    },
  };
}

/** `onError`: told of each error in a response, by its code. */
export async function createGraphqlHandler(
  limits: Limits,
  deadlineMs: number,
  logger: Logger,
  onError: (code: unknown) => void = () => {},
): Promise<GraphqlHandler> {
  const takeTurn = (query: unknown, { caller }: Context): Promise<void> | null =>
    typeof query === 'string' && query.length > maxSmallDocument ? turns.take(caller.name) : null;
  // By the operation on jobs and not by the context, of which Apollo Server makes a copy.
  const subscriptions = new WeakMap<Context['jobs'], Subscription>();
  const gates = new WeakMap<Context['jobs'], BeginWork>();
  const schema = limits.introspection ? schemaWithSdl() : schemaWithoutSdl();
  const formatError = (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const shown = hideBugs(formatted, error, logger);
    onError(shown.extensions?.code);
    // Apollo Server leaves them in where a variable is wrong.
    const message = limits.introspection ? shown.message : shown.message.replace(suggestion, '');
    // It may repeat what the caller sent: of any length, or cut within a character.
    const bounded = { ...shown, message: toBoundedText(message, maxMessage) };
    return shown.locations ? { ...bounded, locations: shown.locations.slice(0, maxLocations) } : bounded;
  };
  const checkCost = createCostCheck<Context>(limits.maxCost, async ({ jobs }, cost) => gates.get(jobs)?.(cost) ?? null);
  const preparedOperations = createPreparedOperations(schema, limits.maxCost);
  const executor = createExecutor(
    schema,
    logger,
    ({ jobs }, subscription) => subscriptions.set(jobs, subscription),
    ({ query, operationName }, compiled) => query !== undefined && preparedOperations.add(query, operationName ?? null, compiled),
  );
  const persistedQueries = createPersistedQueries();
  const apollo = new ApolloServer<Context>({
    gateway: executor.gateway,
    introspection: limits.introspection,
    hideSchemaDetailsFromClientErrors: !limits.introspection,
    parseOptions: { maxTokens: limits.maxTokens },
    validationOptions: { maxErrors: maxValidationErrors },
    documentStore: createDocumentStore(),
    persistedQueries: { cache: persistedQueries.cache },
    includeStacktraceInErrorResponses: false,
    // A GET is answered only where no other site's page can cause it unasked: none can send these headers. urql reads with GETs.
    csrfPrevention: { requestHeaders: ['authorization', 'x-api-key', 'x-apollo-operation-name', 'apollo-require-preflight'] },
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    // Cache control wraps every field of every answer, and nothing here may be cached by HTTP.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      createActionLimitsPlugin(limits, deadlineMs, checkCost),
      responseStatusPlugin,
      operationSpanPlugin,
      executor.plugin,
    ],
    formatError,
    logger,
  });
  await apollo.start();
  const shared = createSharedResults<FormattedExecutionResult>();
  const running = new Set<Promise<unknown>>();
  const track = <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    running.add(answer);
    const end = (): void => void running.delete(answer);
    answer.then(end, end);
    return answer;
  };
  const begin = ({ beginOperation, beginWork }: BeginOptions): Context => {
    const context = beginOperation();
    gates.set(context.jobs, beginWork);
    return context;
  };
  /** The headers of Apollo Server's answers, by the client's `Accept`. */
  const knownHeaders = new LRUCache<string, HeaderMap>({
    max: 100,
    maxSize: 10_000,
    sizeCalculation: (_headers, accept) => accept.length + 1,
  });
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
    gates.set(context.jobs, async () => refusal);
    if (!refusal) {
      const execution = operation.execute(context);
      const result = await execution.catch(() => null);
      if (result?.data && !result.errors) {
        const string = `${JSON.stringify({ data: result.data })}\n`;
        return { headers: new HeaderMap(answerHeaders), body: { kind: 'complete', string } };
      }
      executor.handOver(context, execution);
    }
    return answerByApollo(request, async () => context);
  };

  return {
    handle(request, options) {
      const prepared = prepare(request);
      const answer = prepared
        ? answerPrepared(prepared, request, options)
        : answerByApollo(request, async () => {
            const context = begin(options);
            await takeTurn(request.parameters.query, context);
            return context;
          });
      return track(answer);
    },
    async run({ query, variables, operationName, extensions }, options) {
      const contextValue = begin(options);
      await takeTurn(query, contextValue);
      const request = {
        ...(query !== undefined && { query }),
        ...(variables && { variables }),
        ...(operationName !== null && { operationName }),
        ...(extensions && { extensions }),
      };
      const { body } = await track(apollo.executeOperation(request, { contextValue }));
      if (body.kind !== 'single') throw new Error('Incremental delivery is not offered');
      const subscription = subscriptions.get(contextValue.jobs);
      if (!subscription) return { kind: 'single', result: body.singleResult };
      return { kind: 'events', events: createEvents(subscription, options, { formatError, shared }) };
    },
    fillIn: persistedQueries.fillIn,
    async stop(longestMs) {
      const timeIsUp = new AbortController();
      await Promise.race([Promise.allSettled(running), delay(longestMs, null, { signal: timeIsUp.signal })]);
      timeIsUp.abort();
      await apollo.stop();
    },
  };
}

/** Characters of a document up to which it is begun at once. A larger one can take many milliseconds: such begin one after the other, callers taking turns. */
const maxSmallDocument = 4_000;

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

/** graphql-js' words where comparing the fields that meet in one place would take too long. */
const abortedValidation = 'Validation aborted.';

const suggestion = / Did you mean (?:the enum value )?"[^?]*\?$/;

/** A bug is told to the log in full and to the caller not at all. */
function hideBugs(formatted: GraphQLFormattedError, error: unknown, logger: Logger): GraphQLFormattedError {
  if (formatted.message === abortedValidation) return { ...formatted, message: 'The document selects too much at once to be checked.' };
  if (formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') return formatted;
  const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  if (original instanceof StoreUnavailableError) {
    logger.warn({ err: original, path: formatted.path }, 'store unavailable');
    return { ...formatted, message: original.message, extensions: { code: 'STORE_UNAVAILABLE', retryable: true } };
  }
  if (original instanceof AuditUnavailableError) {
    return { ...formatted, message: original.message, extensions: { code: 'AUDIT_UNAVAILABLE' } };
  }
  logger.error({ err: original, path: formatted.path }, 'bug');
  return { ...formatted, message: 'Internal error. It has been logged.' };
}
