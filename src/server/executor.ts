import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { type DocumentNode, type ExecutionResult, execute, type GraphQLSchema } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';

type Gateway = ApolloServerOptionsWithGateway<never>['gateway'];

/** A document that comes this often is worth the milliseconds that compiling takes. */
const compileAfter = 5;

interface KnownOperation {
  executions: number;
  /** Null: it can't be compiled. */
  compiled: CompiledQuery | null | undefined;
}

/**
 * Executes with graphql-js and, what comes again and again, with code that graphql-jit compiles for the document.
 * Handed to Apollo Server as a gateway: given a schema of its own, Apollo wraps each field, which costs more than compiling saves.
 */
export function createExecutor(schema: GraphQLSchema): Gateway {
  // With the documents, which Apollo keeps in a bounded store.
  const operations = new WeakMap<DocumentNode, Map<string, KnownOperation>>();

  const knownOperation = (document: DocumentNode, operationName: string): KnownOperation => {
    const known = operations.get(document) ?? new Map<string, KnownOperation>();
    operations.set(document, known);
    const operation = known.get(operationName) ?? { executions: 0, compiled: undefined };
    known.set(operationName, operation);
    return operation;
  };

  return {
    async load() {
      return {
        executor: async ({ document, operationName, request, context }) => {
          const variables = request.variables ?? {};
          const operation = knownOperation(document, operationName ?? '');
          operation.executions += 1;
          if (operation.compiled === undefined && operation.executions > compileAfter) {
            const compiled = compileQuery(schema, document, operationName ?? undefined);
            operation.compiled = isCompiledQuery(compiled) ? compiled : null;
          }
          if (operation.compiled)
            return (await operation.compiled.query(undefined, context, variables)) as ExecutionResult<Record<string, unknown>>;
          return (await execute({ schema, document, contextValue: context, variableValues: variables, operationName })) as ExecutionResult<
            Record<string, unknown>
          >;
        },
      };
    },
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    async stop() {},
  };
}
