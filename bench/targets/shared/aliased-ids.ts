import type { GraphqlRequest } from '../../workloads.ts';

/** The ids that a document of aliases asks for: its variables, in their order, or what is written in it. */
export function aliasedIds({ query, variables }: Pick<GraphqlRequest, 'query' | 'variables'>): string[] {
  if (variables) return Object.values(variables).map(String);
  return Array.from(query.matchAll(/job\(id: "([^"]+)"/g), ([, id]) => id ?? '');
}
