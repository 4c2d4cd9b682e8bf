import type { Places } from '../concurrency/places.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';
import type { KnownRowsStore } from './known-rows.ts';

/** A system whose jobs can be listed. */
export interface ListableSystem extends ReadableSystem {
  /** For pages that begin to be read: bounds what a caller's many pages hold at one time. */
  pagePlaces: Places;
  /** Kept from one page of a listing to the next. */
  knownRows: KnownRowsStore;
}
