/**
 * Which jobs a paged list shows, and whether they run or are cancelled. An operation reads, cancels and reads again: after a cancelled
 * generation has been shown once, the next one is there and runs. So every operation meets jobs that it can cancel, at no cost.
 */
export interface Turn {
  /** What the list shows now. */
  generation: number;
  cancelled: boolean;
  /** The last one that was cancelled. */
  lastCancelled: number;
  /** The generation was cancelled. */
  cancel(generation: number): void;
  /** The list was shown. */
  shown(): void;
}

export function createTurn(): Turn {
  return {
    generation: 0,
    cancelled: false,
    lastCancelled: -1,
    cancel(generation) {
      this.cancelled = true;
      this.generation = generation;
      this.lastCancelled = generation;
    },
    shown() {
      if (!this.cancelled) return;
      this.cancelled = false;
      this.generation += 1;
    },
  };
}
