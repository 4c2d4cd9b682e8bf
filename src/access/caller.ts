// Who is calling, what they may do, and how much of Jobyard's time, memory and connections each of them may use.

import type { Grant, Scope } from '../config/grants.ts';

/** Who is calling, and what they may do on which systems. */
export interface Caller {
  /** For logs and the audit: `key:NAME`, `jwt:SUBJECT` or `anonymous`. Holds no secret. */
  name: string;
  /** Whether the scope is granted for this system; without a system: for any. */
  may(scope: Scope, systemId?: string): boolean;
  /** What the caller may do, as text: the same for two callers only if each may do what the other may. */
  rights: string;
  /** When what proves it ends, in epoch milliseconds; null: never. A connection that stays open ends then. */
  expiresAtMs: number | null;
}

/** Everybody, where no access is configured: everything is allowed. */
export const anonymous: Caller = { name: 'anonymous', may: () => true, rights: 'everything', expiresAtMs: null };

/** Whom this request's vendor requests count for. Without configured access no callers can be told apart, so requests take turns instead. */
export function countsFor({ name }: Caller, requestId: string): string {
  return name === anonymous.name ? `${name} ${requestId}` : name;
}

export function createCaller(name: string, grants: readonly Grant[], expiresAtMs: number | null = null): Caller {
  return {
    name,
    rights: JSON.stringify(Array.from(new Set(grants.map(({ scope, systems }) => JSON.stringify([scope, systems?.toSorted()])))).sort()),
    expiresAtMs,
    may: (scope, systemId) =>
      grants.some(
        (grant) => grant.scope === scope && (systemId === undefined || grant.systems === null || grant.systems.includes(systemId)),
      ),
  };
}
