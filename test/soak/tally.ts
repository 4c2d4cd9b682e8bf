/** What may not happen. */
export const faultKinds = ['transportErrors', 'lostResults', 'untrueResults', 'doubleSends', 'unauthorizedSuccesses'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Tally {
  operations: number;
  /** Attempts without the right to it that were turned away. */
  refusals: number;
  /** Results of actions by their type, to check that enough faults occurred. */
  results: Map<string, number>;
  counts: Record<FaultKind, number>;
  /** Counts one, and keeps the first few in words. */
  note(kind: FaultKind, what: string): void;
  examples(): readonly string[];
}

const keptExamples = 20;

export function createTally(): Tally {
  const counts = { transportErrors: 0, lostResults: 0, untrueResults: 0, doubleSends: 0, unauthorizedSuccesses: 0 };
  const examples: string[] = [];
  return {
    operations: 0,
    refusals: 0,
    results: new Map(),
    counts,
    note(kind, what) {
      counts[kind] += 1;
      if (examples.length < keptExamples) examples.push(`${kind}: ${what}`);
    },
    examples: () => examples,
  };
}
