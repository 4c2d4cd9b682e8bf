/**
 * What a caller may do. `jobs:operate`: pause, resume, restart, start. `jobs:logs`: read logs and outputs. `audit:read`: read who performed
 * which action. `documents:any`: send documents that no manifest contains.
 */
export const scopes = [
  'jobs:read',
  'jobs:cancel',
  'jobs:operate',
  'jobs:raw',
  'jobs:logs',
  'systems:read',
  'audit:read',
  'documents:any',
] as const;
export type Scope = (typeof scopes)[number];

/** A scope for all systems (null), or for the listed ones. */
export interface Grant {
  scope: Scope;
  systems: readonly string[] | null;
}

/**
 * A scope as written in a key's list or a token's claim: `jobs:read`, or `jobs:read@SYSTEM` for one system only.
 * Null for anything else. `systems` limits scopes that name no system.
 */
export function parseGrant(text: string, systems: readonly string[] | null): Grant | null {
  const at = text.indexOf('@');
  const scope = scopes.find((candidate) => candidate === (at < 0 ? text : text.slice(0, at)));
  if (!scope) return null;
  const system = text.slice(at + 1);
  if (at < 0) return { scope, systems };
  return system === '' ? null : { scope, systems: [system] };
}
