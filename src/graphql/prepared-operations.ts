import { type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { CompiledOperation } from './compiled-operations.ts';
import { costOf } from './cost.ts';
import type { ExecutionResult } from './operation.ts';
import type { Context } from './resolvers/context.ts';

/** A valid operation with valid variables. */
export interface PreparedOperation {
  definition: OperationDefinitionNode;
  /** See costOf. */
  cost: number;
  execute(context: Context): Promise<ExecutionResult>;
}

/**
 * Known queries, found by their text. Apollo Server decides about documents: it processes each one first, and reports all errors. A
 * repeated query only needs what depends on the request: variables, cost, room for the work, and execution.
 */
export interface PreparedOperations {
  add(query: string, operationName: string | null, compiled: CompiledOperation): void;
  /** Null: Apollo Server hasn't processed this operation before, or its variables are invalid. */
  prepare(query: string, operationName: string | null, variables: Record<string, unknown>): PreparedOperation | null;
}

/** The maximum number of characters of all kept texts. */
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

/** Names contain no line break. */
function keyOf(query: string, operationName: string | null): string {
  return `${operationName ?? ''}\n${query}`;
}
