// Access: who calls, what they may do, and how much of Jobyard's time, memory, and connections each caller may use.

import { type Grant, type Scope, scopes } from '../config/grants.ts';

/** An authenticated caller, and its scopes per system. */
export interface Caller {
  /** For logs and the audit: `key:NAME`, `jwt:SUBJECT`, or `anonymous`. Never secret. */
  name: string;
  /** Whether the scope is granted for this system. Without `systemId`: for any system. */
  may(scope: Scope, systemId?: string): boolean;
  /** The granted scopes, each once, in the order of `scopes`. */
  grants: readonly Grant[];
  /** The granted scopes as text, equal for two callers only if their scopes are equal. */
  permissionsKey: string;
  /** When the credential expires, in epoch milliseconds. Null: never. Open connections of the caller end then. */
  expiresAtMs: number | null;
}

/** Every caller while access control is off: all scopes, except that manifests of documents still apply. */
export const anonymous: Caller = createCaller(
  'anonymous',
  scopes.filter((scope) => scope !== 'documents:any').map((scope) => ({ scope, systems: null })),
);

/**
 * The name that a request's vendor requests are queued under. While access control is off, callers can't be distinguished, so each request
 * counts as a caller.
 */
export function countsFor({ name }: Caller, requestId: string): string {
  return name === anonymous.name ? `${name} ${requestId}` : name;
}

export function createCaller(name: string, granted: readonly Grant[], expiresAtMs: number | null = null): Caller {
  const grants = scopes.flatMap((scope) => mergeGrants(granted.filter((grant) => grant.scope === scope)) ?? []);
  return {
    name,
    grants,
    permissionsKey: JSON.stringify(grants),
    expiresAtMs,
    may: (scope, systemId) =>
      grants.some(
        (grant) => grant.scope === scope && (systemId === undefined || grant.systems === null || grant.systems.includes(systemId)),
      ),
  };
}

/** One grant for all grants of a scope; null if there are none. */
function mergeGrants(grants: readonly Grant[]): Grant | null {
  const [first] = grants;
  if (!first) return null;
  if (grants.some(({ systems }) => systems === null)) return { scope: first.scope, systems: null };
  return { scope: first.scope, systems: Array.from(new Set(grants.flatMap(({ systems }) => systems ?? []))).sort() };
}
