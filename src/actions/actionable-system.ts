import type { ReadableSystem } from '../reading/readable-system.ts';
import type { SharedActions } from './shared-actions.ts';

/** A system whose jobs can be acted on. */
export interface ActionableSystem extends ReadableSystem {
  /** Its actions in progress. */
  sharedActions: SharedActions;
}
