import fc from 'fast-check';
import type { JobOrder } from '../../src/jobs/adapter.ts';
import type { JobFilter } from '../../src/jobs/filter.ts';
import type { JobStatus } from '../../src/jobs/job.ts';
import {
  cancelSupport,
  connectMemory,
  jobFields,
  type MemoryList,
  type MemoryRow,
  type MemorySystem,
  memoryList,
} from '../jobs/memory-adapter.ts';
import { belongs } from '../listing/arbitraries.ts';

/** One seed is one world: systems, what their vendors do badly, what changes while a caller reads, and what the caller requests. */
export interface World {
  systems: ListPlan[][];
  /** One is taken before each request to a vendor, in turn. */
  changes: Change[];
  filter: JobFilter;
  order: JobOrder;
  /** The size of each page, in turn. */
  pageSizes: number[];
  /** A process that has forgotten what it read before serves each of these pages. */
  forgets: boolean;
}

interface ListPlan
  extends Pick<
    MemoryList,
    'ordered' | 'precisionMs' | 'shuffled' | 'filters' | 'counts' | 'tellsLimit' | 'paging' | 'maxRows' | 'miscount'
  > {
  /** One in so many rows is never returned; 0: none. */
  hidesEvery: number;
  rows: { createdMs: number; ageMs: number; status: JobStatus; spot: number; hasTime: boolean }[];
}

/** What happens to one job of one list, named by numbers that are taken modulo what there is. */
export interface Change {
  kind: 'APPEAR' | 'APPEAR_OLD' | 'START' | 'END' | 'VANISH' | 'VANISH_MANY' | 'NOTHING';
  system: number;
  list: number;
  row: number;
}

const startMs = 1_700_000_000_000;

const plans: fc.Arbitrary<ListPlan> = fc.record({
  ordered: fc.boolean(),
  precisionMs: fc.constantFrom(0, 1_000, 2_000),
  shuffled: fc.boolean(),
  filters: fc.constantFrom<MemoryList['filters'][]>('ALL', 'STATUSES', 'NONE'),
  counts: fc.boolean(),
  tellsLimit: fc.boolean(),
  paging: fc.constantFrom<MemoryList['paging'][]>('TOKEN', 'ROW_NUMBER', 'ROW_NUMBER'),
  maxRows: fc.constantFrom(1, 2, 3, 5, 8, 20, 1_000),
  miscount: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-3, 4) }),
  hidesEvery: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(2, 5) }),
  rows: fc.array(
    fc.record({
      // Many of the same second, and some of the same millisecond.
      createdMs: fc.oneof(
        fc.integer({ min: 0, max: 12 }).map((step) => step * 500),
        fc.integer({ min: 0, max: 30_000 }),
      ),
      ageMs: fc.integer({ min: 0, max: 3 }).map((step) => step * 500),
      status: fc.constantFrom<JobStatus>('RUNNING', 'RUNNING', 'QUEUED', 'SUCCEEDED'),
      spot: fc.nat({ max: 1_000 }),
      hasTime: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    }),
    { maxLength: 40 },
  ),
});

const changes: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('APPEAR', 'APPEAR_OLD', 'START', 'END', 'VANISH', 'VANISH_MANY', 'NOTHING', 'NOTHING'),
  system: fc.nat({ max: 10 }),
  list: fc.nat({ max: 10 }),
  row: fc.nat({ max: 100 }),
});

export const worlds: fc.Arbitrary<World> = fc.record({
  systems: fc.array(fc.array(plans, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
  changes: fc.array(changes, { maxLength: 12 }),
  filter: fc.constantFrom<JobFilter[]>(
    {},
    {},
    { statuses: ['RUNNING'] },
    { statuses: ['QUEUED', 'SUCCEEDED'] },
    { availableAction: 'CANCEL' },
    { text: '1' },
    { createdFrom: new Date(startMs + 2_000) },
    { createdTo: new Date(startMs + 4_000) },
  ),
  order: fc.record<JobOrder>({
    field: fc.constantFrom('CREATED_AT', 'CREATED_AT', 'STARTED_AT', 'FINISHED_AT'),
    direction: fc.constantFrom('DESC', 'DESC', 'ASC'),
  }),
  pageSizes: fc.array(fc.constantFrom(1, 2, 3, 5, 10, 50), { minLength: 1, maxLength: 3 }),
  forgets: fc.boolean(),
});

export interface LivingWorld {
  connected: MemorySystem[];
  /** The ids of the jobs that matched at every moment until now. */
  staying(): Set<string>;
  /** Clears what another process wouldn't know. */
  forget(): void;
}

/** Brings a world to life. Before each request to a vendor, something may change. */
export function bringToLife({ systems, changes, filter, order }: World): LivingWorld {
  let nowMs = startMs + 60_000;
  let turn = 0;
  const lists = systems.map((plansOfSystem, systemIndex) =>
    plansOfSystem.map((plan, listIndex) => {
      // A vendor sorts by no time that jobs get later.
      const ordered = plan.ordered && order.field === 'CREATED_AT';
      const rows = plan.rows.map((row, index) => toRow(`${systemIndex}-${listIndex}-${index}`, row));
      // A count that is too small can't be detected, unless the response has the maximum size.
      const miscount = plan.miscount < 0 && !plan.tellsLimit ? 0 : plan.miscount;
      const { hidesEvery, ...settings } = { ...plan, miscount };
      // Only the vendor's own count reveals hidden rows.
      const revealsHidden = plan.counts && plan.paging === 'ROW_NUMBER' && miscount === 0;
      const isHidden = ({ spot }: MemoryRow): boolean => revealsHidden && hidesEvery > 0 && spot % hidesEvery === 0;
      return memoryList({ ...settings, ordered, name: `list ${listIndex}`, rows, hides: isHidden, beforeRead: () => change() });
    }),
  );
  const idOf = (systemIndex: number, row: MemoryRow): string => `system-${systemIndex}:${row.fields.vendorId}`;
  const matching = (): Set<string> =>
    new Set(
      lists.flatMap((ofSystem, index) =>
        ofSystem.flatMap(({ rows }) => rows.filter(({ fields }) => belongs(filter, fields)).map((row) => idOf(index, row))),
      ),
    );
  let staying = matching();

  function change(): void {
    const next = changes[turn % Math.max(1, changes.length)];
    turn += 1;
    if (!next || turn > 3 * changes.length) return;
    nowMs += 400;
    apply(next);
    staying = staying.intersection(matching());
  }

  function apply({ kind, system, list, row }: Change): void {
    const target = lists[system % lists.length]?.[list % (lists[system % lists.length]?.length ?? 1)];
    if (!target) throw new Error('No such list');
    const index = row % Math.max(1, target.rows.length);
    const found = target.rows[index];
    if (kind === 'APPEAR' || kind === 'APPEAR_OLD') {
      const createdAt = new Date(kind === 'APPEAR' ? nowMs : startMs + (row % 20) * 300);
      target.rows.push({ spot: (row * 37) % 1_000, fields: jobFields(`new-${turn}`, { createdAt, status: 'QUEUED' }) });
    } else if (kind === 'VANISH' || kind === 'VANISH_MANY') target.rows.splice(index, kind === 'VANISH' ? 1 : 5);
    else if (found && kind === 'START' && found.fields.status === 'QUEUED') {
      found.fields = { ...found.fields, status: 'RUNNING', startedAt: new Date(nowMs) };
    } else if (found && kind === 'END' && found.fields.status === 'RUNNING') {
      found.fields = { ...found.fields, status: 'SUCCEEDED', finishedAt: new Date(nowMs) };
    }
  }

  const connect = (): MemorySystem[] =>
    lists.map((ofSystem, index) => connectMemory({ id: `system-${index}`, lists: ofSystem, actions: { CANCEL: cancelSupport } }));
  const living: LivingWorld = {
    connected: connect(),
    staying: () => staying,
    forget() {
      living.connected = connect();
    },
  };
  return living;
}

function toRow(id: string, { createdMs, ageMs, status, spot, hasTime }: ListPlan['rows'][number]): MemoryRow {
  const createdAt = hasTime ? new Date(startMs + createdMs) : null;
  const later = (steps: number): Date => new Date(startMs + createdMs + steps * ageMs);
  const startedAt = status === 'QUEUED' ? null : later(1);
  const finishedAt = status === 'SUCCEEDED' ? later(2) : null;
  return { spot, fields: jobFields(id, { status, createdAt, startedAt, finishedAt }) };
}
