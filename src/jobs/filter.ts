import type { JobOrder, JobQuery, ListedJob } from './adapter.ts';
import { checkEligibility } from './eligibility.ts';
import type { JobAction, JobFields, JobStatus } from './job.ts';
import type { JobSystem } from './system.ts';

/** What a caller wants listed. Absent or null: no condition. An empty list matches nothing. */
export interface JobFilter {
  systemIds?: readonly string[] | null;
  vendors?: readonly string[] | null;
  statuses?: readonly JobStatus[] | null;
  types?: readonly string[] | null;
  owners?: readonly string[] | null;
  scopes?: readonly string[] | null;
  text?: string | null;
  createdFrom?: Date | null;
  createdTo?: Date | null;
  availableAction?: JobAction | null;
}

/** The systems that can hold matches; the others are not asked. */
export function selectSystems<System extends JobSystem>(systems: readonly System[], filter: JobFilter): System[] {
  const systemIds = filter.systemIds && new Set(filter.systemIds);
  const vendors = filter.vendors && new Set(filter.vendors);
  return systems.filter((system) => {
    if (systemIds && !systemIds.has(system.id)) return false;
    if (vendors && !vendors.has(system.vendor)) return false;
    return !isImpossible(system, wantedStatuses(system, filter), filter);
  });
}

/** What to ask of one system; null where none of its jobs can match. */
export function toQuery(system: JobSystem, filter: JobFilter, order: JobOrder | null): JobQuery | null {
  const statuses = wantedStatuses(system, filter);
  if (isImpossible(system, statuses, filter)) return null;
  return {
    statuses,
    types: filter.types ? spellingsOf(filter.types) : null,
    owners: filter.owners ? spellingsOf(filter.owners) : null,
    scopes: filter.scopes ?? null,
    text: filter.text || null,
    createdFrom: filter.createdFrom ?? null,
    createdTo: filter.createdTo ?? null,
    order,
  };
}

/** An empty list matches nothing, and no scope matches a job of a system without scopes. */
function isImpossible(system: JobSystem, statuses: ReadonlySet<JobStatus> | null, { types, owners, scopes }: JobFilter): boolean {
  if (scopes && (scopes.length === 0 || !system.adapter.hasScopes)) return true;
  return statuses?.size === 0 || types?.length === 0 || owners?.length === 0;
}

function wantedStatuses(system: JobSystem, filter: JobFilter): ReadonlySet<JobStatus> | null {
  const asked = filter.statuses ? new Set(filter.statuses) : null;
  if (!filter.availableAction) return asked;
  const possible = new Set(system.adapter.actions[filter.availableAction].allowedStatuses);
  return asked ? asked.intersection(possible) : possible;
}

/** No character before U+0300 is changed by composing. */
const mayChange = /[\u0300-\uffff]/;
const beyondAscii = /[\u0080-\uffff]/;

/**
 * A text in the one spelling in which filters compare it: Unicode's composed form (NFC), so that an "é" of one character equals an "e" with
 * an accent behind it.
 */
export function composeText(text: string): string {
  return mayChange.test(text) ? text.normalize('NFC') : text;
}

/** The same, ignoring case: how `text` compares. */
export function foldText(text: string): string {
  // Lower case depends on what follows a sigma, and a part of a word may end in it.
  return composeText(text.toLowerCase()).replaceAll('ς', 'σ');
}

/** Each name composed and decomposed: a vendor compares bytes, and an adapter that asks it for one spelling would miss the other. */
function spellingsOf(names: readonly string[]): readonly string[] {
  if (!names.some((name) => beyondAscii.test(name))) return names;
  return [...new Set(names.flatMap((name) => [name, name.normalize('NFC'), name.normalize('NFD')]))];
}

/** Whether the job's word is one of these, which are composed. */
function isOneOf(words: ReadonlySet<string>, word: string | null): boolean {
  return word !== null && words.has(composeText(word));
}

/** Whether a job meets every condition of the filter, whatever the vendor was asked. */
export function createMatcher(system: JobSystem, filter: JobFilter, query: JobQuery): (job: JobFields) => boolean {
  const text = query.text && foldText(query.text);
  // Sets: a hundred thousand owners are asked for once, not once per row.
  const types = query.types && new Set(query.types.map(composeText));
  const owners = query.owners && new Set(query.owners.map(composeText));
  const fromMs = query.createdFrom?.getTime() ?? Number.NEGATIVE_INFINITY;
  const toMs = query.createdTo?.getTime() ?? Number.POSITIVE_INFINITY;
  const dated = query.createdFrom !== null || query.createdTo !== null;
  const scopes = query.scopes && new Set(query.scopes);
  const { availableAction: actionable } = filter;
  return (job) => {
    if (query.statuses && !query.statuses.has(job.status)) return false;
    if (types && !isOneOf(types, job.type)) return false;
    if (owners && !isOneOf(owners, job.owner)) return false;
    if (scopes && (job.scope === null || !scopes.has(job.scope))) return false;
    if (text && !foldText(displayName(job)).includes(text) && !foldText(job.vendorId).includes(text)) return false;
    if (dated) {
      const createdMs = job.createdAt?.getTime();
      if (createdMs === undefined || createdMs < fromMs || createdMs > toMs) return false;
    }
    return !actionable || checkEligibility(system.adapter, actionable, { ...job, systemId: system.id }) === null;
  };
}

/** The same for rows of a list, which are looked into only where there are conditions. */
export function createRowMatcher(system: JobSystem, filter: JobFilter, query: JobQuery): (listed: ListedJob) => boolean {
  if (!filter.availableAction && !hasConditions(query)) return () => true;
  const matches = createMatcher(system, filter, query);
  return (listed) => matches(listed.toFields());
}

function hasConditions({ order: _order, ...conditions }: JobQuery): boolean {
  return Object.values(conditions).some((condition) => condition !== null);
}

/** Whether more is looked at of each row than its ID and its time of creation. */
export function looksIntoRows(query: JobQuery): boolean {
  return hasConditions(query) || (query.order !== null && query.order.field !== 'CREATED_AT');
}

/** What people see: the name, else the type, else the vendor's id. */
export function displayName(job: JobFields): string {
  return job.name ?? job.type ?? job.vendorId;
}
