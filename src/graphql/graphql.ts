// GraphQL: from an operation's parameters to its answer, whatever transport they came by. Limits, scopes, cost, execution, resolvers.

import { setTimeout as delay } from 'node:timers/promises';
import type { HTTPGraphQLResponse } from '@apollo/server';
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
import { createHttpAnswers } from './http-answers.ts';
import type { BeginOptions, GraphqlParameters, GraphqlRequest, Run, RunOptions } from './operation.ts';
import { createOperationStates } from './operation-states.ts';
import { createPersistedQueries } from './persisted-queries.ts';
import { createPreparedOperations } from './prepared-operations.ts';
import type { Context } from './resolvers/context.ts';
import { createSchema } from './schema.ts';
import { createSharedResults } from './shared-results.ts';

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

/** `onError`: told of each error in a response, by its code. */
export async function createGraphqlHandler(
  limits: Limits,
  deadlineMs: number,
  logger: Logger,
  onError: (code: unknown) => void = () => {},
): Promise<GraphqlHandler> {
  const schema = limits.introspection ? schemaWithSdl() : schemaWithoutSdl();
  const states = createOperationStates();
  const begin = ({ beginOperation, beginWork }: BeginOptions): Context => {
    const context = beginOperation();
    states.begin(context, beginWork);
    return context;
  };
  const formatError = createErrorFormat({ introspection: limits.introspection, logger, onError });
  const preparedOperations = createPreparedOperations(schema, limits.maxCost);
  const executor = createExecutor({
    schema,
    states,
    compile: createCompile(schema, logger),
    onCompiled({ query, operationName }, compiled) {
      if (query !== undefined) preparedOperations.add(query, operationName ?? null, compiled);
    },
  });
  const persistedQueries = createPersistedQueries();
  const checkCost = createCostCheck<Context>(limits.maxCost, (context, cost) => states.of(context).beginWork(cost));
  const apollo = await startApollo({ limits, deadlineMs, logger, executor, persistedQueries, checkCost, formatError });
  const answerHttp = createHttpAnswers({ apollo, states, preparedOperations, begin, takeTurn });
  const shared = createSharedResults<FormattedExecutionResult>();
  const running = createRunningOperations();

  return {
    handle: (request, options) => running.track(answerHttp(request, options)),
    async run(parameters, options) {
      const contextValue = begin(options);
      await takeTurn(parameters.query, contextValue);
      const { body } = await running.track(apollo.executeOperation(toRequest(parameters), { contextValue }));
      if (body.kind !== 'single') throw new Error('Incremental delivery is not offered');
      const { subscription } = states.of(contextValue);
      if (!subscription) return { kind: 'single', result: body.singleResult };
      return { kind: 'events', events: createEvents(subscription, options, { formatError, shared }) };
    },
    fillIn: persistedQueries.fillIn,
    async stop(longestMs) {
      await running.settle(longestMs);
      await apollo.stop();
    },
  };
}

/** Made once, and not again by a reload of the limits: it takes 20 ms. */
const schemaWithSdl = once(() => enforceScopes(createSchema({ showsSdl: true })));
const schemaWithoutSdl = once(() => enforceScopes(createSchema({ showsSdl: false })));

function once(make: () => GraphQLSchema): () => GraphQLSchema {
  let made: GraphQLSchema | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/** Characters of a document up to which it is begun at once. A larger one can take many milliseconds: such begin one after the other, callers taking turns. */
const maxSmallDocument = 4_000;

function takeTurn(query: string | undefined, { caller }: Context): Promise<void> | null {
  return query !== undefined && query.length > maxSmallDocument ? turns.take(caller.name) : null;
}

/** As Apollo Server takes an operation that didn't come over HTTP. */
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
    async settle(longestMs: number): Promise<void> {
      const timeIsUp = new AbortController();
      await Promise.race([Promise.allSettled(running), delay(longestMs, null, { signal: timeIsUp.signal })]);
      timeIsUp.abort();
    },
  };
}
