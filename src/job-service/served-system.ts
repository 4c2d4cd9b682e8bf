import type { ActionableSystem } from '../actions/actionable-system.ts';
import type { ListableSystem } from '../listing/listable-system.ts';

/** A system as callers' operations use it: its jobs can be read, listed and acted on. */
export interface ServedSystem extends ListableSystem, ActionableSystem {}
