import { GraphQLError } from 'graphql';

/** The error for an argument that no system could make sense of; `message` says which, what was expected and what came. */
export function badUserInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** Throws unless the list has 1 to `most` ids. */
export function checkIds(ids: readonly string[], most: number, argument: string): void {
  if (ids.length === 0) throw badUserInput(`${argument}: expected 1 to ${most} ids, got none.`);
  if (ids.length > most) throw badUserInput(`${argument}: expected 1 to ${most} ids, got ${ids.length}. Split them over several requests.`);
}
