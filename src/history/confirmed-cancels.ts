/** Storable IDs of the jobs whose last cancel was confirmed: the last `maxJobs` that were remembered. */
export interface ConfirmedCancels {
  readonly isEmpty: boolean;
  has(storableId: string): boolean;
  remember(storableIds: Iterable<string>): void;
  forget(storableId: string): void;
}

export function createConfirmedCancels(maxJobs: number): ConfirmedCancels {
  /** The oldest first. */
  const ids = new Set<string>();
  return {
    get isEmpty() {
      return ids.size === 0;
    },
    has: (id) => ids.has(id),
    remember(storableIds) {
      for (const id of storableIds) {
        ids.delete(id);
        ids.add(id);
      }
      for (const oldest of ids) {
        if (ids.size <= maxJobs) return;
        ids.delete(oldest);
      }
    },
    forget: (id) => void ids.delete(id),
  };
}
