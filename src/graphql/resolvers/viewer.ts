import type { Caller } from '../../access/caller.ts';
import type { Viewer } from '../generated/resolvers.ts';

/** What a caller is told about itself. */
export function toViewer({ name, grants, expiresAtMs }: Caller): Viewer {
  return {
    name,
    scopes: grants.map(({ scope, systems }) => ({ name: scope, systemIds: systems && [...systems] })),
    expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs),
  };
}
