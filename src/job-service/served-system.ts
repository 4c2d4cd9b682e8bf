import type { ActionableSystem } from '../actions/actionable-system.ts';
import type { SystemState } from '../jobs/system-state.ts';
import type { ListableSystem } from '../listing/listable-system.ts';

/** A system for callers' operations: it can read and list jobs, and perform actions. */
export interface ServedSystem extends ListableSystem, ActionableSystem {
  state: SystemState;
}
