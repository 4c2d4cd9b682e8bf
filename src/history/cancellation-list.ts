import { unresolvedOutcomes } from '../jobs/outcome.ts';
import { entryOf } from '../jobs/pair-results.ts';
import { toStorableText } from '../jobs/storable-text.ts';
import type { JobSystem } from '../jobs/system.ts';
import { isOneOf } from '../store/known-words.ts';
import type { RowRange } from '../store/row-range.ts';
import type { Query } from '../store/store.ts';
import { type Cancellation, type CancellationState, describeCancellation, loadCancelRecords } from './cancellation.ts';

/** The conditions of a list of cancellations. Null: no condition. An empty list matches nothing. */
export interface CancellationFilter {
  states: readonly CancellationState[];
  systemIds: readonly string[] | null;
  requestedBy: readonly string[] | null;
  /** Inclusive. */
  requestedFrom: Date | null;
  /** Inclusive. */
  requestedTo: Date | null;
}

/** A place in a list of cancellations. */
export interface CancellationPosition {
  sentAtMs: string;
  jobId: string;
}

export interface ListedCancellation {
  cancellation: Cancellation;
  position: CancellationPosition;
}

export interface CancellationSource {
  query: Query;
  /** The systems whose cancellations are listed. */
  systems: readonly JobSystem[];
  now: Date;
  /** How far the store's clock, whose times are stored, is ahead. */
  aheadMs: number;
  overdueAfterMs: number;
}

/** A cancel that was unresolved, or contradicted, when that was last recorded. */
interface Candidate {
  sent_at_ms: string;
  job_id: string;
  group_id: string;
}

/** The maximum number of jobs per statement. */
const maxPerRound = 500;
/** So that superseded candidates rarely need a second round. */
const spare = 10;

/**
 * The last cancels of jobs that are in one of these states, by the store alone, in the direction of the range; the list has the newest first. Only
 * tracked cancels can be open or overdue. `range.count`: about how many the caller takes.
 */
export async function* scanCancellations(
  source: CancellationSource,
  filter: CancellationFilter,
  range: RowRange<CancellationPosition>,
): AsyncGenerator<ListedCancellation, void> {
  const { query, systems, aheadMs } = source;
  const systemById = new Map(systems.map((system) => [system.id, system]));
  const count = Math.min(range.count + spare, maxPerRound);
  for (let from = range.from; ; ) {
    const candidates = await listCandidates(source, filter, { ...range, from, count });
    const records = await loadCancelRecords(query, [...new Set(candidates.map(({ job_id: jobId }) => jobId))], aheadMs);
    for (const { job_id: jobId, sent_at_ms: sentAtMs, group_id: groupId } of candidates) {
      const record = records.get(jobId);
      // The job was canceled again since.
      if (record?.groupId !== groupId) continue;
      const system = entryOf(systemById, record.systemId);
      const cancellation = describeCancellation(record, null, { ...source, system });
      if (cancellation.state && filter.states.includes(cancellation.state)) yield { cancellation, position: { sentAtMs, jobId } };
    }
    const last = candidates.at(-1);
    if (!last || candidates.length < count) return;
    from = { sentAtMs: last.sent_at_ms, jobId: last.job_id };
  }
}

const orderedColumns = 'sent_at_ms, job_id, group_id';

function listCandidates(
  { query, systems, now, aheadMs, overdueAfterMs }: CancellationSource,
  { states, systemIds, requestedBy, requestedFrom, requestedTo }: CancellationFilter,
  { count, isBackward, from }: RowRange<CancellationPosition>,
): Promise<Candidate[]> {
  const [beyond, direction] = isBackward ? ['>', 'asc'] : ['<', 'desc'];
  const overdueBeforeMs = now.getTime() + aheadMs - overdueAfterMs;
  const listed = systems.map(({ id }) => id).filter((id) => systemIds?.includes(id) ?? true);
  return query<Candidate>(
    `with unresolved as (
      select sent_at_ms, job_id, group_id from jobyard.open_action cross join unnest(job_ids) as job (job_id)
      where action = 'CANCEL' and ${isOneOf('outcome', unresolvedOutcomes)} and not contradicted
        and ($2 and $3 or case when outcome = 'ACCEPTED' and sent_at_ms < $4 then $3 else $2 end)
        and system_id = any($1::text[])
        and ($6::text[] is null or exists (select from jobyard.event_group where id = group_id and caller = any($6::text[])))
    ),
    contradicted as (
      select distinct on (job_id, settles) round(extract(epoch from sent_at) * 1000)::bigint as sent_at_ms, job_id, settles as group_id
      from jobyard.job_event
      where $5 and settled_as = 'CONTRADICTED' and kind = 'FOLLOW_UP' and action = 'CANCEL' and system_id = any($1::text[])
        and ($6::text[] is null or caller = any($6::text[]))
      order by job_id, settles, id
    )
    select sent_at_ms::text, job_id, group_id::text from (
      select ${orderedColumns} from unresolved union all select ${orderedColumns} from contradicted
    ) as cancel
    where ($7::bigint is null or sent_at_ms >= $7) and ($8::bigint is null or sent_at_ms <= $8)
      and ($9::bigint is null or (cancel.sent_at_ms, cancel.job_id) ${beyond} ($9, $10::text))
    order by cancel.sent_at_ms ${direction}, cancel.job_id ${direction} limit $11`,
    [
      listed,
      states.includes('OPEN'),
      states.includes('OVERDUE'),
      overdueBeforeMs,
      states.includes('CONTRADICTED'),
      requestedBy?.map(toStorableText) ?? null,
      requestedFrom?.getTime() ?? null,
      requestedTo?.getTime() ?? null,
      from?.sentAtMs ?? null,
      from?.jobId ?? null,
      count,
    ],
  );
}
