import { isNestedTooDeep, maxCallerNesting } from './nesting.ts';

/** JSON that a caller sent. */
export type CallerJson = { kind: 'json'; value: unknown } | { kind: 'malformed'; message: string };

/** Parses JSON that a caller sent. `message` says why it can't be parsed. */
export function parseCallerJson(json: string | Buffer): CallerJson {
  if (isNestedTooDeep(json, maxCallerNesting)) return { kind: 'malformed', message: nestedTooDeep };
  try {
    return { kind: 'json', value: JSON.parse(json.toString('utf8')) };
  } catch (error) {
    return { kind: 'malformed', message: error instanceof Error ? error.message : 'not JSON' };
  }
}

/** The reason for a rejection, for messages. */
export const nestedTooDeep = `Arrays and objects are nested in more than ${maxCallerNesting} levels.`;
