import fc from 'fast-check';
import type { JobFilter } from '../../src/jobs/filter.ts';
import { type JobFields, type JobStatus, jobStatuses } from '../../src/jobs/job.ts';
import { isUsableVendorId } from '../../src/jobs/job-id.ts';
import type { SortOrder } from '../../src/reading/order.ts';
import {
  cancelSupport,
  connectMemory,
  jobFields,
  type MemoryList,
  type MemoryRow,
  type MemorySystem,
  meetsQuery,
  memoryList,
  timeOf,
} from '../jobs/memory-adapter.ts';

// Few different values, so that equal times and matches are common.
const instants = fc.option(
  fc.integer({ min: 1, max: 6 }).map((seconds) => new Date(seconds * 1_000)),
  { freq: 4 },
);
const types = ['load', 'insert', 'build'];
const owners = ['ada', 'bob'];
const scopes = ['retail', 'Retail'];
/** Anything that can be an id, also what means something to JSON, cursors and sorting. */
const vendorIds = fc
  .oneof(fc.stringMatching(/^[a-zA-Z0-9:]{1,3}$/), fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }))
  .filter((id) => isUsableVendorId('system', id));

type Varied = Pick<
  JobFields,
  'name' | 'type' | 'owner' | 'scope' | 'status' | 'createdAt' | 'startedAt' | 'finishedAt' | 'updatedAt' | 'durationSeconds'
>;
const fieldsArbitrary: fc.Arbitrary<Varied> = fc.record({
  name: fc.option(fc.constantFrom('Nightly load', 'nightly report', 'Refresh')),
  type: fc.option(fc.constantFrom(...types), { freq: 4 }),
  owner: fc.option(fc.constantFrom(...owners), { freq: 4 }),
  scope: fc.option(fc.constantFrom(...scopes), { freq: 4 }),
  status: fc.constantFrom<JobStatus>('RUNNING', 'SUCCEEDED', 'QUEUED', 'FAILED'),
  createdAt: instants,
  startedAt: instants,
  finishedAt: instants,
  updatedAt: instants,
  durationSeconds: fc.option(fc.constantFrom(0, 0.1, 2, 3_600)),
});

export const orders: fc.Arbitrary<SortOrder> = fc.record({
  // Times twice: vendors sort by them, too.
  field: fc.constantFrom(
    ...(['CREATED_AT', 'STARTED_AT', 'FINISHED_AT', 'CREATED_AT', 'STARTED_AT', 'FINISHED_AT'] as const),
    ...(['UPDATED_AT', 'NAME', 'STATUS', 'DURATION'] as const),
  ),
  direction: fc.constantFrom('ASC', 'DESC'),
});

const someOf = <Value>(values: readonly Value[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { freq: 1 });

export const filters: fc.Arbitrary<JobFilter> = fc.oneof(
  fc.constant<JobFilter>({}),
  fc.record<JobFilter>({
    statuses: someOf(jobStatuses.slice(1, 3).concat('SUCCEEDED', 'FAILED')),
    types: someOf(types),
    owners: someOf(owners),
    scopes: someOf(scopes),
    text: fc.option(fc.constantFrom('NIGHT', 'a', ''), { freq: 1 }),
    createdFrom: fc.option(fc.constantFrom(new Date(2_000), new Date(3_000)), { freq: 1 }),
    createdTo: fc.option(fc.constantFrom(new Date(4_000), new Date(5_000)), { freq: 1 }),
    finishedFrom: fc.option(fc.constantFrom(new Date(2_000), new Date(3_000)), { freq: 1 }),
    finishedTo: fc.option(fc.constantFrom(new Date(4_000), new Date(5_000)), { freq: 1 }),
    availableAction: fc.option(fc.constant('CANCEL'), { freq: 1 }),
  }),
);

export interface ListSettings {
  /** Rows of an ordered list may lack the time that is sorted by. */
  keyless?: boolean;
  failing?: boolean;
  paging?: MemoryList['paging'];
  ordered?: boolean;
  /** False: a response may be too small for all jobs of nearly one time, so that no overlap proves that none is left out. Default: true. */
  roomy?: boolean;
}

function lists(settings: ListSettings): fc.Arbitrary<MemoryList> {
  return fc
    .record({
      ordered: settings.ordered === undefined ? fc.boolean() : fc.constant(settings.ordered),
      filters: fc.constantFrom<MemoryList['filters'][]>('ALL', 'STATUSES', 'NONE'),
      counts: fc.boolean(),
      paging: settings.paging === undefined ? fc.constantFrom<MemoryList['paging'][]>('TOKEN', 'ROW_NUMBER') : fc.constant(settings.paging),
      precisionMs: fc.constantFrom(0, 0, 1_000),
      shuffled: fc.boolean(),
      tellsLimit: fc.boolean(),
      maxRows: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(1_000)),
      endsEmpty: fc.boolean(),
      rows: fc.array(fc.record({ fields: fieldsArbitrary, spot: fc.integer({ min: 0, max: 7_000 }) }), { maxLength: 25 }),
      declaresTimes: fc.boolean(),
      failsAt: settings.failing ? fc.uniqueArray(fc.nat({ max: 8 }), { maxLength: 5 }) : fc.constant<number[]>([]),
    })
    .map(({ rows, failsAt, endsEmpty, maxRows, declaresTimes, ...list }) => ({
      ...list,
      everyJobHasTime:
        declaresTimes &&
        (settings.keyless === false || rows.every(({ fields }) => fields.createdAt && fields.startedAt && fields.finishedAt)),
      maxRows: settings.roomy === false ? maxRows : Math.max(maxRows, crowdOf(rows.map(({ fields }) => fields)) + 2),
      name: '',
      miscount: 0,
      // Of an exact list the contract promises rows wherever `next` leads.
      endsEmpty: endsEmpty && (list.filters !== 'ALL' || !list.ordered),
      failsAt: new Set(failsAt),
      rows: rows.map((row): MemoryRow => {
        const spare = settings.keyless === false ? new Date(3_500) : null;
        const { createdAt, startedAt, finishedAt } = row.fields;
        const times = { createdAt: createdAt ?? spare, startedAt: startedAt ?? spare, finishedAt: finishedAt ?? spare };
        return { spot: row.spot, fields: jobFields('', { ...row.fields, ...times }) };
      }),
    }));
}

/** The most jobs of one list whose times are so close that the vendor may list them in any order. */
function crowdOf(rows: readonly Varied[]): number {
  const crowds = (['createdAt', 'startedAt', 'finishedAt'] as const).flatMap((field) => {
    const times = rows.flatMap((row) => (row[field] ?? new Date(3_500)).getTime());
    return times.map((from) => times.filter((time) => time >= from && time <= from + 3_000).length);
  });
  return Math.max(0, ...crowds);
}

/** One to three systems of one to three lists each. Every job is in one list, and has an id of its own in its system. */
export function memorySystems(settings: ListSettings = {}): fc.Arbitrary<MemoryList[][]> {
  return fc.array(fc.array(lists(settings), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }).chain((systems) => {
    const count = systems.flat().reduce((sum, list) => sum + list.rows.length, 0);
    return fc.uniqueArray(vendorIds, { minLength: count, maxLength: count }).map((ids) => {
      let used = 0;
      return systems.map((ofSystem) =>
        ofSystem.map((list, index) => ({
          ...list,
          name: `list ${index}`,
          rows: list.rows.map(({ fields, spot }) => ({ spot, fields: { ...fields, vendorId: ids[used++] ?? '' } })),
        })),
      );
    });
  });
}

/** Connects them afresh, so that a shrunk counterexample starts from the same state. */
export function connectAll(systems: readonly MemoryList[][], scanLimit = 10_000): MemorySystem[] {
  return systems.map((ofSystem, index) =>
    connectMemory({
      id: `system-${index}`,
      lists: ofSystem.map((list) => memoryList({ ...list, rows: [...list.rows] })),
      scanLimit,
      actions: { CANCEL: cancelSupport },
      refuseAction: (_action, { type }) => (type === 'insert' ? 'An insert runs to its end.' : null),
    }),
  );
}

/** Whether a job belongs in a list with this filter, according to the schema. */
export function belongs(filter: JobFilter, fields: JobFields): boolean {
  if (filter.statuses && !filter.statuses.includes(fields.status)) return false;
  const mayBeCancelled = (fields.status === 'QUEUED' || fields.status === 'RUNNING') && fields.type !== 'insert';
  if (filter.availableAction && !mayBeCancelled) return false;
  if (!isInRange(fields.finishedAt, filter.finishedFrom ?? null, filter.finishedTo ?? null)) return false;
  const { types = null, owners = null, scopes = null, text = null, createdFrom = null, createdTo = null } = filter;
  return meetsQuery({ types, owners, scopes, text, createdFrom, createdTo }, fields);
}

function isInRange(time: Date | null, from: Date | null, to: Date | null): boolean {
  if (!time) return !from && !to;
  return (!from || time >= from) && (!to || time <= to);
}

type Key = number | string | null;

/** What a job is sorted by, according to the schema. */
export function sortValueOf(fields: JobFields, field: SortOrder['field']): Key {
  switch (field) {
    case 'NAME':
      return (fields.name ?? fields.type ?? fields.vendorId).toLowerCase();
    case 'STATUS':
      return ['SCHEDULED', 'QUEUED', 'RUNNING', 'PAUSED', 'CANCELLING', 'CANCELLED', 'SUCCEEDED', 'FAILED', 'UNKNOWN'].indexOf(
        fields.status,
      );
    case 'DURATION': {
      const { durationSeconds, startedAt, finishedAt } = fields;
      if (durationSeconds !== null || !startedAt || !finishedAt || finishedAt < startedAt) return durationSeconds;
      return (finishedAt.getTime() - startedAt.getTime()) / 1_000;
    }
    case 'UPDATED_AT':
      return fields.updatedAt?.getTime() ?? null;
    default:
      return timeOf(fields, field);
  }
}

export interface Expected {
  id: string;
  system: string;
  list: string;
  key: Key;
}

/** Every row that a full walk must give, in no order. */
export function expectedRows(systems: readonly (readonly MemoryList[])[], filter: JobFilter, order: SortOrder): Expected[] {
  return systems.flatMap((ofSystem, index) =>
    ofSystem.flatMap((list) =>
      list.rows
        .filter(({ fields }) => belongs(filter, fields))
        .map(({ fields }) => ({
          id: `system-${index}:${fields.vendorId}`,
          system: `system-${index}`,
          list: list.name,
          key: sortValueOf(fields, order.field),
        })),
    ),
  );
}

/** Whether keys are in order, nulls last. */
export function isSorted(keys: readonly Key[], direction: SortOrder['direction']): boolean {
  return keys.every((key, index) => {
    const before = keys[index - 1];
    if (before === undefined || key === null) return true;
    if (before === null) return false;
    return direction === 'ASC' ? before <= key : before >= key;
  });
}
