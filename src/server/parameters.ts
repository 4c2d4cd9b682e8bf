import { getOperationAST, type OperationTypeNode, parse } from 'graphql';
import type { GraphqlParameters } from './graphql.ts';

/** The parameters of a GraphQL request: of a GET in its query string, else in its JSON body. Of wrong types they count as absent. */
export function readParameters(method: string | undefined, body: unknown, search: string): GraphqlParameters {
  const given = method === 'GET' ? fromSearch(search) : asObject(body);
  const { query, variables, operationName, extensions } = given ?? {};
  return {
    query: typeof query === 'string' ? query : undefined,
    variables: asObject(variables),
    operationName: typeof operationName === 'string' ? operationName : null,
    extensions: asObject(extensions),
  };
}

/** For the log. A document with one operation needs no operationName; its name is still worth a word. */
export function labelOf({ operationName, query }: GraphqlParameters): string | null {
  if (operationName !== null) return operationName.slice(0, 100);
  return /^\s*(?:#.*\n\s*)*(?:query|mutation|subscription)\s+(\w{1,100})/.exec(query ?? '')?.[1] ?? null;
}

/** What kind of operation this is; null where it can't be told. */
export function operationTypeOf({ query, operationName }: GraphqlParameters, maxTokens: number): OperationTypeNode | null {
  try {
    return getOperationAST(parse(query ?? '', { maxTokens, noLocation: true }), operationName)?.operation ?? null;
  } catch {
    // The operation itself is answered with what is wrong.
    return null;
  }
}

function fromSearch(search: string): Record<string, unknown> {
  const parameters = new URLSearchParams(search);
  const json = (name: string): unknown => {
    try {
      return JSON.parse(parameters.get(name) ?? 'null');
    } catch {
      return undefined;
    }
  };
  return {
    query: parameters.get('query'),
    operationName: parameters.get('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  };
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}
