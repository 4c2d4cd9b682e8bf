import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';

/** An error in the configuration, on one line: path, expected, got. */
export type ConfigError = string;

/** One line per error, each starting with its path (`jobyard.yaml: systems[0].url: …`). `knownKeys` are suggested for unknown keys. */
export function toConfigErrors(error: z.ZodError, place: string, input: unknown, knownKeys: readonly string[] = []): ConfigError[] {
  return error.issues.flatMap((issue) => describeIssue(issue, place, input, knownKeys));
}

function describeIssue(issue: z.core.$ZodIssue, place: string, input: unknown, knownKeys: readonly string[]): ConfigError[] {
  const where = joinPlace(place, issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${joinPlace(where, [key])}: unknown key${suggest(key, knownKeys)}`);
  }
  if (issue.code === 'custom' && issue.params?.includesValue) return [`${where}: ${issue.message}`];
  // Zod's default messages also include the value, in another format.
  const expected = issue.message.replace(/^Invalid input: (expected .+), received .+$/, '$1');
  return [`${where}: ${expected}, got ${describeValue(valueAt(input, issue.path))}`];
}

/** " (did you mean …?)" with the nearest known word; if none is near, all known words. */
export function suggest(word: string, known: readonly string[]): string {
  const nearest = known.map((candidate) => ({ candidate, away: distance(word, candidate) })).sort((a, b) => a.away - b.away)[0];
  if (!nearest) return '';
  return nearest.away <= Math.max(2, word.length / 3) ? ` (did you mean "${nearest.candidate}"?)` : ` (known: ${known.join(', ')})`;
}

function joinPlace(place: string, path: readonly PropertyKey[]): string {
  let text = place;
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : `${text.endsWith(': ') ? '' : '.'}${String(step)}`;
  return text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const step of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  return value;
}

/** The value on one line. Omits the contents of lists and objects, and anything that may be a password in a URL. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value).replace(/[^\s"/@]*:[^\s"/@]*@/g, '…@');
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
