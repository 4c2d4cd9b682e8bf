import { type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { CompiledOperation } from './compiled-operations.ts';
import { costOf } from './cost.ts';
import type { ExecutionResult } from './operation.ts';
import type { Context } from './resolvers/context.ts';

/** An operation and its variables, against which there is nothing to say. */
export interface PreparedOperation {
  definition: OperationDefinitionNode;
  /** See costOf. */
  cost: number;
  execute(context: Context): Promise<ExecutionResult>;
}

/**
 * Queries that came before, found by their text. Apollo Server is the authority on documents: it sees each of them first, and says whatever
 * there is to say against a request. One that comes again needs only what depends on the request: variables, cost, room for the work, and
 * execution.
 */
export interface PreparedOperations {
  add(query: string, operationName: string | null, compiled: CompiledOperation): void;
  /** Null: Apollo Server has not answered this operation before, or there is something to say against its variables. */
  prepare(query: string, operationName: string | null, variables: Record<string, unknown>): PreparedOperation | null;
}

/** Characters of all texts kept. */
const maxCharacters = 1_000_000;

export function createPreparedOperations(schema: GraphQLSchema, maxCost: number): PreparedOperations {
  const known = new LRUCache<string, CompiledOperation>({ maxSize: maxCharacters, sizeCalculation: (_compiled, key) => key.length });
  return {
    add(query, operationName, compiled) {
      known.set(keyOf(query, operationName), compiled);
    },
    prepare(query, operationName, variables) {
      const compiled = known.get(keyOf(query, operationName));
      if (!compiled) return null;
      const { document, operation, execute } = compiled;
      const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 });
      if (!coerced) return null;
      const cost = costOf(schema, document, variables, operation.name?.value ?? null);
      if (typeof cost !== 'number' || cost > maxCost) return null;
      return { definition: operation, cost, execute: (context) => execute(context, coerced, variables) };
    },
  };
}

/** No name has a line break. */
function keyOf(query: string, operationName: string | null): string {
  return `${operationName ?? ''}\n${query}`;
}
