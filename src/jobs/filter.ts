import type { JobOrder, JobQuery, ListedJob } from './adapter.ts';
import { checkEligibility } from './eligibility.ts';
import type { JobAction, JobFields, JobStatus } from './job.ts';
import { splitJobId } from './job-id.ts';
import type { JobSystem } from './system.ts';

/** The conditions of a list query. Absent or null: no condition. An empty list matches nothing. */
export interface JobFilter {
  /** systemId:vendorId */
  ids?: readonly string[] | null;
  systemIds?: readonly string[] | null;
  vendors?: readonly string[] | null;
  statuses?: readonly JobStatus[] | null;
  types?: readonly string[] | null;
  owners?: readonly string[] | null;
  scopes?: readonly string[] | null;
  text?: string | null;
  createdFrom?: Date | null;
  createdTo?: Date | null;
  finishedFrom?: Date | null;
  finishedTo?: Date | null;
  availableAction?: JobAction | null;
}

/** The query for one system. */
export interface SystemQuery extends JobQuery {
  /** Only these jobs. They are read by ID, so the adapter's lists don't get this condition. */
  vendorIds: readonly string[] | null;
}

/** The systems that can have matching jobs; the others are not queried. */
export function selectSystems<System extends JobSystem>(systems: readonly System[], filter: JobFilter): System[] {
  const systemIds = filter.systemIds && new Set(filter.systemIds);
  const vendors = filter.vendors && new Set(filter.vendors);
  return systems.filter((system) => {
    if (systemIds && !systemIds.has(system.id)) return false;
    if (vendors && !vendors.has(system.vendor)) return false;
    return !isImpossible(system, matchingStatuses(system, filter), filter);
  });
}

/** The query for one system; null if none of its jobs can match. */
export function toQuery(system: JobSystem, filter: JobFilter, order: JobOrder | null): SystemQuery | null {
  const statuses = matchingStatuses(system, filter);
  if (isImpossible(system, statuses, filter)) return null;
  return {
    vendorIds: filter.ids ? idsOf(system, filter.ids) : null,
    statuses,
    types: filter.types ? spellingsOf(filter.types) : null,
    owners: filter.owners ? spellingsOf(filter.owners) : null,
    scopes: filter.scopes ?? null,
    text: filter.text || null,
    createdFrom: filter.createdFrom ?? null,
    createdTo: filter.createdTo ?? null,
    finishedFrom: filter.finishedFrom ?? null,
    finishedTo: filter.finishedTo ?? null,
    order,
  };
}

/** The vendor's IDs of the jobs of this system, each once. An ID that the vendor can't have is left out: it matches no job. */
function idsOf(system: JobSystem, ids: readonly string[]): readonly string[] {
  const prefix = `${system.id}:`;
  const vendorIds = ids.flatMap((id) => (id.startsWith(prefix) ? splitJobId(id).vendorId : []));
  return [...new Set(vendorIds)].filter((vendorId) => system.adapter.checkVendorId(vendorId) === null);
}

/** An empty list matches nothing, and no scope matches a job of a system without scopes. */
function isImpossible(system: JobSystem, statuses: ReadonlySet<JobStatus> | null, { ids, types, owners, scopes }: JobFilter): boolean {
  if (ids && idsOf(system, ids).length === 0) return true;
  if (scopes && (scopes.length === 0 || !system.adapter.hasScopes)) return true;
  return statuses?.size === 0 || types?.length === 0 || owners?.length === 0;
}

function matchingStatuses(system: JobSystem, filter: JobFilter): ReadonlySet<JobStatus> | null {
  const given = filter.statuses ? new Set(filter.statuses) : null;
  if (!filter.availableAction) return given;
  const possible = new Set(system.adapter.actions[filter.availableAction].allowedStatuses);
  return given ? given.intersection(possible) : possible;
}

/** Composing changes no character before U+0300. */
const changesInNfc = /[\u0300-\uffff]/;
const beyondAscii = /[\u0080-\uffff]/;

/**
 * The spelling in which filters compare a text: Unicode's composed form (NFC), in which "é" as one character equals "e" and an accent.
 */
export function composeText(text: string): string {
  return changesInNfc.test(text) ? text.normalize('NFC') : text;
}

/** The spelling in which `text` compares, ignoring case. */
export function foldText(text: string): string {
  // The lower case of a sigma depends on what follows, and a substring may end in one.
  return composeText(text.toLowerCase()).replaceAll('ς', 'σ');
}

/** Each name composed and decomposed: vendors compare bytes, so a query for one spelling would miss the other. */
function spellingsOf(names: readonly string[]): readonly string[] {
  if (!names.some((name) => beyondAscii.test(name))) return names;
  return [...new Set(names.flatMap((name) => [name, name.normalize('NFC'), name.normalize('NFD')]))];
}

/** `texts`: composed. */
function isOneOf(texts: ReadonlySet<string>, text: string | null): boolean {
  return text !== null && texts.has(composeText(text));
}

/** Checks every condition of the filter, whichever of them the vendor applied. */
export function createMatcher(system: JobSystem, filter: JobFilter, query: SystemQuery): (job: JobFields) => boolean {
  const text = query.text && foldText(query.text);
  // A filter may name 100,000 owners: sets keep the check of each row fast.
  const types = query.types && new Set(query.types.map(composeText));
  const owners = query.owners && new Set(query.owners.map(composeText));
  const isCreatedInRange = createRangeMatcher(query.createdFrom, query.createdTo);
  const isFinishedInRange = createRangeMatcher(query.finishedFrom ?? null, query.finishedTo ?? null);
  const vendorIds = query.vendorIds && new Set(query.vendorIds);
  const scopes = query.scopes && new Set(query.scopes);
  const { availableAction } = filter;
  return (job) => {
    if (query.statuses && !query.statuses.has(job.status)) return false;
    if (types && !isOneOf(types, job.type)) return false;
    if (owners && !isOneOf(owners, job.owner)) return false;
    if (scopes && (job.scope === null || !scopes.has(job.scope))) return false;
    if (text && !foldText(displayName(job)).includes(text) && !foldText(job.vendorId).includes(text)) return false;
    if (vendorIds && !vendorIds.has(job.vendorId)) return false;
    if (!isCreatedInRange(job.createdAt) || !isFinishedInRange(job.finishedAt)) return false;
    return !availableAction || checkEligibility(system.adapter, availableAction, { ...job, systemId: system.id }) === null;
  };
}

/** Whether a time is in the range, whose bounds are inclusive. A job without the time is in no range. */
function createRangeMatcher(from: Date | null, to: Date | null): (time: Date | null) => boolean {
  if (from === null && to === null) return () => true;
  const fromMs = from?.getTime() ?? Number.NEGATIVE_INFINITY;
  const toMs = to?.getTime() ?? Number.POSITIVE_INFINITY;
  return (time) => time !== null && time.getTime() >= fromMs && time.getTime() <= toMs;
}

/** A matcher for rows of a list. It makes their fields only if there are conditions. */
export function createRowMatcher(system: JobSystem, filter: JobFilter, query: SystemQuery): (listed: ListedJob) => boolean {
  if (!filter.availableAction && !hasConditions(query)) return () => true;
  const matches = createMatcher(system, filter, query);
  return (listed) => matches(listed.toFields());
}

function hasConditions({ order: _order, ...conditions }: JobQuery): boolean {
  return Object.values(conditions).some((condition) => condition !== null);
}

/** Whether the query needs more of each row than its ID and creation time. */
export function needsRowFields(query: JobQuery): boolean {
  return hasConditions(query) || (query.order !== null && query.order.field !== 'CREATED_AT');
}

/** The name that people see: the name, else the type, else the vendor's ID. */
export function displayName(job: JobFields): string {
  return job.name ?? job.type ?? job.vendorId;
}
