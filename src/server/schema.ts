import { readdirSync, readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { resolvers } from '../resolvers/index.ts';

const folder = new URL('../../schema/', import.meta.url);

/** The public contract as text: all files of schema/. */
export function readTypeDefinitions(): string {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
}

/** The executable schema. The array form keeps union and scalar resolvers that the object form drops. */
export function createSchema(): GraphQLSchema {
  return buildSubgraphSchema([{ typeDefs: parse(readTypeDefinitions()), resolvers: resolvers as never }]);
}
