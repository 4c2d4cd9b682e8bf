import { type ASTNode, GraphQLError, getLocation, Kind, type SourceLocation, visit } from 'graphql';

/**
 * The errors of an execution of `from` as errors of `to`, which has the same nodes but for names and values: with the locations there. A location
 * outside of `from` stays.
 */
export function relocateErrors(errors: readonly GraphQLError[], from: ASTNode, to: ASTNode): GraphQLError[] {
  const locate = createLocate(from, to);
  return errors.map(({ message, path, originalError, extensions, locations }) =>
    Object.assign(new GraphQLError(message, { path, originalError, extensions }), { locations: locations?.map(locate) }),
  );
}

function createLocate(from: ASTNode, to: ASTNode): (location: SourceLocation) => SourceLocation {
  const [before, after] = [nodesOf(from), nodesOf(to)];
  const lineStarts = [0, ...Array.from((from.loc?.source.body ?? '').matchAll(/\r\n|[\n\r]/g), ({ 0: end, index }) => index + end.length)];
  return (location) => {
    const start = (lineStarts[location.line - 1] ?? 0) + location.column - 1;
    const loc = after[before.findIndex((node) => node.loc?.start === start)]?.loc;
    return loc ? getLocation(loc.source, loc.start) : location;
  };
}

/** All nodes in the order of the text, except names: a variable has one, a string and a field without an alias have none or fewer. */
function nodesOf(root: ASTNode): ASTNode[] {
  const nodes: ASTNode[] = [];
  visit(root, { enter: (node) => void (node.kind !== Kind.NAME && nodes.push(node)) });
  return nodes;
}
