import type { Logger } from 'pino';
import { isTerminal, type Job } from '../jobs/job.ts';
import { entryOf } from '../jobs/pair-results.ts';
import type { JobSystem } from '../jobs/system.ts';
import { type Store, StoreUnavailableError } from '../store/store.ts';
import { loadCancelRecords } from './cancellation.ts';
import { createConfirmedCancels } from './confirmed-cancels.ts';
import { listConfirmed, storeContradictions } from './contradiction-rows.ts';
import { contradictConfirmed } from './follow-up.ts';
import type { NewJobEvent } from './job-event.ts';
import { toStorableId } from './storable-id.ts';

/**
 * Finds jobs that ended otherwise after their cancel had been confirmed. Costs no vendor request, only a map lookup for each ended job that
 * Jobyard reads or lists anyway.
 */
export interface Contradictions {
  /** A job as a read or a list just returned it. Never throws; records what the job contradicts in the background. */
  observe(job: Job): void;
  /** Events that are about to be stored; they may include confirmed cancels. */
  note(events: readonly NewJobEvent[]): void;
  /** Loads from the store the confirmed cancels that this process didn't note: those of other replicas, before a restart, and from tracking. */
  refresh(): void;
  /** Resolves when what was observed before is recorded, or can't be. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface ContradictionsOptions {
  store: Store;
  systems: readonly Pick<JobSystem, 'id' | 'adapter'>[];
  /** Resolves when the events that were written before are stored. */
  flushEvents(): Promise<void>;
  logger: Logger;
}

/** As long as an action is tracked. */
const rememberedDays = 7;
/** About 15 MB. */
const maxRemembered = 100_000;
const refreshEveryMs = 30_000;
/** Events that a replica is storing right now have an earlier time. */
const overlapSeconds = 120;
const gatherMs = 50;

export function createContradictions(options: ContradictionsOptions): Contradictions {
  const { store, logger } = options;
  const confirmed = createConfirmedCancels(maxRemembered);
  const record = async (jobs: ReadonlyMap<string, Job>): Promise<void> => {
    await recordContradictions(jobs, options);
    // If the job was restarted, its next cancel adds it again.
    for (const jobId of jobs.keys()) confirmed.forget(toStorableId(jobId));
  };
  const observed = gatherJobs((jobs) => orWarn(record(jobs), logger));
  let interval: NodeJS.Timeout | null = null;
  let isLoaded = false;
  let closed = false;

  const load = async (): Promise<void> => {
    const ids = await listConfirmed(store.query, isLoaded ? overlapSeconds : rememberedDays * 24 * 3600, maxRemembered);
    isLoaded = true;
    confirmed.remember(ids);
  };
  const refresh = (): void => void orWarn(load(), logger);

  store.opened.then(() => {
    if (closed) return;
    interval = setInterval(refresh, refreshEveryMs).unref();
    refresh();
  });

  return {
    observe(job) {
      if (confirmed.isEmpty || !endedOtherwise(job) || closed) return;
      if (confirmed.has(toStorableId(job.id))) observed.add(job);
    },
    note(events) {
      const ofCancels = events.filter(({ batch, result }) => batch.action === 'CANCEL' && result.outcome === 'CONFIRMED');
      if (ofCancels.length > 0) confirmed.remember(ofCancels.map(({ jobId }) => toStorableId(jobId)));
    },
    refresh,
    flush: observed.flush,
    async close() {
      closed = true;
      if (interval) clearInterval(interval);
      await observed.close();
    },
  };
}

/** Gathers jobs for a moment and records them together. `record` is called with one set of jobs at a time, and never rejects. */
function gatherJobs(record: (jobs: ReadonlyMap<string, Job>) => Promise<void>) {
  let gathered = new Map<string, Job>();
  let timer: NodeJS.Timeout | null = null;
  let recording: Promise<void> | null = null;

  const flush = async (): Promise<void> => {
    while (recording || gathered.size > 0) {
      if (!recording) {
        const jobs = gathered;
        gathered = new Map();
        recording = record(jobs).finally(() => {
          recording = null;
        });
      }
      await recording;
    }
  };

  return {
    add(job: Job): void {
      gathered.set(job.id, job);
      timer ??= setTimeout(() => {
        timer = null;
        void flush();
      }, gatherMs).unref();
    },
    flush,
    async close(): Promise<void> {
      if (timer) clearTimeout(timer);
      await flush();
    },
  };
}

function endedOtherwise({ status }: Job): boolean {
  return isTerminal(status) && status !== 'CANCELLED';
}

/** Any number, the same in all replicas: one records at a time, so that each contradiction is recorded once. */
const lock = 7_226_952;

/** Records, of these jobs, those that ended otherwise after their cancel had been confirmed. */
async function recordContradictions(seen: ReadonlyMap<string, Job>, { store, systems, flushEvents }: ContradictionsOptions): Promise<void> {
  await flushEvents();
  await store.transaction(async (query) => {
    await query('select pg_advisory_xact_lock($1)', [lock]);
    const records = await loadCancelRecords(query, [...seen.keys()], store.aheadMs());
    const now = new Date();
    const found = [...records].flatMap(([jobId, cancel]) => {
      const adapter = systems.find(({ id }) => id === cancel.systemId)?.adapter;
      const followUp = adapter && contradictConfirmed(cancel, entryOf(seen, jobId), { adapter, now });
      return followUp ? [{ jobId, groupId: cancel.groupId, sentAt: cancel.requestedAt, followUp }] : [];
    });
    if (found.length > 0) await storeContradictions(query, found);
  });
}

/** The next observation retries what failed. */
function orWarn(work: Promise<void>, logger: Logger): Promise<void> {
  return work.catch((error: unknown) => {
    if (error instanceof StoreUnavailableError) logger.warn({ err: error }, 'confirmed cancellations not checked for contradictions');
    else logger.error({ err: error }, 'bug');
  });
}
