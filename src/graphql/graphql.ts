// GraphQL: from an operation's parameters to its result, on any transport. Limits, scopes, cost, execution, and resolvers.

import { setTimeout as delay } from 'node:timers/promises';
import type { FormattedExecutionResult, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { turns } from '../concurrency/turns.ts';
import type { Limits } from '../config/limits.ts';
import { startApollo } from './apollo.ts';
import { createCompile } from './compiled-operations.ts';
import { createCostCheck } from './cost.ts';
import { enforceScopes } from './enforce-scopes.ts';
import { createErrorFormat } from './error-format.ts';
import { createEvents } from './events.ts';
import { createExecutor } from './executor.ts';
import { createFindDocument, type FindDocument } from './find-document.ts';
import { createHttpResponses } from './http-responses.ts';
import type { BeginOptions, GraphqlParameters, GraphqlRequest, GraphqlResponse, Run, RunOptions } from './operation.ts';
import { type StartedContext, startContext } from './operation-state.ts';
import { createPersistedQueries } from './persisted-queries.ts';
import { createPreparedOperations } from './prepared-operations.ts';
import type { Context } from './resolvers/context.ts';
import { createSchema } from './schema.ts';
import { createSharedResults } from './shared-results.ts';
import type { GatewayProfile } from './type-definitions.ts';

export interface GraphqlHandler {
  /** Executes a query or mutation over HTTP. */
  handle(request: GraphqlRequest, options: BeginOptions): Promise<GraphqlResponse>;
  /** Executes any operation under the same rules. Never rejects because of the operation. */
  run(parameters: GraphqlParameters, options: RunOptions): Promise<Run>;
  findDocument: FindDocument;
  /** Waits for running operations at most this long, including those whose client has disconnected; then accepts no more. */
  stop(maxMs: number): Promise<void>;
}

export interface GraphqlHandlerOptions {
  limits: Limits;
  /** Of Jobyard's own pages: see FindDocument. */
  ownManifests: Limits['documentManifests'];
  deadlineMs: number;
  /** The SDL that gateways get while introspection is on. */
  sdlProfile: GatewayProfile;
  logger: Logger;
  /** Called with the code of each error in a response. */
  onError(code: unknown): void;
}

export async function createGraphqlHandler({
  limits,
  ownManifests,
  deadlineMs,
  sdlProfile,
  logger,
  onError,
}: GraphqlHandlerOptions): Promise<GraphqlHandler> {
  const schema = findSchema(limits.introspection ? sdlProfile : null);
  const begin = ({ beginOperation, beginWork }: BeginOptions): StartedContext => startContext(beginOperation(), beginWork);
  const formatError = createErrorFormat({ introspection: limits.introspection, logger, onError });
  const compile = createCompile(schema, logger);
  const preparedOperations = createPreparedOperations({ schema, maxCost: limits.maxCost, compile });
  const executor = createExecutor({
    schema,
    compile,
    onQuery({ query, operationName }, compiled) {
      if (query !== undefined) preparedOperations.add(query, operationName ?? null, compiled);
    },
  });
  const persistedQueries = createPersistedQueries();
  const checkCost = createCostCheck<StartedContext>(limits.maxCost, ({ state }, cost) => state.beginWork(cost));
  const apollo = await startApollo({ limits, deadlineMs, logger, executor, persistedQueries, checkCost, formatError });
  const respondHttp = createHttpResponses({ apollo, preparedOperations, begin, takeTurn });
  const shared = createSharedResults<FormattedExecutionResult>();
  const running = createRunningOperations();

  return {
    handle: (request, options) => running.track(respondHttp(request, options)),
    async run(parameters, options) {
      const contextValue = begin(options);
      await takeTurn(parameters.query, contextValue);
      const { body } = await running.track(apollo.executeOperation(toRequest(parameters), { contextValue }));
      if (body.kind !== 'single') throw new Error('Incremental delivery is not supported');
      const { subscription } = contextValue.state;
      if (!subscription) return { kind: 'single', result: body.singleResult };
      return { kind: 'events', events: createEvents(subscription, options, { formatError, shared }) };
    },
    findDocument: createFindDocument(limits, ownManifests, persistedQueries),
    async stop(maxMs) {
      await running.settle(maxMs);
      await apollo.stop();
    },
  };
}

const schemas = new Map<GatewayProfile | null, GraphQLSchema>();

/** Creates each schema once, as it takes 20 ms: a reload of the limits doesn't recreate it. */
function findSchema(sdl: GatewayProfile | null): GraphQLSchema {
  const schema = schemas.get(sdl) ?? enforceScopes(createSchema({ sdl }));
  schemas.set(sdl, schema);
  return schema;
}

/**
 * The maximum number of characters of a document that starts immediately. Larger ones can take many milliseconds, so they start one at a
 * time, with callers taking turns.
 */
const maxSmallDocument = 4_000;

function takeTurn(query: string | undefined, { caller }: Context): Promise<void> | null {
  return query !== undefined && query.length > maxSmallDocument ? turns.take(caller.name) : null;
}

/** Converts an operation that didn't arrive over HTTP for Apollo Server. */
function toRequest({ query, variables, operationName, extensions }: GraphqlParameters) {
  return {
    ...(query !== undefined && { query }),
    ...(variables && { variables }),
    ...(operationName !== null && { operationName }),
    ...(extensions && { extensions }),
  };
}

function createRunningOperations() {
  const running = new Set<Promise<unknown>>();
  return {
    track<Answer>(answer: Promise<Answer>): Promise<Answer> {
      running.add(answer);
      const end = (): void => void running.delete(answer);
      answer.then(end, end);
      return answer;
    },
    /** Resolves when all have ended, or after this time. */
    async settle(maxMs: number): Promise<void> {
      const timeIsUp = new AbortController();
      await Promise.race([Promise.allSettled(running), delay(maxMs, null, { signal: timeIsUp.signal })]);
      timeIsUp.abort();
    },
  };
}
