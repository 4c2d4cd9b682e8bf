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
import type { OperationStates } from './operation-states.ts';
import type { Context } from './resolvers/context.ts';
import { selectionKeyOf } from './shared-results.ts';

type Gateway = ApolloServerOptionsWithGateway<never>['gateway'];

/** What of a request is executed. */
export interface Execution {
  document: DocumentNode;
  operation?: OperationDefinitionNode | undefined;
  operationName?: string | null | undefined;
  request: { query?: string | undefined; operationName?: string | undefined; variables?: Record<string, unknown> | undefined };
}

/** The two places at which Apollo Server lets an operation be executed by others. */
export interface Executor {
  /** Given a schema of its own, Apollo wraps each field, which costs more than compiling saves. */
  gateway: Gateway;
  /**
   * Executes, and answers where no error came of it; else the gateway answers with what came of it, as only there Apollo formats errors.
   * Not all by the gateway: the context that Apollo makes for it keeps the whole request in memory until the next full collection.
   * What has been executed already, by the operation's state, is not executed again.
   */
  plugin: ApolloServerPlugin<Context>;
}

export interface ExecutorOptions {
  schema: GraphQLSchema;
  states: OperationStates;
  compile: Compile;
  /** Told of each query that compiled code was there for. */
  onCompiled(request: Execution['request'], compiled: CompiledOperation): void;
}

/** Executes with compiled code where there is some, else with graphql-js. The answer to a subscription is none: its state has it. */
export function createExecutor({ schema, states, compile, onCompiled }: ExecutorOptions): Executor {
  const run = async (execution: Execution, context: Context): Promise<ExecutionResult> => {
    const { document, operation, operationName, request } = execution;
    if (operation?.operation === 'subscription') {
      const begun = await subscribe(schema, execution, context);
      if (!('source' in begun)) return begun;
      states.of(context).subscription = begun;
      return { data: {} };
    }
    const variables = request.variables ?? {};
    const executeCompiled = operation ? compile(document, operationName ?? null) : null;
    if (!operation || !executeCompiled) {
      // The name as asked for: where no operation has it, that is what is wrong.
      const name = operationName ?? request.operationName;
      return execute({ schema, document, contextValue: context, variableValues: variables, operationName: name });
    }
    if (operation.operation === 'query') onCompiled(request, { document, operation, execute: executeCompiled });
    // By graphql-js: graphql-jit forgets defaults of input fields, and says it in other words where a variable is wrong.
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 50 });
    return errors ? { errors } : executeCompiled(context, coerced, variables);
  };

  return {
    plugin: {
      async requestDidStart() {
        return {
          async responseForOperation(requestContext) {
            const { contextValue } = requestContext;
            const state = states.of(contextValue);
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
        return { executor: async ({ context }) => (await states.of(context as Context).execution) ?? {} };
      },
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => {};
      },
      async stop() {},
    },
  };
}

/** The subscription, or why it can't begin. */
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
