import type { JobAction, JobFilter, JobStatus } from '../api/generated/graphql.ts';
import { jobActions, jobStatuses } from '../ui/status.ts';
import { defaultOrder, type Order, orders } from './orders.ts';

/** Columns that can be turned on and off. */
export const columns = ['system', 'owner', 'created', 'duration', 'now', 'id', 'scope', 'started', 'finished', 'waited', 'vendor'] as const;
export type Column = (typeof columns)[number];
const defaultColumns: readonly Column[] = ['system', 'owner', 'created', 'duration', 'now'];

/** What the address of the page Jobs says. */
export interface JobsView {
  text: string;
  systems: readonly string[];
  statuses: readonly JobStatus[];
  types: readonly string[];
  owners: readonly string[];
  scopes: readonly string[];
  /** `24h`, `7d`, or a time. `all`: no limit. */
  since: string;
  until: string | null;
  can: JobAction | null;
  order: Order;
  columns: readonly Column[];
}

const defaultSince = '24h';
const hourMs = 3_600_000;
const minuteMs = 60_000;

export function readView(search: string): JobsView {
  const parameters = new URLSearchParams(search);
  const pick = <T extends string>(name: string, known: readonly T[]): T[] =>
    known.filter((value) => parameters.getAll(name).includes(value));
  const chosen = (parameters.get('cols') ?? '').split(',');
  return {
    text: parameters.get('q') ?? '',
    systems: parameters.getAll('system'),
    statuses: pick('status', jobStatuses),
    types: parameters.getAll('type'),
    owners: parameters.getAll('owner'),
    scopes: parameters.getAll('scope'),
    since: readSince(parameters) ?? defaultSince,
    until: parameters.getAll('until').find(isTime) ?? null,
    can: pick('can', jobActions)[0] ?? null,
    order: pick('order', orders)[0] ?? defaultOrder,
    columns: parameters.has('cols') ? columns.filter((column) => chosen.includes(column)) : defaultColumns,
  };
}

/** The period that an address says: `24h`, `7d`, a time, or `all`. Null: none that is valid. */
export function readSince(parameters: URLSearchParams): string | null {
  return parameters.getAll('since').find((since) => since === 'all' || periodPattern.test(since) || isTime(since)) ?? null;
}

const periodPattern = /^(\d{1,5})([hd])$/;
const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));

/** The parameters of the address, without those that say the default. */
export function writeView(view: JobsView): string {
  const parameters = new URLSearchParams();
  const lists = { system: view.systems, status: view.statuses, type: view.types, owner: view.owners, scope: view.scopes };
  if (view.text !== '') parameters.set('q', view.text);
  for (const [name, values] of Object.entries(lists)) for (const value of values) parameters.append(name, value);
  if (view.since !== defaultSince) parameters.set('since', view.since);
  if (view.until !== null) parameters.set('until', view.until);
  if (view.can !== null) parameters.set('can', view.can);
  if (view.order !== defaultOrder) parameters.set('order', view.order);
  if (view.columns.join() !== defaultColumns.join()) parameters.set('cols', view.columns.join(','));
  return parameters.toString();
}

/** The start of a period that ends at `nowMs`. Null: none. To the minute, so that callers who list at the same time share a scan. */
export function toCreatedFrom(since: string, nowMs: number): string | null {
  const period = periodPattern.exec(since);
  if (!period) return isTime(since) ? new Date(since).toISOString() : null;
  const ms = Number(period[1]) * (period[2] === 'd' ? 24 * hourMs : hourMs);
  return new Date(Math.floor((nowMs - ms) / minuteMs) * minuteMs).toISOString();
}

/** The filter of the list. Its times hold from `nowMs` on, as cursors are valid for one filter only. */
export function toFilter(view: JobsView, nowMs: number): JobFilter {
  const filter: JobFilter = {};
  if (view.text !== '') filter.text = view.text;
  if (view.systems.length > 0) filter.systemIds = [...view.systems];
  if (view.statuses.length > 0) filter.statuses = [...view.statuses];
  if (view.types.length > 0) filter.types = [...view.types];
  if (view.owners.length > 0) filter.owners = [...view.owners];
  if (view.scopes.length > 0) filter.scopes = [...view.scopes];
  const createdFrom = toCreatedFrom(view.since, nowMs);
  if (createdFrom !== null) filter.createdFrom = createdFrom;
  if (view.until !== null) filter.createdTo = new Date(view.until).toISOString();
  if (view.can !== null) filter.availableAction = view.can;
  return filter;
}

/** A view of the same period and columns, with every other condition gone. */
export function clearView(view: JobsView): JobsView {
  return { ...readView(''), order: view.order, columns: view.columns };
}

/** Whether the view has a condition other than the default period. */
export function isNarrowed(view: JobsView): boolean {
  return writeView({ ...view, order: defaultOrder, columns: defaultColumns }) !== '';
}
