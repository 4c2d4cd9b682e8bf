import { GraphQLError } from 'graphql';
import { controlCharacter, maxJobIdLength } from '../../jobs/job-id.ts';
import { toBoundedText } from '../../jobs/storable-text.ts';

/** The maximum number of job IDs in one mutation, and of references in one `_entities`. */
export const maxActions = 2000;
/** The maximum number of characters of a reason, of a name or text in a filter, and of an ID other than a job's. */
export const maxTextLength = 1_000;
const maxIdempotencyKeyLength = 200;

/** The error for an argument that no system could accept. `message`: path, expected, got. */
export function badUserInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** The input of an action on jobs, as sent. */
export interface SentActionInput {
  ids: unknown;
  reason: unknown;
  idempotencyKey: unknown;
}

/** Throws if a text or the number of IDs exceeds its limit. The schema rejects values of wrong types. */
export function checkActionInput({ ids, reason, idempotencyKey }: SentActionInput): void {
  if (Array.isArray(ids)) assertIds(ids, maxActions, 'input.ids');
  if (typeof reason === 'string') checkReason(reason, 'input.reason');
  if (typeof idempotencyKey === 'string') checkIdempotencyKey(idempotencyKey);
}

/** Throws unless the text has at most 1,000 characters and no control characters except line breaks and tabs. */
export function checkReason(reason: string, argument: string): void {
  assertStorableText(reason, argument);
  if (controlCharacterInText.test(reason)) throw badUserInput(`${argument}: expected text without control characters, got some.`);
}

// Unlike `controlCharacter`, without line breaks and tabs.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern matches them.
const controlCharacterInText = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** The key, or null without one. Throws unless it has 1 to 200 characters. */
export function checkIdempotencyKey(key: string | null | undefined): string | null {
  if (key === null || key === undefined) return null;
  const argument = 'input.idempotencyKey';
  if (key.length < 1 || key.length > maxIdempotencyKeyLength) {
    throw badUserInput(`${argument}: expected 1 to ${maxIdempotencyKeyLength} characters, got ${key.length}.`);
  }
  assertStorableText(key, argument);
  if (controlCharacter.test(key)) throw badUserInput(`${argument}: expected text without control characters, got some.`);
  return key;
}

/** The ID as responses repeat it: truncated if it is too long for a job. */
export function toShownJobId(id: string): string {
  return id.length > maxJobIdLength ? toBoundedText(id, maxJobIdLength) : id;
}

/** Throws unless the list has 1 to `max` IDs. */
export function assertIds(ids: readonly string[], max: number, argument: string): void {
  assertLength(ids, max, { argument, kind: 'ids' });
}

const maxCallers = 100;

/** Throws unless the list, if there is one, has 1 to 100 callers, whose names the store can keep. */
export function checkCallers(callers: readonly string[] | null | undefined, argument: string): void {
  if (!callers) return;
  assertLength(callers, maxCallers, { argument, kind: 'callers' });
  assertStorableText(callers, argument);
}

/** Throws unless the list has 1 to `max` members. `kind`: what they are, as a plural. */
function assertLength(list: readonly string[], max: number, { argument, kind }: { argument: string; kind: string }): void {
  const expected = `${argument}: expected 1 to ${max} ${kind}`;
  if (list.length === 0) throw badUserInput(`${expected}, got none.`);
  if (list.length > max) throw badUserInput(`${expected}, got ${list.length}. Split them over several requests.`);
}

/** How many rows a list may have. */
export interface RowLimits {
  /** The argument's name. Default: first. */
  argument?: string;
  /** Default: 0. */
  min?: number;
  max: number;
  /** For an argument that is null. */
  byDefault: number;
}

/** The number of rows that the caller asks for. Throws unless it is within the limits. */
export function toRowCount(rows: number | null | undefined, { argument = 'first', min = 0, max, byDefault }: RowLimits): number {
  const count = rows ?? byDefault;
  if (count < min || count > max) throw badUserInput(`${argument}: expected ${min} to ${max}, got ${count}.`);
  return count;
}

/** Throws unless every name is known. `kind`: what the names identify. */
export function checkNames(
  asked: readonly string[] | null | undefined,
  known: Iterable<string>,
  { argument, kind }: { argument: string; kind: string },
): void {
  if (!asked) return;
  const names = new Set(known);
  const unknown = asked.find((name) => !names.has(name));
  if (unknown === undefined) return;
  throw badUserInput(`${argument}: expected a ${kind} (${[...names].join(', ') || 'none'}), got "${unknown.slice(0, 100)}".`);
}

/** Throws if the text, or one in the lists of an object, has more than 1,000 characters or contains what the store can't keep. */
export function assertStorableText(value: unknown, argument: string): void {
  forEachText(value, argument, (text, place) => {
    checkLength(text, place);
    if (!text.isWellFormed()) throw badUserInput(`${place}: expected valid Unicode text, got half of a surrogate pair.`);
    if (text.includes('\0')) throw badUserInput(`${place}: expected text without the character NUL (U+0000), got some.`);
  });
}

/** Throws if the text, or one in the lists of an object, has more than 1,000 characters. */
export function checkLengths(value: unknown, argument: string): void {
  forEachText(value, argument, checkLength);
}

function checkLength(text: string, argument: string): void {
  if (text.length > maxTextLength) throw badUserInput(`${argument}: expected at most ${maxTextLength} characters, got ${text.length}.`);
}

function forEachText(value: unknown, argument: string, check: (text: string, argument: string) => void): void {
  if (typeof value === 'string') check(value, argument);
  else if (Array.isArray(value)) for (const part of value) forEachText(part, argument, check);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) forEachText(part, `${argument}.${name}`, check);
  }
}
