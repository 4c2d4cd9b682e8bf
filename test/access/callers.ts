import { createHash } from 'node:crypto';
import type { AccessSettings } from '../../src/config/access.ts';
import { parseGrant } from '../../src/config/grants.ts';

/** Access for one API key per name, with these scopes. */
export function accessFor(
  callers: Readonly<Record<string, readonly string[]>>,
  systems: readonly string[] | null = null,
): NonNullable<AccessSettings> {
  return {
    apiKeys: Object.entries(callers).map(([name, scopes]) => ({
      name,
      sha256: createHash('sha256').update(keyOf(name)).digest('hex'),
      grants: scopes.map((scope) => {
        const grant = parseGrant(scope, systems);
        if (!grant) throw new Error(`No scope: ${scope}`);
        return grant;
      }),
    })),
    jwt: null,
  };
}

/** The headers that authenticate this caller. */
export function as(name: string): Record<string, string> {
  return { authorization: `Bearer ${keyOf(name)}` };
}

export function keyOf(name: string): string {
  return `jobyard_test-key-of-${name}`;
}
