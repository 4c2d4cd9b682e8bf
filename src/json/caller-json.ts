import { isNestedTooDeep, maxCallerNesting } from './nesting.ts';

/** JSON that a caller sent. */
export type CallerJson = { kind: 'json'; value: unknown } | { kind: 'malformed'; message: string };

/** Parses JSON that a caller sent. `message`: why it can't be parsed. */
export function parseCallerJson(json: string | Buffer): CallerJson {
  if (isNestedTooDeep(json, maxCallerNesting)) return { kind: 'malformed', message: nestedTooDeep };
  try {
    return { kind: 'json', value: JSON.parse(json.toString('utf8')) };
  } catch (error) {
    return { kind: 'malformed', message: error instanceof Error ? error.message : 'not JSON' };
  }
}

/** The message for JSON that is nested too deeply. */
export const nestedTooDeep = `Expected at most ${maxCallerNesting} levels of nested arrays and objects, got more.`;
