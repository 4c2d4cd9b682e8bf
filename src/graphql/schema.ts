import { buildSubgraphSchema, type GraphQLSchemaModule } from '@apollo/subgraph';
import { GraphQLError, GraphQLScalarType, type GraphQLSchema, isUnionType, parse } from 'graphql';
import { introspectionOff } from './error-format.ts';
import { entityTypeOf, resolveEntities } from './resolvers/entities.ts';
import { resolvers } from './resolvers/index.ts';
import { type GatewayProfile, printSdl, readTypeDefinitions } from './type-definitions.ts';

/** The library's type of resolvers. */
type ResolverMap = NonNullable<GraphQLSchemaModule['resolvers']>;

/** Creates the executable schema: a federation subgraph. `sdl`: what gateways get; null: nothing. */
export function createSchema({ sdl }: { sdl: GatewayProfile | null }): GraphQLSchema {
  // The array form, as the object form drops resolvers of unions and scalars.
  const schema = buildSubgraphSchema([{ typeDefs: parse(readTypeDefinitions()), resolvers: withScalarsOfContract(resolvers) }]);
  const { _entities: entities, _service: service } = schema.getQueryType()?.getFields() ?? {};
  const entityType = schema.getType('_Entity');
  if (!entities || !service || !isUnionType(entityType)) throw new Error('Not a federation subgraph: @apollo/subgraph has changed');
  // The library's own resolver fails the whole list if one representation is invalid.
  entities.resolve = resolveEntities;
  entityType.resolveType = entityTypeOf;
  // Printing it takes milliseconds.
  let printed: { sdl: string } | undefined;
  service.resolve = () => {
    if (sdl === null) throw new GraphQLError(introspectionOff, { extensions: { code: 'FORBIDDEN' } });
    printed ??= { sdl: printSdl(sdl) };
    return printed;
  };
  return schema;
}

/**
 * The library copies every property of a scalar's resolver to the schema's scalar, including the name (DateTimeISO), which introspection
 * then returns. Only the functions are copied here; the name, description, and specification come from schema/.
 */
function withScalarsOfContract(all: object): ResolverMap {
  const entries = Object.entries(all).map(([name, resolver]: [string, unknown]) => {
    if (!(resolver instanceof GraphQLScalarType)) return [name, resolver];
    const { serialize, parseValue, parseLiteral } = resolver;
    return [name, { serialize, parseValue, parseLiteral }];
  });
  // The library's type has no resolvers of unions and scalars, which the library does take.
  return Object.fromEntries(entries) as ResolverMap;
}
