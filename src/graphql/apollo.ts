import { ApolloServer, type ApolloServerOptions } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { Logger } from 'pino';
import type { Limits } from '../config/limits.ts';
import { operationSpanPlugin } from '../telemetry/operation-span.ts';
import { createActionLimitsPlugin } from './action-limits.ts';
import type { OperationCheck } from './cost.ts';
import { createDocumentStore } from './document-store.ts';
import type { FormatError } from './error-format.ts';
import type { Executor } from './executor.ts';
import type { StartedContext } from './operation-state.ts';
import type { PersistedQueries } from './persisted-queries.ts';
import { responseStatusPlugin } from './response-status.ts';

export interface ApolloParts {
  limits: Limits;
  deadlineMs: number;
  logger: Logger;
  executor: Executor;
  persistedQueries: PersistedQueries;
  checkCost: OperationCheck<StartedContext>;
  formatError: FormatError;
}

/** More errors don't help, and a document with an error on every line would get a response larger than itself. */
const maxValidationErrors = 20;

/** Apollo Server parses and validates documents and reports errors in requests. It doesn't execute them. */
export async function startApollo(parts: ApolloParts): Promise<ApolloServer<StartedContext>> {
  const { limits, executor } = parts;
  const options: ApolloServerOptions<StartedContext> = {
    gateway: executor.gateway,
    introspection: limits.introspection,
    hideSchemaDetailsFromClientErrors: !limits.introspection,
    parseOptions: { maxTokens: limits.maxTokens },
    validationOptions: { maxErrors: maxValidationErrors },
    documentStore: createDocumentStore(),
    persistedQueries: { cache: parts.persistedQueries.cache },
    includeStacktraceInErrorResponses: false,
    // A GET is served only if it has one of these headers, which other sites' pages can't send. urql reads with GET.
    csrfPrevention: { requestHeaders: ['authorization', 'x-api-key', 'x-apollo-operation-name', 'apollo-require-preflight'] },
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    // Cache control wraps every field of every response, and no response may be cached.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      createActionLimitsPlugin(limits, parts.deadlineMs, parts.checkCost),
      responseStatusPlugin,
      operationSpanPlugin,
      executor.plugin,
    ],
    formatError: parts.formatError,
    logger: parts.logger,
  };
  const apollo = new ApolloServer<StartedContext>(options);
  await apollo.start();
  return apollo;
}
