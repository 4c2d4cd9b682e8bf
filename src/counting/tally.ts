import { composeText } from '../jobs/filter.ts';
import type { JobFields } from '../jobs/job.ts';
import { toName } from '../jobs/vendor-facts.ts';
import { type Cell, type CellFacts, type CountedFact, keyOfCell, pickFacts } from './cell.ts';

/** Counts jobs by some of their facts. A job that is added twice counts once, with its later facts. */
export interface Tally {
  add(job: JobFields): void;
  /** The job doesn't match any more. */
  remove(vendorId: string): void;
  cells(isExact: boolean): Cell[];
}

export function createTally(by: ReadonlySet<CountedFact>): Tally {
  const factsByKey = new Map<string, CellFacts>();
  const factsOfJob = new Map<string, CellFacts>();
  return {
    add(job) {
      const own = pickFacts(factsOf(job), by);
      const key = keyOfCell(own);
      const facts = factsByKey.get(key) ?? own;
      factsByKey.set(key, facts);
      factsOfJob.set(job.vendorId, facts);
    },
    remove: (vendorId) => void factsOfJob.delete(vendorId),
    cells(isExact) {
      const counts = new Map<CellFacts, number>();
      for (const facts of factsOfJob.values()) counts.set(facts, (counts.get(facts) ?? 0) + 1);
      return Array.from(counts, ([facts, count]) => ({ ...facts, count, isExact }));
    },
  };
}

function factsOf({ status, type, owner, scope, shownScope }: JobFields): CellFacts {
  return { status, type: toComposedName(type), owner: toComposedName(owner), scope: toName(shownScope ?? scope) };
}

/** Filters by type and owner can't distinguish the spellings of a name. */
function toComposedName(name: string | null): string | null {
  const bounded = toName(name);
  return bounded === null ? null : composeText(bounded);
}
