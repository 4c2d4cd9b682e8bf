import type { Caller } from '../access/caller.ts';
import { type Permissions, scopeOf } from '../jobs/permissions.ts';

/** Translates a caller's scopes into permissions. */
export function permissionsOf(caller: Caller): Permissions {
  return {
    mayRead: (systemId) => caller.may('jobs:read', systemId),
    mayReadRaw: (systemId) => caller.may('jobs:raw', systemId),
    mayReadLogs: (systemId) => caller.may('jobs:logs', systemId),
    mayReadEvents: (systemId) => caller.may('audit:read', systemId),
    mayAct: (systemId, action) => caller.may(scopeOf(action), systemId),
    maySeeSystem: (systemId) => caller.may('systems:read', systemId),
  };
}
