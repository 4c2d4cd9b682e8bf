import { getIntrospectedSchema, minifyIntrospectionQuery } from '@urql/introspection';
import type { IntrospectionQuery } from 'graphql';
import { printSdl } from '../../src/graphql/type-definitions.ts';

/** The schema as graphcache reads it. */
export const introspection: IntrospectionQuery = minifyIntrospectionQuery(getIntrospectedSchema(printSdl('plain')));

/** The members of each union and interface, as Apollo Client reads them. */
export const possibleTypes: Record<string, string[]> = Object.fromEntries(
  introspection.__schema.types.flatMap((type) =>
    'possibleTypes' in type ? [[type.name, type.possibleTypes.map(({ name }) => name)]] : [],
  ),
);
