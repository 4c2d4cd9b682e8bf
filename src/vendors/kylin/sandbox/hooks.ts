import type { JobAction } from './job.ts';

/** Lets a test act in the middle of PUT /jobs/status. */
export interface RaceHooks {
  /** After every check has passed, before the jobs to change are selected. */
  afterChecks?: (ids: readonly string[], action: JobAction) => void;
  /** Before each single job is changed. */
  beforeUpdate?: (id: string, action: JobAction) => void;
}

/** `applied`: the request fails after it took effect. */
export interface UnexpectedFailure {
  applied: boolean;
}

/** What tests can make happen before or instead of a response. */
export interface Hooks {
  readonly hooks: RaceHooks;
  /** The next `times` requests that reach a controller end with HTTP 500 without an error code. Defaults: 1, not applied. */
  failUnexpectedly(options?: { times?: number; applied?: boolean }): void;
  /** Removes and returns the failure of this request. */
  takeFailure(): UnexpectedFailure | undefined;
}

export function createHooks(): Hooks {
  const failures: UnexpectedFailure[] = [];
  return {
    hooks: {},
    failUnexpectedly({ times = 1, applied = false } = {}) {
      for (let count = 0; count < times; count += 1) failures.push({ applied });
    },
    takeFailure: () => failures.shift(),
  };
}
