import { createSharedActions } from '../../src/actions/shared-actions.ts';
import type { ServedSystem } from '../../src/job-service/served-system.ts';
import {
  type ActionResponse,
  type ActionSupport,
  type ActionTarget,
  type CallContext,
  type JobOrder,
  type JobQuery,
  type JobSystemAdapter,
  type ListPage,
  type ListPosition,
  type ListSource,
  type ReadResult,
  type ReadSupport,
  toListedJob,
  unsupportedAction,
} from '../../src/jobs/adapter.ts';
import { createHealthMonitor } from '../../src/jobs/health.ts';
import type { JobAction, JobFields } from '../../src/jobs/job.ts';
import { createProblem, fail, type Problem, succeed } from '../../src/jobs/problem.ts';
import { createKnownRowsStore } from '../../src/listing/known-rows.ts';
import { createPagePlaces } from '../../src/listing/list-jobs.ts';
import { createJobReader } from '../../src/reading/reader.ts';
import { createSystemRecord } from '../../src/systems/system-record.ts';

/** One list of a vendor that lives in memory. Its rows may be changed at any time, as a vendor's do. */
export interface MemoryList {
  name: string;
  /** False: in the order of their spots. */
  ordered: boolean;
  /** How exactly an ordered list compares times; it shows them in full. */
  precisionMs: number;
  /** Declared of an ordered list. Default: false. */
  everyJobHasTime?: boolean;
  /** True: rows of equal times come in another order for each position and size. */
  shuffled: boolean;
  /** Which conditions of the query the vendor applies; ALL: the list is exact. */
  filters: 'ALL' | 'STATUSES' | 'NONE';
  counts: boolean;
  /** How many rows more (or less) than there are the vendor counts. */
  miscount: number;
  /** True: a response's limit is the maximum number of rows; false: the requested number. */
  tellsLimit: boolean;
  /** TOKEN: a part begins behind a row, whatever is added or removed before it. ROW_NUMBER: rows have numbers, and move past them. */
  paging: 'TOKEN' | 'ROW_NUMBER';
  /** The maximum number of rows of one page. */
  maxRows: number;
  /** True: if the last page is full, an empty one follows. */
  endsEmpty: boolean;
  rows: MemoryRow[];
  /** Rows that the vendor counts but never returns. */
  hides?: (row: MemoryRow) => boolean;
  /** Which of its reads fail, counted from 0. */
  failsAt: ReadonlySet<number>;
  /** Called before each read: what changes while a page is put together. */
  beforeRead?: (count: number) => void;
}

export interface MemoryRow {
  fields: JobFields;
  /** The position among rows that the order doesn't decide: in an unordered list, or without the sort time. */
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
  maxCopies?: number;
  nowMs?: () => number;
  onRead?: Parameters<typeof createJobReader>[0]['onRead'];
  /** False: the vendor has none. Default: true. */
  hasReadsById?: boolean;
  /** Default: the job as in the lists. */
  answerRead?: (vendorId: string, call: CallContext) => ReadResult | Promise<ReadResult>;
  answerAction?: (action: JobAction, targets: readonly ActionTarget[], call: CallContext) => ActionResponse[] | Promise<ActionResponse[]>;
  refuseAction?: JobSystemAdapter['checkEligibility'];
  checkVendorId?: JobSystemAdapter['checkVendorId'];
  resolveInconclusive?: JobSystemAdapter['resolveInconclusive'];
  getSteps?: JobSystemAdapter['getSteps'];
  getProgress?: JobSystemAdapter['getProgress'];
  getFailure?: JobSystemAdapter['getFailure'];
  logs?: JobSystemAdapter['logs'];
  check?: JobSystemAdapter['checkHealth'];
}

export interface MemorySystem {
  system: ServedSystem;
  /** Each page that was read. */
  pages: { list: string; part: string | null; row: number; count: number }[];
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
    return row ? { kind: 'job', job: { ...row.fields } } : { kind: 'notFound' };
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
    checkVendorId: options.checkVendorId ?? (() => null),
    ...(options.hasReadsById !== false && {
      getJobs(vendorIds, call) {
        reads.push(vendorIds);
        return Promise.all(vendorIds.map((vendorId) => options.answerRead?.(vendorId, call) ?? readById(vendorId)));
      },
    }),
    listJobs: (query) =>
      lists.map(
        (list): ListSource => ({
          name: list.name,
          order:
            list.ordered && query.order
              ? { by: 'QUERY', precisionMs: list.precisionMs, ...(list.everyJobHasTime && { everyJobHasTime: true }) }
              : { by: 'FIXED' },
          exact: list.filters === 'ALL',
          counts: list.counts,
          numbered: list.paging === 'ROW_NUMBER',
          async readPage({ part, row }, count, call) {
            const reads = readsOf.get(list.name) ?? 0;
            readsOf.set(list.name, reads + 1);
            list.beforeRead?.(reads);
            pages.push({ list: list.name, part, row, count });
            if (call.signal.aborted || list.failsAt.has(reads)) return fail(down);
            return succeed(readMemoryPage(list, query, { part, row }, count));
          },
        }),
      ),
    async performAction(action, targets, call) {
      const objection = call.beforeSend?.();
      if (objection) return targets.map(() => ({ kind: 'notSent', problem: objection }));
      sent.push(targets.map(({ vendorId }) => vendorId));
      if (!options.answerAction) throw new Error('No action was expected');
      return options.answerAction(action, targets, call);
    },
    checkHealth: options.check ?? (async () => null),
    close: async () => {},
    ...(options.refuseAction && { checkEligibility: options.refuseAction }),
    ...(options.resolveInconclusive && { resolveInconclusive: options.resolveInconclusive }),
    ...(options.getSteps && { getSteps: options.getSteps }),
    ...(options.getFailure && { getFailure: options.getFailure }),
    ...(options.logs && { logs: options.logs }),
    ...(options.getProgress && { getProgress: options.getProgress }),
  };

  const { nowMs = Date.now, onRead = () => {} } = options;
  // Room for 10,000 copies takes longer to make than most tests take.
  const readerOptions = { systemId: id, adapter, concurrency, scanLimit, maxCopies: options.maxCopies ?? 500, nowMs, onRead };
  const system: ServedSystem = {
    id,
    vendor: 'memory',
    title: 'Memory',
    adapter,
    concurrency,
    scanLimit,
    reader: createJobReader(readerOptions),
    pagePlaces: createPagePlaces(concurrency),
    knownRows: createKnownRowsStore(),
    sharedActions: createSharedActions(),
    health: createHealthMonitor(adapter),
    state: createSystemRecord(Date.now, 0, () => {}),
  };
  return { system, pages, reads, sent };
}

function readMemoryPage(list: MemoryList, query: JobQuery, { part, row }: ListPosition, count: number): ListPage {
  const size = Math.max(1, Math.min(count, list.maxRows));
  const shuffle = list.shuffled && list.paging === 'ROW_NUMBER' ? `${part} ${row} ${size}` : '';
  const rows = sortRows(list, query, shuffle);
  const start = list.paging === 'ROW_NUMBER' ? row : startOf(list, query, rows, part);
  const page = rows.slice(start, start + size);
  const last = page.at(-1);
  const hasMore = start + page.length < rows.length || (list.endsEmpty && page.length === size);
  const isNumbered = list.paging === 'ROW_NUMBER';
  return {
    rows: page.filter((shown) => !list.hides?.(shown)).map(({ fields }) => toListedJob(fields)),
    firstRow: isNumbered ? start : 0,
    limit: isNumbered ? (list.tellsLimit || !list.counts ? size : count) : null,
    total: list.counts ? Math.max(0, rows.length + list.miscount) : null,
    nextPart: !isNumbered && hasMore && last ? writeToken(list, query, last) : null,
    frontier: null,
  };
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

export function timeOf(fields: JobFields, field: JobOrder['field']): number | null {
  const times = { CREATED_AT: fields.createdAt, STARTED_AT: fields.startedAt, FINISHED_AT: fields.finishedAt };
  return times[field]?.getTime() ?? null;
}

/** The vendor's own order: by time, a row without one somewhere among them; of equals by id, or by chance. */
function sortRows(list: MemoryList, query: JobQuery, shuffle: string): MemoryRow[] {
  return list.rows
    .filter(({ fields }) => isKept(list, query, fields))
    .map((row) => {
      const dated = isDated(list, query, row);
      return { row, place: placeOf(list, query, row), dated, chance: shuffle && dated ? scramble(row.fields.vendorId + shuffle) : 0 };
    })
    .sort(
      (a, b) =>
        a.place - b.place ||
        Number(a.dated) - Number(b.dated) ||
        a.chance - b.chance ||
        compareTexts(a.row.fields.vendorId, b.row.fields.vendorId),
    )
    .map(({ row }) => row);
}

/** A pseudorandom number that is the same each time (FNV-1a). */
function scramble(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

function placeOf(list: MemoryList, query: JobQuery, row: MemoryRow): number {
  if (!list.ordered || !query.order) return row.spot;
  const time = timeOf(row.fields, query.order.field);
  const place = time === null ? row.spot : list.precisionMs === 0 ? time : Math.floor(time / list.precisionMs) * list.precisionMs;
  return query.order.direction === 'ASC' ? place : -place;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function writeToken(list: MemoryList, query: JobQuery, last: MemoryRow): string {
  return `${placeOf(list, query, last)} ${isDated(list, query, last) ? 1 : 0} ${last.fields.vendorId}`;
}

function startOf(list: MemoryList, query: JobQuery, rows: readonly MemoryRow[], token: string | null): number {
  if (token === null) return 0;
  const [, place, dated, id = ''] = /^(\S+) (\d) (.*)$/s.exec(token) ?? [];
  const start = rows.findIndex((row) => {
    const distance = placeOf(list, query, row) - Number(place) || Number(isDated(list, query, row)) - Number(dated);
    return distance > 0 || (distance === 0 && row.fields.vendorId > id);
  });
  return start < 0 ? rows.length : start;
}

function isDated({ ordered }: MemoryList, { order }: JobQuery, { fields }: MemoryRow): boolean {
  return ordered && order !== null && timeOf(fields, order.field) !== null;
}

export function memoryList(overrides: Partial<MemoryList> = {}): MemoryList {
  return {
    name: 'jobs',
    ordered: true,
    precisionMs: 0,
    shuffled: false,
    filters: 'ALL',
    counts: true,
    miscount: 0,
    tellsLimit: true,
    paging: 'TOKEN',
    maxRows: 1_000,
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

export function callOf(overrides: Partial<CallContext> = {}): CallContext {
  return { caller: 'test', signal: new AbortController().signal, credential: null, ...overrides };
}

export function abortedSignal(): AbortSignal {
  return AbortSignal.abort();
}

/** A vendor that cancels one job per request, at once. */
export const cancelSupport: ActionSupport = {
  support: 'ONE_BY_ONE',
  allowedStatuses: ['QUEUED', 'RUNNING'],
  maxBatchSize: 1,
  asynchronous: false,
  safeToRetry: true,
  requestSize: 1,
  readBeforeAction: false,
  acceptedState: null,
  unchangedOutcome: 'VENDOR_REJECTED',
};
