import { createStore, type Store } from '../store.ts';

/** The selected jobs, by ID, so that a row that moves takes its selection along. */
export interface Selection {
  ids: Store<ReadonlySet<string>>;
  toggle(id: string): void;
  /** Selects all from the last toggled job to this one. */
  extendTo(id: string, order: readonly string[]): void;
  set(ids: Iterable<string>): void;
  clear(): void;
  /** Returns how many of these were selected. */
  drop(ids: readonly string[]): number;
}

export function createSelection(): Selection {
  const ids = createStore<ReadonlySet<string>>(new Set());
  let anchor: string | null = null;
  return {
    ids,
    toggle(id) {
      const next = new Set(ids.get());
      if (!next.delete(id)) next.add(id);
      anchor = id;
      ids.set(next);
    },
    extendTo(id, order) {
      const from = anchor === null ? -1 : order.indexOf(anchor);
      const to = order.indexOf(id);
      const range = from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
      anchor = id;
      ids.set(new Set([...ids.get(), ...range]));
    },
    set: (all) => ids.set(new Set(all)),
    clear() {
      anchor = null;
      if (ids.get().size > 0) ids.set(new Set());
    },
    drop(gone) {
      const next = new Set(ids.get());
      const count = gone.filter((id) => next.delete(id)).length;
      if (count > 0) ids.set(next);
      return count;
    },
  };
}
