import { buildASTSchema, type GraphQLNamedType, type GraphQLSchema, isSpecifiedScalarType, parse } from 'graphql';
import { readTypeDefinitions } from '../../src/graphql/type-definitions.ts';

/** A schema from SDL, federation's directives left as they are. */
export function buildFromSdl(sdl: string): GraphQLSchema {
  return buildASTSchema(parse(sdl), { assumeValidSDL: true });
}

/** The public schema in schema/. */
export const contract = buildFromSdl(readTypeDefinitions());

/** Its own types: not GraphQL's. */
export function typesOf(schema: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type));
}
