import type { Logger } from 'pino';
import { isTerminal, type Job } from '../jobs/job.ts';
import { toStorableText } from '../jobs/storable-text.ts';
import type { JobSystem } from '../jobs/system.ts';
import { type Query, type Store, StoreUnavailableError } from '../store/store.ts';
import { loadCancelRecords } from './cancellation.ts';
import { contradictConfirmed, type FollowUp } from './follow-up.ts';
import type { NewJobEvent } from './job-event.ts';
import { toStorableId } from './storable-id.ts';

/**
 * Finds jobs that ended otherwise after their cancel had been confirmed. Costs no vendor request: whatever Jobyard reads or lists anyway is
 * looked at, a look into a map for each job that has ended.
 */
export interface Contradictions {
  /** A job as a read or a list just showed it. Never throws; what it contradicts is recorded in the background. */
  observe(job: Job): void;
  /** Events that are about to be stored: among them may be cancels that were confirmed. */
  note(events: readonly NewJobEvent[]): void;
  /** Looks into the store for confirmed cancels of others: other replicas', those before a restart, those that were followed. */
  refresh(): void;
  /** When what was observed before is recorded, or can't be. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface ContradictionsOptions {
  store: Store;
  systems: readonly Pick<JobSystem, 'id' | 'adapter'>[];
  /** Resolves when the events that were handed over before are stored. */
  flushEvents(): Promise<void>;
  logger: Logger;
}

/** As long as an action is followed. */
const rememberedDays = 7;
/** The newest; about 15 MB. */
const maxRemembered = 100_000;
const refreshEveryMs = 30_000;
/** What is being stored by a replica just now has an earlier time. */
const overlapSeconds = 120;
const gatherMs = 50;
/** Any number, the same in all replicas: one records at a time, so that each contradiction is recorded once. */
const lock = 7_226_952;

export function createContradictions({ store, systems, flushEvents, logger }: ContradictionsOptions): Contradictions {
  const adapterById = new Map(systems.map(({ id, adapter }) => [id, adapter]));
  /** Jobs whose last cancel was confirmed, the oldest first. */
  const confirmed = new Set<string>();
  let observed = new Map<string, Job>();
  let timer: NodeJS.Timeout | null = null;
  let interval: NodeJS.Timeout | null = null;
  let recording: Promise<void> | null = null;
  let refreshed = false;
  let closed = false;

  const remember = (jobIds: Iterable<string>): void => {
    for (const jobId of jobIds) {
      confirmed.delete(jobId);
      confirmed.add(jobId);
    }
    for (const oldest of confirmed) {
      if (confirmed.size <= maxRemembered) return;
      confirmed.delete(oldest);
    }
  };

  /** What fails is left to the next observation. */
  const orWarn = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      if (error instanceof StoreUnavailableError) logger.warn({ err: error }, 'contradictions of cancels not looked for');
      else logger.error({ err: error }, 'bug');
    });

  const load = async (): Promise<void> => {
    const ids = await listConfirmed(store.query, refreshed ? overlapSeconds : rememberedDays * 24 * 3600);
    refreshed = true;
    remember(ids);
  };

  const refresh = (): void => void orWarn(load());

  const record = async (seen: ReadonlyMap<string, Job>): Promise<void> => {
    await flushEvents();
    await store.transaction(async (query) => {
      await query('select pg_advisory_xact_lock($1)', [lock]);
      const records = await loadCancelRecords(query, [...seen.keys()], store.aheadMs());
      const now = new Date();
      const found = [...records].flatMap(([jobId, cancel]) => {
        const adapter = adapterById.get(cancel.systemId);
        const followUp = adapter && contradictConfirmed(cancel, seen.get(jobId) as Job, { adapter, now });
        return followUp ? [{ jobId, groupId: cancel.groupId, sentAt: cancel.requestedAt, followUp }] : [];
      });
      if (found.length > 0) await storeContradictions(query, found);
    });
    // If the job was restarted, its next cancel adds it again.
    for (const jobId of seen.keys()) confirmed.delete(toStorableId(jobId));
  };

  const flush = async (): Promise<void> => {
    while (recording || observed.size > 0) {
      if (!recording) {
        const seen = observed;
        observed = new Map();
        recording = orWarn(record(seen)).finally(() => {
          recording = null;
        });
      }
      await recording;
    }
  };

  store.opened.then(() => {
    if (closed) return;
    interval = setInterval(refresh, refreshEveryMs).unref();
    refresh();
  });

  return {
    observe(job) {
      if (confirmed.size === 0 || !isTerminal(job.status) || job.status === 'CANCELLED' || closed) return;
      if (!confirmed.has(toStorableId(job.id))) return;
      observed.set(job.id, job);
      timer ??= setTimeout(() => {
        timer = null;
        void flush();
      }, gatherMs).unref();
    },
    note(events) {
      const ofCancels = events.filter(({ batch, result }) => batch.action === 'CANCEL' && result.outcome === 'CONFIRMED');
      if (ofCancels.length > 0) remember(ofCancels.map(({ jobId }) => toStorableId(jobId)));
    },
    refresh,
    flush,
    async close() {
      closed = true;
      if (timer) clearTimeout(timer);
      if (interval) clearInterval(interval);
      await flush();
    },
  };
}

/** Storable ids of the jobs whose cancels were confirmed within the last seconds, the newest last. */
async function listConfirmed(query: Query, withinSeconds: number): Promise<string[]> {
  const rows = await query<{ job_ids: string[] }>(
    `select job_ids from (
      select id, job_ids, sum(cardinality(job_ids)) over (order by id desc) as jobs from jobyard.event_group
      where recorded_at > now() - $1 * interval '1 second' and action = 'CANCEL'
        and (settled_as = 'CONFIRMED' or settled_as = 'JOB_GONE' and kind = 'FOLLOW_UP')
    ) as newest where jobs <= $2 order by id`,
    [withinSeconds, maxRemembered],
  );
  return rows.flatMap(({ job_ids: jobIds }) => jobIds);
}

interface Found {
  jobId: string;
  /** Of the cancel's event. */
  groupId: string;
  /** By the store's clock. */
  sentAt: Date;
  followUp: FollowUp;
}

async function storeContradictions(query: Query, found: readonly Found[]): Promise<void> {
  const rows = found.map(({ jobId, groupId, sentAt, followUp: { outcome, job, problem } }) => ({
    group_id: groupId,
    job_id: toStorableId(jobId),
    sent_at_ms: sentAt.getTime(),
    settled_as: outcome,
    job_status: job?.status,
    vendor_status: job?.vendorStatus ? toStorableText(job.vendorStatus) : undefined,
    code: problem?.code,
    message: problem?.message,
  }));
  await query(
    `insert into jobyard.event_group (kind, recorded_at, batch_id, system_id, caller, action, reason, request_id, operation_name,
       bulk_operation_id, job_status, vendor_status, settled_as, code, message, settles, job_ids, id_hashes, sent_at_ms, sent_from)
     select 'FOLLOW_UP', now(), batch_id, system_id, caller, action, reason, request_id, operation_name, bulk_operation_id,
       found.job_status, found.vendor_status, found.settled_as, found.code, found.message, id, array[found.job_id],
       jobyard.hash_ids(array[found.job_id]), array[found.sent_at_ms], array[1]
     from json_to_recordset($1::json) as found(
       group_id bigint, job_id text, sent_at_ms bigint, settled_as text, job_status text, vendor_status text, code text, message text)
     join jobyard.event_group on id = found.group_id`,
    [JSON.stringify(rows)],
  );
}
