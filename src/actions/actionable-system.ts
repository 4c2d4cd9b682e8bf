import type { ReadableSystem } from '../reading/readable-system.ts';
import type { SharedActions } from './shared-actions.ts';

/** A system that can perform actions on jobs. */
export interface ActionableSystem extends ReadableSystem {
  /** The actions in progress. */
  sharedActions: SharedActions;
}
