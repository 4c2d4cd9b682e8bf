import { actionChecks } from './action-checks.ts';
import type { Check } from './check.ts';
import { listChecks } from './list-checks.ts';
import { readChecks } from './read-checks.ts';

/** What every adapter must do; the read-only checks first. */
export const checks: readonly Check[] = [...readChecks, ...listChecks, ...actionChecks];
