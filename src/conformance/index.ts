// Conformance: the checks that every adapter must pass.

import { actionChecks } from './action-checks.ts';
import type { Check } from './check.ts';
import { creationChecks } from './creation-checks.ts';
import { listChecks } from './list-checks.ts';
import { logChecks } from './log-checks.ts';
import { oddRowCheck } from './odd-row-check.ts';
import { readChecks } from './read-checks.ts';

/** All checks: first the read-only ones; last, the one that leaves lists incomplete. */
export const checks: readonly Check[] = [...readChecks, ...logChecks, ...listChecks, ...creationChecks, ...actionChecks, oddRowCheck];
