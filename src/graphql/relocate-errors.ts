import { type ASTNode, GraphQLError, Kind, type SourceLocation, visit } from 'graphql';

/** Converts an error of one text to an error of another, with this path. */
export type RelocateError = (error: GraphQLError, path?: GraphQLError['path']) => GraphQLError;

/**
 * Converts errors that are located in `from` to errors of `to`, which has the same nodes, except for names and the values of arguments. Other
 * locations stay.
 */
export function createRelocateError(from: ASTNode, to: ASTNode): RelocateError {
  const after = locationsOf(to);
  const afterOf = new Map(locationsOf(from).map((location, index) => [keyOf(location), after[index]] as const));
  const locate = (location: SourceLocation): SourceLocation => afterOf.get(keyOf(location)) ?? location;
  return ({ message, path: before, originalError, extensions, locations }, path = before) =>
    Object.assign(new GraphQLError(message, { path, originalError, extensions }), { locations: locations?.map(locate) });
}

/** Where the nodes start, except names: a variable has one, a string has none. */
function locationsOf(root: ASTNode): SourceLocation[] {
  const locations: SourceLocation[] = [];
  visit(root, {
    enter({ kind, loc }) {
      if (kind !== Kind.NAME && loc) locations.push({ line: loc.startToken.line, column: loc.startToken.column });
    },
  });
  return locations;
}

function keyOf({ line, column }: SourceLocation): string {
  return `${line}:${column}`;
}
