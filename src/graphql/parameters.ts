import { createHash } from 'node:crypto';
import { getOperationAST, type OperationTypeNode, parse } from 'graphql';
import { parseCallerJson } from '../json/caller-json.ts';
import type { GraphqlParameters } from './operation.ts';

/** The parameters of a request, or why it isn't a GraphQL request. */
export type ReadParameters = { kind: 'parameters'; parameters: GraphqlParameters } | { kind: 'malformed'; message: string };

/** The members as sent. */
type Given = Partial<Record<'query' | 'documentId' | 'variables' | 'operationName' | 'extensions', unknown>>;

/**
 * Reads the parameters of a GraphQL request: of a GET from its query string, otherwise from its JSON body. Every transport rejects
 * malformed ones as BAD_REQUEST, with the message.
 */
export function readParameters(method: string | undefined, body: unknown, search: string): ReadParameters {
  const given = method === 'GET' ? fromSearch(search) : (asObject(body) ?? {});
  if (typeof given === 'string') return { kind: 'malformed', message: given };
  const mistake = findMistake(given);
  if (mistake !== null) return { kind: 'malformed', message: mistake };
  const { query, documentId, variables, operationName, extensions } = given;
  return {
    kind: 'parameters',
    parameters: {
      ...(typeof documentId === 'string' && { documentId }),
      query: typeof query === 'string' ? query : undefined,
      variables: asObject(variables),
      operationName: typeof operationName === 'string' ? operationName : null,
      extensions: asObject(extensions),
    },
  };
}

/** The hash of an automatic persisted query that came without its document; otherwise null. */
export function hashOf({ query, extensions }: GraphqlParameters): string | null {
  const hash = asObject(extensions?.persistedQuery)?.sha256Hash;
  return query === undefined && typeof hash === 'string' ? hash : null;
}

/** For the log. A document with one operation needs no operationName, but its name is logged. */
export function labelOf({ operationName, query }: GraphqlParameters): string | null {
  if (operationName !== null) return operationName.slice(0, 100);
  return /^\s*(?:#.*\n\s*)*(?:query|mutation|subscription)\s+(\w{1,100})/.exec(query ?? '')?.[1] ?? null;
}

/** The type of the operation. Null if it can't be determined. */
export function operationTypeOf({ query, operationName }: GraphqlParameters, maxTokens: number): OperationTypeNode | null {
  try {
    return getOperationAST(parse(query ?? '', { maxTokens, noLocation: true }), operationName)?.operation ?? null;
  } catch {
    // The operation's response reports the error.
    return null;
  }
}

/** The members, or why they can't be read. */
function fromSearch(search: string): Given | string {
  const parameters = new URLSearchParams(search);
  const given: Given = {};
  for (const name of ['query', 'documentId', 'operationName', 'variables', 'extensions'] as const) {
    const [text, ...more] = parameters.getAll(name);
    if (more.length > 0) return `${name}: expected one parameter of this name, got ${more.length + 1}.`;
    if (text === undefined) continue;
    if (name === 'query' || name === 'documentId' || name === 'operationName') {
      given[name] = text;
      continue;
    }
    const json = parseCallerJson(text);
    if (json.kind === 'malformed') return `${name}: expected JSON, got something else: ${json.message}`;
    given[name] = json.value;
  }
  return given;
}

/** What is invalid in the parameters (GraphQL over HTTP, section "Request Parameters"), or null. */
function findMistake({ query, documentId, variables, operationName, extensions }: Given): string | null {
  const wrong = (name: string, expected: string, value: unknown): string => `${name}: expected ${expected}, got ${kindOf(value)}.`;
  if (query != null && typeof query !== 'string') return wrong('query', 'a GraphQL document as text', query);
  if (documentId != null && typeof documentId !== 'string') return wrong('documentId', 'text', documentId);
  // In a WebSocket, graphql-ws requires a query.
  if (documentId != null && query != null && query !== '') return 'documentId: expected a documentId or a query, got both.';
  if (operationName != null && typeof operationName !== 'string') return wrong('operationName', 'text', operationName);
  if (variables != null && !asObject(variables)) return wrong('variables', 'an object', variables);
  if (extensions != null && !asObject(extensions)) return wrong('extensions', 'an object', extensions);
  // Two such documents can have the same hash: in UTF-8, all lone surrogates become the same character.
  if (query != null && !query.isWellFormed()) return 'query: expected valid Unicode text, got half of a surrogate pair.';
  const persistedQuery = asObject(extensions)?.persistedQuery;
  return persistedQuery == null ? null : findPersistedQueryMistake(persistedQuery, query ?? undefined);
}

/** What is invalid in `extensions.persistedQuery` (automatic persisted queries), or null. */
function findPersistedQueryMistake(persistedQuery: unknown, query: string | undefined): string | null {
  const place = 'extensions.persistedQuery';
  const given = asObject(persistedQuery);
  if (!given) return `${place}: expected an object, got ${kindOf(persistedQuery)}.`;
  const { version, sha256Hash } = given;
  if (version !== 1) return `${place}.version: expected 1, got ${typeof version === 'number' ? version : kindOf(version)}.`;
  if (typeof sha256Hash !== 'string' || !/^[0-9a-f]{64}$/.test(sha256Hash)) {
    return `${place}.sha256Hash: expected the SHA-256 of the query as 64 hexadecimal digits in lowercase, got something else.`;
  }
  if (query === undefined || createHash('sha256').update(query).digest('hex') === sha256Hash) return null;
  return `${place}.sha256Hash: expected the SHA-256 of the query, got that of another text.`;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return kinds[typeof value] ?? 'something else';
}

const kinds: Readonly<Record<string, string>> = { string: 'text', number: 'a number', boolean: 'a boolean', object: 'an object' };

function asObject(value: unknown): Record<string, unknown> | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
