import { unresolvedOutcomes } from '../jobs/outcome.ts';
import { toBoundedText, toStorableText } from '../jobs/storable-text.ts';
import { toStoreTime } from '../store/clocks.ts';
import { isOneOf } from '../store/known-words.ts';
import type { Query } from '../store/store.ts';
import type { EventBatch, EventResult, NewJobEvent } from './job-event.ts';
import { separator, toStem, toStorableId } from './storable-id.ts';

/** Events that differ only in their job and in when it was sent: one row of the store. */
export interface EventGroup {
  first: NewJobEvent;
  jobIds: string[];
  /** In the order of `jobIds`. */
  jobNames: (string | null)[];
  /** In the order of `jobIds`. Null: the action creates no jobs. */
  createdJobIds: (string | null)[] | null;
  /** The times at which jobs were sent, each once, the earliest first; empty if none was. */
  sent: SentTime[];
}

interface SentTime {
  atMs: number;
  /** The position of the first job that was sent at that time, counted from 1. The time applies up to the position of the next one. */
  fromPosition: number;
}

const maxInGroup = 2_000;
/** The maximum number of earlier groups to compare with. Results that differ from job to job form groups of their own anyway. */
const maxCompared = 8;

/** Groups events. The jobs of a group are in the order in which they were sent. */
export function groupEvents(events: readonly NewJobEvent[]): EventGroup[] {
  const groups: EventGroup[] = [];
  for (const event of events.toSorted((a, b) => msOf(a.sentAt) - msOf(b.sentAt))) {
    let group = groups.slice(-maxCompared).findLast(({ first, jobIds }) => jobIds.length < maxInGroup && belongTogether(first, event));
    if (!group) {
      group = { first: event, jobIds: [], jobNames: [], createdJobIds: creates(event) ? [] : null, sent: [] };
      groups.push(group);
    }
    group.jobIds.push(event.jobId);
    group.jobNames.push(event.jobName);
    group.createdJobIds?.push(event.createdJobId ?? null);
    const atMs = event.sentAt?.getTime();
    if (atMs !== undefined && atMs !== group.sent.at(-1)?.atMs) group.sent.push({ atMs, fromPosition: group.jobIds.length });
  }
  return groups;
}

/** Jobs that were not sent come last. */
function msOf(time: Date | null): number {
  return time?.getTime() ?? Number.MAX_SAFE_INTEGER;
}

function belongTogether(a: NewJobEvent, b: NewJobEvent): boolean {
  const isAlike = (a.sentAt === null) === (b.sentAt === null) && creates(a) === creates(b);
  return isAlike && isSameResult(a.result, b.result) && isSameBatch(a.batch, b.batch);
}

function creates({ createdJobId }: NewJobEvent): boolean {
  return createdJobId !== undefined;
}

function isSameResult(a: EventResult, b: EventResult): boolean {
  return (
    a === b ||
    (a.outcome === b.outcome &&
      a.message === b.message &&
      a.code === b.code &&
      a.jobStatus === b.jobStatus &&
      a.vendorStatus === b.vendorStatus &&
      a.vendorCode === b.vendorCode)
  );
}

function isSameBatch(a: EventBatch, b: EventBatch): boolean {
  return (
    a === b ||
    (a.actionId === b.actionId &&
      a.kind === b.kind &&
      a.recordedAt === b.recordedAt &&
      a.systemId === b.systemId &&
      a.caller === b.caller &&
      a.action === b.action &&
      a.reason === b.reason &&
      a.requestId === b.requestId &&
      a.operationName === b.operationName &&
      a.bulkOperationId === b.bulkOperationId)
  );
}

/** The event of each job repeats the reason. The audit log has it in full. */
const maxText = 1_000;

/** The name, type, and value of each column of jobyard.event_group that is written. */
const columns: readonly (readonly [name: string, type: string, toValue: (event: EventBatch & EventResult) => string | null])[] = [
  ['kind', 'text', ({ kind }) => kind],
  ['recorded_at', 'timestamptz', ({ recordedAt }) => recordedAt.toISOString()],
  ['batch_id', 'uuid', ({ actionId }) => actionId],
  ['system_id', 'text', ({ systemId }) => systemId],
  ['caller', 'text', ({ caller }) => toStorableText(caller)],
  ['action', 'text', ({ action }) => action],
  ['reason', 'text', ({ reason }) => shorten(reason)],
  ['request_id', 'text', ({ requestId }) => requestId],
  ['operation_name', 'text', ({ operationName }) => shorten(operationName)],
  ['bulk_operation_id', 'text', ({ bulkOperationId }) => bulkOperationId],
  ['job_status', 'text', ({ jobStatus }) => jobStatus],
  ['vendor_status', 'text', ({ vendorStatus }) => shorten(vendorStatus)],
  ['vendor_code', 'text', ({ vendorCode }) => shorten(vendorCode)],
  ['settled_as', 'text', ({ outcome }) => outcome],
  ['code', 'text', ({ code }) => code],
  ['message', 'text', ({ message }) => shorten(message)],
];
const names = columns.map(([name]) => name).join(', ');

function shorten(text: string | null): string | null {
  return text === null ? null : toBoundedText(text, maxText);
}

/**
 * Stores groups in their order, and adds unresolved actions to jobyard.open_action. An unresolved action that was not sent (a cancel of a job
 * that is being canceled) counts from the time at which it was recorded.
 * RESTART is not tracked: its effect shows only in comparison with an earlier copy. Neither is an action that creates a job: it never shows on
 * the job that it names.
 */
const insertWhere = (condition: string): string => `
  with given as (
    select ${names}, string_to_array(jobs, '${separator}') as job_ids, string_to_array(job_names, '${separator}', '') as job_names,
      string_to_array(created, '${separator}', '') as created_job_ids, string_to_array(times, ',')::bigint[] as sent_at_ms,
      string_to_array(positions, ',')::bigint[] as sent_from,
      array(select hashtext(stem) from unnest(string_to_array(stems, '${separator}')) as stem) as id_hashes, position
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $6::text[], $7::text[],
        ${columns.map(([, type], index) => `$${index + 8}::${type}[]`).join(', ')})
      with ordinality as row (jobs, stems, times, positions, job_names, created, ${names}, position)
  ),
  stored as (
    insert into jobyard.event_group (${names}, job_ids, job_names, created_job_ids, id_hashes, sent_at_ms, sent_from)
    select ${names}, job_ids, job_names, created_job_ids, id_hashes, sent_at_ms, sent_from from given where ${condition} order by position
    returning id, system_id, action, settled_as, job_ids, created_job_ids, recorded_at, sent_at_ms, sent_from
  )
  insert into jobyard.open_action (group_id, system_id, action, outcome, job_ids, sent_at_ms, due_at)
  select id, system_id, action, settled_as, job_ids[first : coalesce(next - 1, cardinality(job_ids))], sent_ms, now() + interval '1 second'
  from stored cross join lateral (
    select sent_ms, first, lead(first) over (order by first) as next
    from unnest(coalesce(sent_at_ms, array[extract(epoch from recorded_at) * 1000]::bigint[]), coalesce(sent_from, array[1])) as sent (sent_ms, first)
  ) as sent
  where ${isOneOf('settled_as', unresolvedOutcomes)} and action <> 'RESTART' and created_job_ids is null and system_id = any($5::text[])
  order by id, first
  returning system_id`;
const insertAll = insertWhere('true');
const insertMissing = insertWhere(
  `not exists (
    select from jobyard.event_group as known
    where known.id_hashes && given.id_hashes[1:1] and known.batch_id = given.batch_id and known.job_ids = given.job_ids
  )`,
);

/** An empty text stands for null. */
function toStorableList(texts: readonly (string | null)[]): string {
  return texts.map((text) => toStorableText(text ?? '').replaceAll(separator, '\uFFFD')).join(separator);
}

/**
 * `perhapsStored`: whether an earlier statement may have stored some of them. `aheadMs`: how far the store's clock, whose times are stored, is ahead.
 * Returns the tracked systems that have unresolved actions among them.
 */
export async function storeGroups(
  query: Query,
  groups: readonly EventGroup[],
  { perhapsStored, trackedSystemIds, aheadMs }: { perhapsStored: boolean; trackedSystemIds: readonly string[]; aheadMs: number },
): Promise<Set<string>> {
  const events = groups.map(({ first: { batch, result } }) => ({
    ...batch,
    ...result,
    recordedAt: toStoreTime(batch.recordedAt, aheadMs),
  }));
  const lists = groups.map(({ jobIds }) => jobIds.map(toStorableId));
  const values = [
    lists.map((jobIds) => jobIds.join(separator)),
    lists.map((jobIds) => Array.from(new Set(jobIds.map(toStem))).join(separator)),
    groups.map(({ sent }) => (sent.length > 0 ? sent.map(({ atMs }) => atMs + aheadMs).join() : null)),
    groups.map(({ sent }) => (sent.length > 0 ? sent.map(({ fromPosition }) => fromPosition).join() : null)),
    trackedSystemIds,
    groups.map(({ jobNames }) => (jobNames.some((name) => name !== null) ? toStorableList(jobNames) : null)),
    groups.map(({ createdJobIds }) => createdJobIds && toStorableList(createdJobIds)),
    ...columns.map(([, , toValue]) => events.map(toValue)),
  ];
  const rows = await (perhapsStored
    ? query<{ system_id: string }>(insertMissing, values)
    : query<{ system_id: string }>(insertAll, values, 'store events'));
  return new Set(rows.map(({ system_id }) => system_id));
}
