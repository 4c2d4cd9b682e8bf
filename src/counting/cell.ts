import type { JobStatus } from '../jobs/job.ts';

/** A fact that jobs can be counted by. */
export type CountedFact = 'status' | 'type' | 'owner' | 'scope';

/** What the jobs of a cell have in common. A fact is null if jobs aren't counted by it, or if it is unknown. */
export interface CellFacts {
  status: JobStatus | null;
  type: string | null;
  owner: string | null;
  scope: string | null;
}

/** The number of jobs with the same facts. */
export interface Cell extends CellFacts {
  count: number;
  /** False: there may be more such jobs. */
  isExact: boolean;
}

const noFacts: Readonly<CellFacts> = { status: null, type: null, owner: null, scope: null };

/** Facts that aren't given are null: jobs aren't counted by them. */
export function toCellFacts(facts: Partial<CellFacts>): CellFacts {
  return { ...noFacts, ...facts };
}

/** These facts only; the others are null. */
export function pickFacts({ status, type, owner, scope }: CellFacts, by: ReadonlySet<CountedFact>): CellFacts {
  return {
    status: by.has('status') ? status : null,
    type: by.has('type') ? type : null,
    owner: by.has('owner') ? owner : null,
    scope: by.has('scope') ? scope : null,
  };
}

/** A cell whose number of jobs is known. */
export function toExactCell(count: number, facts: Partial<CellFacts> = {}): Cell {
  return { ...toCellFacts(facts), count, isExact: true };
}

/** Equal for cells with the same facts. */
export function keyOfCell({ status, type, owner, scope }: CellFacts): string {
  return JSON.stringify([status, type, owner, scope]);
}
