import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';

/** A mistake in the configuration: where, what was expected, what came. One line. */
export type ConfigError = string;

/** One line per mistake, each led by its place (`jobyard.yaml: systems[0].url: …`). `knownKeys`: what unknown keys may have meant. */
export function toConfigErrors(error: z.ZodError, place: string, input: unknown, knownKeys: readonly string[] = []): ConfigError[] {
  return error.issues.flatMap((issue) => describeIssue(issue, place, input, knownKeys));
}

function describeIssue(issue: z.core.$ZodIssue, place: string, input: unknown, knownKeys: readonly string[]): ConfigError[] {
  const where = joinPlace(place, issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${joinPlace(where, [key])}: unknown key${suggest(key, knownKeys)}`);
  }
  if (issue.code === 'custom' && issue.params?.saysWhatCame) return [`${where}: ${issue.message}`];
  // Zod's own words, where a schema has none, say what came too: in other words than ours.
  const expected = issue.message.replace(/^Invalid input: (expected .+), received .+$/, '$1');
  return [`${where}: ${expected}, got ${describeValue(valueAt(input, issue.path))}`];
}

/** " (did you mean …?)" with the nearest known word, or the known words where none is near. */
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
  for (const step of path) value = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined;
  return value;
}

/** What came, on one line. Not what stands inside of lists and objects, and not what looks like a password in a URL. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value).replace(/[^\s"/@]*:[^\s"/@]*@/g, '…@');
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
