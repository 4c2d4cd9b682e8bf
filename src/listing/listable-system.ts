import type { Places } from '../concurrency/places.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';
import type { KnownRowsStore } from './known-rows.ts';

/** A system whose jobs can be listed. */
export interface ListableSystem extends ReadableSystem {
  /** Limits the memory that a caller's concurrent pages use. */
  pagePlaces: Places;
  /** Rows that are kept from one page of a listing to the next. */
  knownRows: KnownRowsStore;
}
