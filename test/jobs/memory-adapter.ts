import {
  type ActionAnswer,
  type ActionSupport,
  type ActionTarget,
  type Call,
  type JobQuery,
  type JobSystemAdapter,
  type ListPage,
  type ListSource,
  type ReadResult,
  type ReadSupport,
  unsupportedAction,
} from '../../src/jobs/adapter.ts';
import { createHealthMonitor } from '../../src/jobs/health.ts';
import type { JobAction, JobFields } from '../../src/jobs/job.ts';
import { createProblem, fail, type Outcome, type Problem, succeed } from '../../src/jobs/problem.ts';
import { createJobReader } from '../../src/jobs/reader.ts';
import type { JobSystem } from '../../src/jobs/system.ts';

/** One list of a vendor that lives in memory. Its rows may be changed at any time, as a vendor's do. */
export interface MemoryList {
  name: string;
  ordered: boolean;
  /** Which conditions of the query the vendor applies; ALL: the list is exact. */
  filters: 'ALL' | 'STATUSES' | 'NONE';
  counts: boolean;
  /** TOKEN: a position is a row, whatever is added or removed before it. ROW_NUMBER: it is a number, and rows move past it. */
  paging: 'TOKEN' | 'ROW_NUMBER';
  /** Most rows of one page, however many are asked for. */
  mostRows: number;
  /** True: where the last page is full, an empty one follows. */
  endsEmpty: boolean;
  rows: MemoryRow[];
  /** Which of its reads fail, counted from 0. */
  failsAt: ReadonlySet<number>;
  /** Called before each read: what changes while a page is put together. */
  beforeRead?: (count: number) => void;
}

export interface MemoryRow {
  fields: JobFields;
  /** Where it stands among rows where the order does not tell: in an unordered list, and without the time that is sorted by. */
  spot: number;
}

export interface MemoryOptions {
  id?: string;
  lists?: MemoryList[];
  actions?: Partial<Record<JobAction, ActionSupport>>;
  reads?: Partial<ReadSupport>;
  /** Default: true. */
  hasScopes?: boolean;
  concurrency?: number;
  scanLimit?: number;
  nowMs?: () => number;
  onSeen?: Parameters<typeof createJobReader>[0]['onSeen'];
  /** Default: the job as it stands in the lists. */
  answerRead?: (vendorId: string, call: Call) => ReadResult | Promise<ReadResult>;
  answerAction?: (action: JobAction, targets: readonly ActionTarget[], call: Call) => ActionAnswer[] | Promise<ActionAnswer[]>;
  refuseAction?: JobSystemAdapter['refuseAction'];
  refuseVendorId?: JobSystemAdapter['refuseVendorId'];
  getSteps?: JobSystemAdapter['getSteps'];
  getProgress?: JobSystemAdapter['getProgress'];
  getFailure?: JobSystemAdapter['getFailure'];
  check?: JobSystemAdapter['check'];
}

export interface MemorySystem {
  system: JobSystem;
  /** Each page that was read. */
  pages: { list: string; at: string | null; size: number }[];
  /** The ids of each read by id. */
  reads: (readonly string[])[];
  /** The ids of each request for an action. */
  sent: (readonly string[])[];
}

export const down: Problem = createProblem('SYSTEM_UNAVAILABLE', 'The system is down.');

export function connectMemory(options: MemoryOptions = {}): MemorySystem {
  const { id = 'memory', lists = [], concurrency = 4, scanLimit = 10_000 } = options;
  const pages: MemorySystem['pages'] = [];
  const reads: MemorySystem['reads'] = [];
  const sent: MemorySystem['sent'] = [];
  const readsOf = new Map<string, number>();

  const readById = (vendorId: string): ReadResult => {
    const row = lists.flatMap((list) => list.rows).find(({ fields }) => fields.vendorId === vendorId);
    return row ? { kind: 'job', job: { ...row.fields } } : { kind: 'absent' };
  };

  const adapter: JobSystemAdapter = {
    actions: {
      CANCEL: unsupportedAction,
      PAUSE: unsupportedAction,
      RESUME: unsupportedAction,
      RESTART: unsupportedAction,
      START: unsupportedAction,
      ...options.actions,
    },
    reads: { maxBatchSize: null, minIntervalMs: 0, scanFrom: null, ...options.reads },
    hasScopes: options.hasScopes ?? true,
    refuseVendorId: options.refuseVendorId ?? (() => null),
    getJobs(vendorIds, call) {
      reads.push(vendorIds);
      return Promise.all(vendorIds.map((vendorId) => options.answerRead?.(vendorId, call) ?? readById(vendorId)));
    },
    listJobs: (query) =>
      lists.map(
        (list): ListSource => ({
          name: list.name,
          ordered: list.ordered,
          exact: list.filters === 'ALL',
          async readPage(at, size, call) {
            const count = readsOf.get(list.name) ?? 0;
            readsOf.set(list.name, count + 1);
            list.beforeRead?.(count);
            pages.push({ list: list.name, at, size });
            if (call.signal.aborted || list.failsAt.has(count)) return fail(down);
            return readMemoryPage(list, query, at, size);
          },
        }),
      ),
    async act(action, targets, call) {
      const objection = call.beforeSend?.();
      if (objection) return targets.map(() => ({ kind: 'notSent', problem: objection }));
      sent.push(targets.map(({ vendorId }) => vendorId));
      if (!options.answerAction) throw new Error('No action was expected');
      return options.answerAction(action, targets, call);
    },
    check: options.check ?? (async () => null),
    close: async () => {},
    ...(options.refuseAction && { refuseAction: options.refuseAction }),
    ...(options.getSteps && { getSteps: options.getSteps }),
    ...(options.getFailure && { getFailure: options.getFailure }),
    ...(options.getProgress && { getProgress: options.getProgress }),
  };

  const { nowMs = Date.now, onSeen = () => {} } = options;
  const readerOptions = { systemId: id, adapter, concurrency, scanLimit, nowMs, onSeen };
  const system: JobSystem = {
    id,
    vendor: 'memory',
    title: 'Memory',
    adapter,
    concurrency,
    scanLimit,
    reader: createJobReader(readerOptions),
    health: createHealthMonitor(adapter),
  };
  return { system, pages, reads, sent };
}

function readMemoryPage(list: MemoryList, query: JobQuery, at: string | null, size: number): Outcome<ListPage> {
  const rows = list.rows.filter(({ fields }) => isKept(list, query, fields)).sort((a, b) => compareRows(list, query, a, b));
  const start = list.paging === 'ROW_NUMBER' ? Number(at ?? 0) : startOf(list, query, rows, at);
  const count = Math.max(1, Math.min(size, list.mostRows));
  const page = rows.slice(start, start + count);
  const last = page.at(-1);
  const hasMore = start + page.length < rows.length || (list.endsEmpty && page.length === count);
  let next: string | null = null;
  if (hasMore && last) {
    next = list.paging === 'ROW_NUMBER' ? String(start + page.length) : writeToken(list, query, last);
  }
  return succeed({
    jobs: page.map(({ fields }) => ({ ...fields })),
    next,
    // As far back as was asked for: from there, a page of fewer rows does not reach the start of this one.
    previous: list.paging === 'ROW_NUMBER' && start > 0 ? String(Math.max(0, start - Math.max(1, Math.min(size, 10)))) : null,
    totalCount: list.counts ? rows.length : null,
  });
}

function isKept(list: MemoryList, query: JobQuery, fields: JobFields): boolean {
  if (list.filters === 'NONE') return true;
  if (query.statuses && !query.statuses.has(fields.status)) return false;
  return list.filters === 'STATUSES' || meetsQuery(query, fields);
}

/** The conditions of a query but for the status, read from the schema and not from src. */
export function meetsQuery(
  query: Pick<JobQuery, 'types' | 'owners' | 'scopes' | 'text' | 'createdFrom' | 'createdTo'>,
  fields: JobFields,
): boolean {
  const { types, owners, scopes, text, createdFrom, createdTo } = query;
  if (types && !types.some((type) => type === fields.type)) return false;
  if (owners && !owners.some((owner) => owner === fields.owner)) return false;
  if (scopes && !scopes.some((scope) => scope === fields.scope)) return false;
  if (text !== null) {
    const shown = fields.name ?? fields.type ?? fields.vendorId;
    if (![shown, fields.vendorId].some((words) => words.toLowerCase().includes(text.toLowerCase()))) return false;
  }
  if ((createdFrom || createdTo) && !fields.createdAt) return false;
  if (createdFrom && fields.createdAt && fields.createdAt < createdFrom) return false;
  return !(createdTo && fields.createdAt && fields.createdAt > createdTo);
}

export function timeOf(fields: JobFields, field: JobQuery['order']['field']): number | null {
  const times = { CREATED_AT: fields.createdAt, STARTED_AT: fields.startedAt, FINISHED_AT: fields.finishedAt };
  return times[field]?.getTime() ?? null;
}

/** The vendor's own order: by time, a row without one somewhere among them; of equals by id. */
function compareRows(list: MemoryList, query: JobQuery, a: MemoryRow, b: MemoryRow): number {
  return placeOf(list, query, a) - placeOf(list, query, b) || compareTexts(a.fields.vendorId, b.fields.vendorId);
}

function placeOf(list: MemoryList, query: JobQuery, row: MemoryRow): number {
  if (!list.ordered) return row.spot;
  const time = timeOf(row.fields, query.order.field) ?? row.spot;
  return query.order.direction === 'ASC' ? time : -time;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function writeToken(list: MemoryList, query: JobQuery, last: MemoryRow): string {
  return `${placeOf(list, query, last)} ${last.fields.vendorId}`;
}

function startOf(list: MemoryList, query: JobQuery, rows: readonly MemoryRow[], token: string | null): number {
  if (token === null) return 0;
  const space = token.indexOf(' ');
  const place = Number(token.slice(0, space));
  const id = token.slice(space + 1);
  const start = rows.findIndex((row) => {
    const own = placeOf(list, query, row);
    return own > place || (own === place && row.fields.vendorId > id);
  });
  return start < 0 ? rows.length : start;
}

export function memoryList(overrides: Partial<MemoryList> = {}): MemoryList {
  return {
    name: 'jobs',
    ordered: true,
    filters: 'ALL',
    counts: true,
    paging: 'TOKEN',
    mostRows: 1_000,
    endsEmpty: false,
    rows: [],
    failsAt: new Set(),
    ...overrides,
  };
}

export function jobFields(vendorId: string, overrides: Partial<JobFields> = {}): JobFields {
  return {
    vendorId,
    name: `Job ${vendorId}`,
    type: 'load',
    status: 'RUNNING',
    vendorStatus: 'running',
    owner: 'ada',
    createdAt: new Date(1_000_000),
    startedAt: null,
    finishedAt: null,
    durationSeconds: null,
    progress: null,
    scope: null,
    waitSeconds: null,
    dataRange: null,
    raw: () => null,
    ...overrides,
  };
}

/** Rows j0, j1, ... each created a second before the one before it. */
export function memoryRows(count: number, overrides: Partial<JobFields> = {}): MemoryRow[] {
  return Array.from({ length: count }, (_, index) => ({
    fields: jobFields(`j${index}`, { createdAt: new Date(1_000_000_000 - index * 1_000), ...overrides }),
    spot: index,
  }));
}

export function callOf(overrides: Partial<Call> = {}): Call {
  return { signal: new AbortController().signal, credential: null, ...overrides };
}

export function abortedSignal(): AbortSignal {
  return AbortSignal.abort();
}

/** A vendor that cancels one by one, as soon as it is asked. */
export const cancelSupport: ActionSupport = {
  support: 'ONE_BY_ONE',
  fromStatuses: ['QUEUED', 'RUNNING'],
  maxBatchSize: 1,
  completesLater: false,
  repeatIsSafe: true,
  requestSize: 1,
  readsFirst: false,
  acceptedState: null,
  unchangedMeans: 'REFUSED',
};
