import { type ApolloServerOptionsWithGateway, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import type { Compile, CompiledOperation } from './compiled-operations.ts';
import type { ExecutionResult, Subscription } from './operation.ts';
import type { StartedContext } from './operation-state.ts';
import type { Context } from './resolvers/context.ts';
import { selectionKeyOf } from './shared-results.ts';

type Gateway = ApolloServerOptionsWithGateway<never>['gateway'];

/** What is executed of a request. */
export interface Execution {
  document: DocumentNode;
  operation?: OperationDefinitionNode | undefined;
  operationName?: string | null | undefined;
  request: { query?: string | undefined; operationName?: string | undefined; variables?: Record<string, unknown> | undefined };
}

/** The two hooks through which Apollo Server delegates execution. */
export interface Executor {
  /** Given its own schema, Apollo would wrap each field, which costs more than compilation saves. */
  gateway: Gateway;
  /**
   * Executes the operation and responds if there are no errors; otherwise, the gateway responds with the result, as Apollo formats errors
   * only there. The gateway doesn't execute everything: the context that Apollo creates for it keeps the whole request in memory until the
   * next full collection. Operations that their state marks as executed aren't executed again.
   */
  plugin: ApolloServerPlugin<StartedContext>;
}

export interface ExecutorOptions {
  schema: GraphQLSchema;
  compile: Compile;
  /** Called with each valid query. `compiled`: null if it wasn't executed often enough. */
  onQuery(request: Execution['request'], compiled: CompiledOperation | null): void;
}

/** Executes compiled code if available, otherwise with graphql-js. A subscription has no result here; its state contains it. */
export function createExecutor({ schema, compile, onQuery }: ExecutorOptions): Executor {
  const run = async (execution: Execution, context: StartedContext): Promise<ExecutionResult> => {
    const { document, operation, operationName, request } = execution;
    if (operation?.operation === 'subscription') {
      const begun = await subscribe(schema, execution, context);
      if (!('source' in begun)) return begun;
      context.state.subscription = begun;
      return { data: {} };
    }
    const variables = request.variables ?? {};
    const executeCompiled = operation ? compile(document, operationName ?? null) : null;
    if (operation?.operation === 'query') onQuery(request, executeCompiled && { document, operation, execute: executeCompiled });
    if (!operation || !executeCompiled) {
      // The name as requested: if no operation has it, that is the error.
      const name = operationName ?? request.operationName;
      return execute({ schema, document, contextValue: context, variableValues: variables, operationName: name });
    }
    // With graphql-js: graphql-jit ignores defaults of input fields, and reports invalid variables differently.
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 50 });
    return errors ? { errors } : executeCompiled(context, coerced, variables);
  };

  return {
    plugin: {
      async requestDidStart() {
        return {
          async responseForOperation(requestContext) {
            const { contextValue } = requestContext;
            const { state } = contextValue;
            if (state.execution) return null;
            const execution = run(requestContext, contextValue);
            const result = await execution.catch(() => null);
            if (result?.data && !result.errors) {
              const body = { kind: 'single', singleResult: { data: result.data } } as const;
              return { http: { headers: new HeaderMap() }, body };
            }
            state.execution = execution;
            return null;
          },
        };
      },
    },
    gateway: {
      async load() {
        // Apollo's type of a gateway knows no context of its own.
        return { executor: async ({ context }) => (await (context as StartedContext).state.execution) ?? {} };
      },
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => {};
      },
      async stop() {},
    },
  };
}

/** The subscription, or why it can't start. */
async function subscribe(
  schema: GraphQLSchema,
  { document, operationName, request }: Execution,
  context: Context,
): Promise<Subscription | ExecutionResult> {
  const variables = request.variables ?? {};
  const execution = { schema, document, variableValues: variables, operationName };
  const source = await createSourceEventStream({ ...execution, contextValue: context });
  if (!(Symbol.asyncIterator in source)) return source;
  return {
    source: source[Symbol.asyncIterator](),
    selectionKey: selectionKeyOf(document, operationName ?? null, variables),
    show: async (happening, contextValue) => execute({ ...execution, rootValue: happening, contextValue }),
  };
}
