import type { JobAction } from './job.ts';
import { createProblem, type Problem } from './problem.ts';

/** What the caller of an operation may do on each system. */
export interface Permissions {
  mayRead(systemId: string): boolean;
  mayReadRaw(systemId: string): boolean;
  /** Logs and outputs: what the jobs' own code wrote. */
  mayReadLogs(systemId: string): boolean;
  mayAct(systemId: string, action: JobAction): boolean;
  mayReadEvents(systemId: string): boolean;
  maySeeSystem(systemId: string): boolean;
}

/** A scope that a caller needs on a system. */
export type RequiredScope = 'jobs:read' | 'jobs:cancel' | 'jobs:operate' | 'jobs:raw' | 'jobs:logs' | 'systems:read' | 'audit:read';

export function scopeOf(action: JobAction): RequiredScope {
  return action === 'CANCEL' ? 'jobs:cancel' : 'jobs:operate';
}

export function accessDenied(scope: RequiredScope, ...systemIds: readonly string[]): Problem {
  const problem = createProblem('ACCESS_DENIED', `Access denied: the scope ${scope} is required on ${systemIds.join(', ')}.`);
  return { ...problem, missingScope: systemIds.length === 1 ? `${scope}@${systemIds[0]}` : scope };
}
