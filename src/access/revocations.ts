import { isDeepStrictEqual } from 'node:util';
import type { AccessSettings } from '../config/access.ts';

/** Ends the open connections of a caller when the caller's access changes. */
export interface Revocations {
  /** Calls `end` once if the access of this caller changes. Returns a function that stops watching. */
  watch(callerName: string, end: () => void): () => void;
  /** Ends the open connections of the callers whose access differs. */
  apply(before: AccessSettings, after: AccessSettings): void;
}

export function createRevocations(): Revocations {
  const open = new Set<{ callerName: string; end: () => void }>();
  return {
    watch(callerName, end) {
      const entry = { callerName, end };
      open.add(entry);
      return () => open.delete(entry);
    },
    apply(before, after) {
      const hasChanged = compareAccess(before, after);
      for (const entry of [...open]) {
        if (!hasChanged(entry.callerName)) continue;
        open.delete(entry);
        entry.end();
      }
    },
  };
}

/** Whether a caller with this name has other scopes, another credential, or no access any more. */
function compareAccess(before: AccessSettings, after: AccessSettings): (callerName: string) => boolean {
  if (!before || !after) return () => before !== after;
  const isJwtChanged = !isDeepStrictEqual(before.jwt, after.jwt);
  const keyAfter = new Map(after.apiKeys.map((key) => [key.name, key]));
  const changedKeys = before.apiKeys.filter((key) => !isDeepStrictEqual(key, keyAfter.get(key.name)));
  const changedCallers = new Set(changedKeys.map(({ name }) => `key:${name}`));
  return (callerName) => (callerName.startsWith('jwt:') ? isJwtChanged : changedCallers.has(callerName));
}
