import type { Attack } from '../attack.ts';
import { actionAttacks } from './actions.ts';
import { connectionAttacks } from './connections.ts';
import { documentAttacks } from './documents.ts';
import { vendorAttacks } from './vendors.ts';

/** Every attack; a new one is a line in one of these lists. */
export const attacks: readonly Attack[] = [...documentAttacks, ...connectionAttacks, ...actionAttacks, ...vendorAttacks];
