import { GraphQLError } from 'graphql';

/** The error for an argument that no system could make sense of; `message` says which, what was expected and what came. */
export function badUserInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** The key, or null where there is none. Throws unless it has 1 to 200 characters. */
export function checkIdempotencyKey(key: string | null | undefined): string | null {
  if (key === null || key === undefined) return null;
  if (key.length < 1 || key.length > 200) throw badUserInput(`input.idempotencyKey: expected 1 to 200 characters, got ${key.length}.`);
  checkText(key, 'input.idempotencyKey');
  return key;
}

/** Throws unless the list has 1 to `most` ids. */
export function checkIds(ids: readonly string[], most: number, argument: string): void {
  if (ids.length === 0) throw badUserInput(`${argument}: expected 1 to ${most} ids, got none.`);
  if (ids.length > most) throw badUserInput(`${argument}: expected 1 to ${most} ids, got ${ids.length}. Split them over several requests.`);
}

/** Throws unless every name that is asked is known. `kind`: what a name is the name of. */
export function checkNames(
  asked: readonly string[] | null | undefined,
  known: Iterable<string>,
  { argument, kind }: { argument: string; kind: string },
): void {
  if (!asked) return;
  const names = new Set(known);
  const unknown = asked.find((name) => !names.has(name));
  if (unknown === undefined) return;
  throw badUserInput(`${argument}: there is no ${kind} "${unknown.slice(0, 100)}"; the ${kind}s are ${[...names].join(', ') || 'none'}.`);
}

/** Throws where the text, or one in the lists of an object, holds what the store can't keep. */
export function checkText(value: unknown, argument: string): void {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw badUserInput(`${argument}: expected text of whole characters, got half of a surrogate pair.`);
    if (value.includes('\0')) throw badUserInput(`${argument}: expected text without the character NUL (U+0000), got some.`);
  } else if (Array.isArray(value)) {
    for (const part of value) checkText(part, argument);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) checkText(part, `${argument}.${name}`);
  }
}
