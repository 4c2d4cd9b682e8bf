// Conformance: the checks that every adapter must pass.

import { actionChecks } from './action-checks.ts';
import type { Check } from './check.ts';
import { listChecks } from './list-checks.ts';
import { oddRowCheck } from './odd-row-check.ts';
import { readChecks } from './read-checks.ts';

/** What every adapter must do; the read-only checks first, and last the one after which lists are never whole again. */
export const checks: readonly Check[] = [...readChecks, ...listChecks, ...actionChecks, oddRowCheck];
