import { hash } from 'node:crypto';
import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Compile, type CompiledOperation, createInterpreter } from './compiled-operations.ts';
import { costOf } from './cost.ts';
import { liftStrings, locateInOriginal, parseLifted } from './lifted-strings.ts';
import type { Execute, ExecutionResult } from './operation.ts';
import type { Context } from './resolvers/context.ts';

/** A valid operation with valid variables. */
export interface PreparedOperation {
  definition: OperationDefinitionNode;
  /** See costOf. */
  cost: number;
  execute(context: Context): Promise<ExecutionResult>;
}

/**
 * Known queries, found by their text, whatever the strings in it are. Apollo Server decides about documents: it processes each one first, and
 * reports all errors. A repeated query only needs what depends on the request: variables, cost, room for the work, and execution.
 */
export interface PreparedOperations {
  /** Apollo Server has executed the query. `compiled`: null if it wasn't executed often enough. */
  add(query: string, operationName: string | null, compiled: CompiledOperation | null): void;
  /** Null: Apollo Server hasn't processed this operation before, or its variables are invalid. */
  prepare(query: string, operationName: string | null, variables: Record<string, unknown>): PreparedOperation | null;
}

/** A lifted text that was seen with one query only. `queryHash`: null if it can't be prepared, see parseLifted. */
interface Unprepared {
  queryHash: string | null;
}

/** The maximum number of characters of all kept texts. */
const maxCharacters = 1_000_000;
const texts = { maxSize: maxCharacters, sizeCalculation: (_value: unknown, key: string) => key.length };

export interface PreparedOperationsOptions {
  schema: GraphQLSchema;
  maxCost: number;
  compile: Compile;
}

export function createPreparedOperations({ schema, maxCost, compile }: PreparedOperationsOptions): PreparedOperations {
  const known = new LRUCache<string, CompiledOperation>(texts);
  const lifted = new LRUCache<string, CompiledOperation | Unprepared>(texts);

  const toCompiled = (document: DocumentNode, operationName: string | null): CompiledOperation | null => {
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== OperationTypeNode.QUERY) return null;
    const interpret = createInterpreter(schema, document, operationName);
    const execute: Execute = (...inputs) => (compile(document, operationName) ?? interpret)(...inputs);
    return { document, operation, execute };
  };

  const addLifted = (query: string, operationName: string | null): void => {
    const text = liftStrings(query)?.text;
    if (text === undefined) return;
    const key = keyOf(text, operationName);
    const before = lifted.get(key);
    const queryHash = hash('sha256', query);
    if (!before) lifted.set(key, { queryHash });
    // A query whose strings never change costs less as it is.
    else if ('queryHash' in before && before.queryHash !== null && before.queryHash !== queryHash) {
      const document = parseLifted(schema, text);
      lifted.set(key, (document && toCompiled(document, operationName)) ?? { queryHash: null });
    }
  };

  const find = (query: string, operationName: string | null) => {
    const compiled = known.get(keyOf(query, operationName));
    if (compiled) return { compiled, strings: null };
    const strings = liftStrings(query);
    const found = strings ? lifted.get(keyOf(strings.text, operationName)) : undefined;
    return found && 'execute' in found ? { compiled: found, strings } : null;
  };

  return {
    add(query, operationName, compiled) {
      if (compiled) known.set(keyOf(query, operationName), compiled);
      else addLifted(query, operationName);
    },
    prepare(query, operationName, given) {
      const found = find(query, operationName);
      if (!found) return null;
      const { compiled, strings } = found;
      const { document, operation, execute } = compiled;
      const variables = strings ? { ...given, ...strings.variables } : given;
      const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 });
      if (!coerced) return null;
      const cost = costOf(schema, document, variables, operation.name?.value ?? null);
      if (typeof cost !== 'number' || cost > maxCost) return null;
      const run = (context: Context): Promise<ExecutionResult> => execute(context, coerced, variables);
      const runLifted = strings && ((context: Context) => run(context).then((result) => locateInOriginal(result, strings, query)));
      return { definition: operation, cost, execute: runLifted ?? run };
    },
  };
}

/** Names contain no line break. */
function keyOf(query: string, operationName: string | null): string {
  return `${operationName === null ? '' : `${operationName} `}\n${query}`;
}
