import { type JobAction, type JobStatus, jobActions, jobStatuses } from '../jobs/job.ts';
import { type FollowUpOutcome, followUpOutcomes } from '../jobs/outcome.ts';
import type { ProblemCode } from '../jobs/problem.ts';
import { toStorableText } from '../jobs/storable-text.ts';
import { isOneOf } from '../store/known-words.ts';
import { type RowPage, type RowRange, toRowPage } from '../store/row-range.ts';
import type { Query } from '../store/store.ts';
import { type JobEvent, type JobEventKind, jobEventKinds } from './job-event.ts';
import { toStorableId } from './storable-id.ts';

/** The conditions of an event query; an event must meet all of them. Absent or null: no condition. An empty list matches nothing. */
export interface JobEventFilter {
  jobIds?: readonly string[] | null;
  systemIds?: readonly string[] | null;
  actions?: readonly JobAction[] | null;
  callers?: readonly string[] | null;
  kind?: JobEventKind | null;
  outcomes?: readonly FollowUpOutcome[] | null;
  bulkOperationId?: string | null;
  requestId?: string | null;
  /** Inclusive. */
  recordedFrom?: Date | null;
  /** Inclusive. */
  recordedTo?: Date | null;
}

/** Newest first. */
export type EventPage = RowPage<JobEvent>;

/** Positions are IDs of events. */
export type EventRange = RowRange<string>;

/** A newer replica may store other words; this one leaves those events out. */
const isKnown = [isOneOf('kind', jobEventKinds), isOneOf('action', jobActions), isOneOf('settled_as', followUpOutcomes)].join(' and ');

/** Lists events of these systems that match the filter. */
export async function listEvents(
  query: Query,
  systemIds: readonly string[],
  filter: JobEventFilter,
  range: EventRange,
): Promise<EventPage> {
  const [beyond, direction] = range.isBackward ? ['>', 'asc'] : ['<', 'desc'];
  const values: unknown[] = [systemIds];
  const conditions = ['system_id = any($1::text[])', isKnown];
  const add = (condition: (value: string) => string, value: unknown): void => {
    if (value === null || value === undefined) return;
    values.push(Array.isArray(value) ? value.map(toStorableText) : typeof value === 'string' ? toStorableText(value) : value);
    conditions.push(condition(`$${values.length}`));
  };
  add((list) => `id_hashes && jobyard.hash_ids(${list}::text[]) and job_id = any(${list}::text[])`, filter.jobIds?.map(toStorableId));
  add((list) => `system_id = any(${list}::text[])`, filter.systemIds);
  add((list) => `action = any(${list}::text[])`, filter.actions);
  add((list) => `caller = any(${list}::text[])`, filter.callers);
  add((kind) => `kind = ${kind}`, filter.kind);
  add((list) => `settled_as = any(${list}::text[])`, filter.outcomes);
  add((id) => `bulk_operation_id = ${id}`, filter.bulkOperationId);
  add((id) => `request_id = ${id}`, filter.requestId);
  add((time) => `recorded_at >= ${time}::timestamptz`, filter.recordedFrom);
  add((time) => `recorded_at <= ${time}::timestamptz`, filter.recordedTo);
  add((id) => `group_id ${beyond}= ${id}::bigint / 4096 and id ${beyond} ${id}::bigint`, range.from);
  values.push(range.count + 1);
  const rows = await query<EventRow>(
    `select ${columns} from jobyard.job_event where ${conditions.join(' and ')}
      order by group_id ${direction}, position ${direction} limit $${values.length}`,
    values,
  );
  return toRowPage(rows.map(toEvent), range);
}

/** Lists the events of each of these jobs. */
export async function listEventsOfJobs(query: Query, jobIds: readonly string[], range: EventRange): Promise<Map<string, EventPage>> {
  const [beyond, direction] = range.isBackward ? ['>', 'asc'] : ['<', 'desc'];
  const rows = await query<EventRow>(
    `select * from (
      select ${columns}, row_number() over (partition by job_id order by id ${direction}) as place from jobyard.job_event
      where id_hashes && jobyard.hash_ids($1::text[]) and job_id = any($1::text[]) and ($2::bigint is null or id ${beyond} $2::bigint) and ${isKnown}
    ) as event where place <= $3 order by place`,
    [jobIds.map(toStorableId), range.from, range.count + 1],
  );
  const rowsByJob = Map.groupBy(rows, (row) => row.job_id);
  return new Map(jobIds.map((jobId) => [jobId, toRowPage((rowsByJob.get(toStorableId(jobId)) ?? []).map(toEvent), range)]));
}

/** The maximum number of groups that are read at a time. */
const maxNewGroups = 20;
/** No further group is read with this many events. One group has at most 4,095. */
const enoughNewEvents = 2_000;
/** The maximum number of groups that become visible after groups with greater numbers. */
const maxLateGroups = 200;

/** The numbers of the latest groups. */
export async function listLatestGroups(query: Query): Promise<number[]> {
  const rows = await query<{ id: string }>(`select id from jobyard.event_group order by id desc limit ${maxLateGroups}`);
  return rows.map(({ id }) => Number(id));
}

/** Lists the events of the first groups with greater numbers than `after`, except `seen`: in the order of the groups, about 2,000 at a time. */
export async function listNewEvents(
  query: Query,
  after: number,
  seen: readonly number[],
): Promise<{ group: number; events: JobEvent[] }[]> {
  const rows = await query<EventRow & { group_id: string }>(
    `select ${columns}, group_id from jobyard.job_event where ${isKnown} and group_id in (
      select id from (
        select id, sum(cardinality(job_ids)) over (order by id) - cardinality(job_ids) as events_before
        from (select id, job_ids from jobyard.event_group where id > $1 and id <> all($2::bigint[]) order by id limit ${maxNewGroups}) as next
      ) as counted where events_before < ${enoughNewEvents}
    ) order by group_id, position`,
    [after, seen],
  );
  const byGroup = Map.groupBy(rows, ({ group_id: group }) => Number(group));
  return Array.from(byGroup, ([group, ofGroup]) => ({ group, events: ofGroup.map(toEvent) }));
}

interface EventRow {
  event_id: string;
  kind: JobEventKind;
  recorded_at: Date;
  batch_id: string;
  job_id: string;
  system_id: string;
  caller: string;
  action: JobAction;
  reason: string | null;
  request_id: string | null;
  operation_name: string | null;
  bulk_operation_id: string | null;
  sent: boolean;
  job_status: JobStatus | null;
  vendor_status: string | null;
  vendor_code: string | null;
  settled_as: FollowUpOutcome;
  code: ProblemCode | null;
  message: string | null;
  job_name: string | null;
  created_job_id: string | null;
}

const columns = `id::text as event_id, kind, recorded_at, batch_id, job_id, system_id, caller, action, reason, request_id,
  operation_name, bulk_operation_id, sent, job_status, vendor_status, vendor_code, settled_as, code, message, job_name, created_job_id`;

function toEvent(row: EventRow): JobEvent {
  return {
    id: row.event_id,
    kind: row.kind,
    recordedAt: row.recorded_at,
    actionId: row.batch_id,
    jobId: row.job_id,
    jobName: row.job_name,
    createdJobId: row.created_job_id,
    systemId: row.system_id,
    caller: row.caller,
    action: row.action,
    reason: row.reason,
    requestId: row.request_id,
    operationName: row.operation_name,
    bulkOperationId: row.bulk_operation_id,
    sent: row.sent,
    jobStatus: row.job_status !== null && !jobStatuses.includes(row.job_status) ? 'UNKNOWN' : row.job_status,
    vendorStatus: row.vendor_status,
    vendorCode: row.vendor_code,
    outcome: row.settled_as,
    code: row.code,
    message: row.message,
  };
}
