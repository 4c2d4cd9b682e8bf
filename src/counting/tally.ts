import { composeText } from '../jobs/filter.ts';
import type { JobFields, JobStatus } from '../jobs/job.ts';
import { toName } from '../jobs/vendor-facts.ts';

/** A fact that jobs can be counted by. */
export type CountedFact = 'status' | 'type' | 'owner' | 'scope';

/** Jobs with the same facts. A fact is null if jobs aren't counted by it, or if it is unknown. */
export interface Cell {
  status: JobStatus | null;
  type: string | null;
  owner: string | null;
  scope: string | null;
}

export type CountedCell = Cell & {
  count: number;
  /** False: there may be more such jobs. */
  isExact: boolean;
};

/** Counts jobs by some of their facts. A job that is added twice counts once, with its later facts. */
export interface Tally {
  add(job: JobFields): void;
  /** The job doesn't match any more. */
  remove(vendorId: string): void;
  cells(isExact: boolean): CountedCell[];
}

export function createTally(by: ReadonlySet<CountedFact>): Tally {
  const cells = new Map<string, Cell>();
  const cellOfJob = new Map<string, Cell>();
  return {
    add(job) {
      const own = cellOf(job, by);
      const key = keyOfCell(own);
      const cell = cells.get(key) ?? own;
      cells.set(key, cell);
      cellOfJob.set(job.vendorId, cell);
    },
    remove: (vendorId) => void cellOfJob.delete(vendorId),
    cells(isExact) {
      const counts = new Map<Cell, number>();
      for (const cell of cellOfJob.values()) counts.set(cell, (counts.get(cell) ?? 0) + 1);
      return Array.from(counts, ([cell, count]) => ({ ...cell, count, isExact }));
    },
  };
}

/** Equal for cells with the same facts. */
export function keyOfCell({ status, type, owner, scope }: Cell): string {
  return JSON.stringify([status, type, owner, scope]);
}

function cellOf({ status, type, owner, scope, shownScope }: JobFields, by: ReadonlySet<CountedFact>): Cell {
  return {
    status: by.has('status') ? status : null,
    type: by.has('type') ? toComposedName(type) : null,
    owner: by.has('owner') ? toComposedName(owner) : null,
    scope: by.has('scope') ? toName(shownScope ?? scope) : null,
  };
}

/** Filters by type and owner can't distinguish the spellings of a name. */
function toComposedName(name: string | null): string | null {
  const bounded = toName(name);
  return bounded === null ? null : composeText(bounded);
}
