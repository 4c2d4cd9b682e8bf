import { toStorableText } from '../jobs/storable-text.ts';
import type { Query } from '../store/store.ts';
import type { NewJobEvent } from './job-event.ts';

/** Events that differ in the job and in when it was sent only: one row of the store. */
export interface EventGroup {
  first: NewJobEvent;
  jobIds: string[];
  /** In the order of jobIds; empty where none was sent. */
  sentAtMs: number[];
}

const mostInGroup = 2_000;
/** Of results that differ from job to job each is a group of its own: looking further back would only take time. */
const mostLookedAt = 8;

/** Groups events of a call; those of one group stay in their order. */
export function groupEvents(events: readonly NewJobEvent[]): EventGroup[] {
  const groups: EventGroup[] = [];
  for (const event of events) {
    let group: EventGroup | undefined;
    for (let index = groups.length - 1; index >= Math.max(0, groups.length - mostLookedAt) && !group; index--) {
      const candidate = groups[index] as EventGroup;
      if (candidate.jobIds.length < mostInGroup && belongTogether(candidate.first, event)) group = candidate;
    }
    if (!group) {
      group = { first: event, jobIds: [], sentAtMs: [] };
      groups.push(group);
    }
    group.jobIds.push(event.jobId);
    if (event.sentAt) group.sentAtMs.push(event.sentAt.getTime());
  }
  return groups;
}

function belongTogether(a: NewJobEvent, b: NewJobEvent): boolean {
  return (
    a.settledAs === b.settledAs &&
    a.message === b.message &&
    a.code === b.code &&
    a.jobStatus === b.jobStatus &&
    a.vendorStatus === b.vendorStatus &&
    a.vendorCode === b.vendorCode &&
    (a.sentAt === null) === (b.sentAt === null) &&
    a.batchId === b.batchId &&
    a.kind === b.kind &&
    a.recordedAt === b.recordedAt &&
    a.systemId === b.systemId &&
    a.caller === b.caller &&
    a.action === b.action &&
    a.reason === b.reason &&
    a.requestId === b.requestId &&
    a.operationName === b.operationName &&
    a.bulkOperationId === b.bulkOperationId
  );
}

/** A reason stands in the event of each of its jobs. The audit's file has it whole. */
const longestText = 1_000;

/** Name and type of each column of jobyard.event_group that is given, and what of a group goes there. */
const columns: readonly (readonly [name: string, type: string, toValue: (event: NewJobEvent) => string | null])[] = [
  ['kind', 'text', ({ kind }) => kind],
  ['recorded_at', 'timestamptz', ({ recordedAt }) => recordedAt.toISOString()],
  ['batch_id', 'uuid', ({ batchId }) => batchId],
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
  ['settled_as', 'text', ({ settledAs }) => settledAs],
  ['code', 'text', ({ code }) => code],
  ['message', 'text', ({ message }) => shorten(message)],
];
const names = columns.map(([name]) => name).join(', ');

function shorten(text: string | null): string | null {
  if (text === null) return null;
  return toStorableText(text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text);
}

/**
 * Stores groups in their order, and notes those whose end is still to be seen.
 * RESTART is left out of those: its effect shows only beside a copy from before.
 * All job ids come in one list, of which each group has a part: lists in a list would have to be of one length.
 */
const insertWhere = (condition: string): string => `
  with given as (
    select ${names}, ($1::text[])[first_job : last_job] as job_ids,
      case when first_sent <= last_sent then ($2::bigint[])[first_sent : last_sent] end as sent_at_ms, position
    from unnest($3::int[], $4::int[], $5::int[], $6::int[], ${columns.map(([, type], index) => `$${index + 8}::${type}[]`).join(', ')})
      with ordinality as row (first_job, last_job, first_sent, last_sent, ${names}, position)
  ),
  stored as (
    insert into jobyard.event_group (${names}, job_ids, sent_at_ms)
    select ${names}, job_ids, sent_at_ms from given where ${condition} order by position
    returning id, system_id, action, settled_as, job_ids, sent_at_ms
  )
  insert into jobyard.open_action (group_id, system_id, action, outcome, job_ids, sent_at_ms, due_at)
  select id, system_id, action, settled_as, job_ids, sent_at_ms, now() + interval '1 second' from stored
  where sent_at_ms is not null and settled_as in ('PENDING', 'GONE', 'UNKNOWN') and action <> 'RESTART' and system_id = any($7::text[])
  returning system_id`;
const insertAll = insertWhere('true');
const insertMissing = insertWhere(
  `not exists (
    select from jobyard.event_group as known
    where jobyard.hash_ids(known.job_ids) && jobyard.hash_ids(given.job_ids[1:1]) and known.batch_id = given.batch_id and known.job_ids = given.job_ids
  )`,
);

/**
 * `perhapsStored`: whether a statement before may have stored some of them.
 * Gives the systems, of those that are followed, of actions whose end is still to be seen.
 */
export async function storeGroups(
  query: Query,
  groups: readonly EventGroup[],
  { perhapsStored, followedSystemIds }: { perhapsStored: boolean; followedSystemIds: readonly string[] },
): Promise<Set<string>> {
  const jobIds: string[] = [];
  const sentAtMs: number[] = [];
  const [firstJob, lastJob, firstSent, lastSent]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (const group of groups) {
    firstJob.push(jobIds.length + 1);
    firstSent.push(sentAtMs.length + 1);
    for (const jobId of group.jobIds) jobIds.push(toStorableText(jobId));
    for (const time of group.sentAtMs) sentAtMs.push(time);
    lastJob.push(jobIds.length);
    lastSent.push(sentAtMs.length);
  }
  const values = [
    ...[jobIds, sentAtMs, firstJob, lastJob, firstSent, lastSent, followedSystemIds],
    ...columns.map(([, , toValue]) => groups.map(({ first }) => toValue(first))),
  ];
  const rows = await (perhapsStored
    ? query<{ system_id: string }>(insertMissing, values)
    : query<{ system_id: string }>(insertAll, values, 'store events'));
  return new Set(rows.map(({ system_id }) => system_id));
}
