import type { Logger } from 'pino';
import { chunk } from '../jobs/concurrency.ts';
import { toStorableText } from '../jobs/storable-text.ts';
import { type Query, type Store, StoreUnavailable } from '../store/store.ts';
import type { NewJobEvent } from './job-event.ts';

/** Brings events into the store in the background. */
export interface EventWriter {
  /** Takes them and returns at once. While the store can't be reached, the newest are dropped beyond 100,000, and the log says so. */
  write(events: readonly NewJobEvent[]): void;
  /** Stores them in the transaction that `query` belongs to. What it gives back is to be called when that is done. */
  writeWithin(query: Query, events: readonly NewJobEvent[]): Promise<() => void>;
  /** When all that was taken before is stored. Rejects with StoreUnavailable where it can't be. */
  flush(): Promise<void>;
  /** Stores what still waits, for at most 5 seconds. */
  close(): Promise<void>;
}

export interface EventWriterOptions {
  store: Store;
  /** Systems whose jobs can be read in the background. */
  followedSystemIds: readonly string[];
  /** Told of the systems of stored actions whose end is still to be seen. */
  onOpened(systemIds: ReadonlySet<string>): void;
  logger: Logger;
}

const gatherMs = 5;
const mostInStatement = 2_000;
const mostWaiting = 100_000;
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;
const closeWithinMs = 5_000;
/** A reason stands in the event of each of its jobs. The audit's file has it whole. */
const longestText = 1_000;

export function createEventWriter({ store, followedSystemIds, onOpened, logger }: EventWriterOptions): EventWriter {
  const waiting: NewJobEvent[] = [];
  let timer: NodeJS.Timeout | null = null;
  let draining: Promise<void> | null = null;
  let retryMs = firstRetryMs;
  /** How many of the first that wait may have been stored by a statement whose answer was lost. */
  let perhapsStored = 0;
  /** Fewer after a failure: what is too much at once goes in parts, and one that is refused is found by halves. */
  let most = mostInStatement;

  const drain = (): Promise<void> => {
    draining ??= (async () => {
      while (waiting.length > 0) {
        const perhapsBefore = perhapsStored;
        const events = waiting.slice(0, perhapsBefore > 0 ? Math.min(perhapsBefore, most) : most);
        const statement = perhapsBefore > 0 ? insertMissing : insertAll;
        perhapsStored = Math.max(perhapsBefore, events.length);
        const opened = await store
          .query<{ system_id: string }>(statement, [JSON.stringify(events.map(toRow)), followedSystemIds])
          .catch((error: unknown) => {
            if (error instanceof StoreUnavailable) {
              most = Math.ceil(events.length / 2);
              throw error;
            }
            if (events.length > 1) return null;
            // It would stand in the way of all that come after it.
            logger.error({ err: error, ...identityOf(events[0] as NewJobEvent) }, 'job event not stored');
            return [];
          });
        if (opened === null) {
          perhapsStored = perhapsBefore;
          most = Math.ceil(events.length / 2);
          continue;
        }
        most = Math.min(2 * most, mostInStatement);
        perhapsStored = Math.max(0, perhapsBefore - events.length);
        waiting.splice(0, events.length);
        if (opened.length > 0) onOpened(new Set(opened.map(({ system_id }) => system_id)));
      }
      retryMs = firstRetryMs;
    })().finally(() => {
      draining = null;
    });
    return draining;
  };

  const drainLater = (afterMs: number): void => {
    timer ??= setTimeout(() => {
      timer = null;
      drain().catch((error: unknown) => {
        logger.warn({ err: error, waiting: waiting.length, retryMs }, 'job events wait for the store');
        drainLater(retryMs);
        retryMs = Math.min(retryMs * 2, longestRetryMs);
      });
    }, afterMs).unref();
  };

  const flush = async (): Promise<void> => {
    // A drain that is just ending may not have seen the last of them.
    while (waiting.length > 0) await drain();
  };

  return {
    write(events) {
      const taken = Math.min(events.length, mostWaiting - waiting.length);
      for (let index = 0; index < taken; index++) waiting.push(events[index] as NewJobEvent);
      if (taken < events.length) logger.error({ dropped: events.length - taken }, 'job events dropped: the store has been away too long');
      if (taken > 0) drainLater(gatherMs);
    },
    async writeWithin(query, events) {
      const opened = new Set<string>();
      for (const part of chunk(events, mostInStatement)) {
        const rows = await query<{ system_id: string }>(insertAll, [JSON.stringify(part.map(toRow)), followedSystemIds]);
        for (const { system_id: systemId } of rows) opened.add(systemId);
      }
      return () => {
        if (opened.size > 0) onOpened(opened);
      };
    },
    flush,
    async close() {
      if (timer) clearTimeout(timer);
      if (waiting.length === 0) return;
      const late = new Promise<never>((_resolve, reject) => {
        setTimeout(() => reject(new StoreUnavailable('The store took too long.')), closeWithinMs).unref();
      });
      await Promise.race([flush(), late]).catch((error: unknown) => {
        logger.error({ err: error, lost: waiting.length }, "job events lost: the store can't be reached");
      });
    },
  };
}

const columns = `kind text, recorded_at timestamptz, batch_id uuid, job_id text, system_id text, caller text, action text, reason text,
  request_id text, operation_name text, bulk_operation_id text, sent_at timestamptz, job_status text, vendor_status text,
  vendor_code text, settled_as text, code text, message text`;
const names = columns.replaceAll(/ (text|uuid|timestamptz)\b/g, '');

/**
 * Stores events, notes those whose end is still to be seen, and forgets the older ones that a new beginning of the job put an end to.
 * RESTART is left out of those to be seen: its effect shows only beside a copy from before.
 */
const insertWhere = (condition: string): string => `
  with given as (select * from json_to_recordset($1::json) as row(position int, ${columns})),
  stored as (
    insert into jobyard.job_event (${names}) select ${names} from given where ${condition} order by position
    returning id, job_id, system_id, action, settled_as, sent_at
  ),
  superseded as (
    delete from jobyard.open_action using stored
    where open_action.job_id = stored.job_id and stored.action in ('RESUME', 'RESTART', 'START') and stored.settled_as in ('DONE', 'PENDING', 'UNKNOWN')
  )
  insert into jobyard.open_action (event_id, job_id, system_id, action, outcome, sent_at, due_at)
  select id, job_id, system_id, action, settled_as, sent_at, now() + interval '1 second' from stored
  where sent_at is not null and settled_as in ('PENDING', 'GONE', 'UNKNOWN') and action <> 'RESTART' and system_id = any($2::text[])
  returning system_id`;
const insertAll = insertWhere('true');
const insertMissing = insertWhere(
  'not exists (select from jobyard.job_event as known where known.job_id = given.job_id and known.batch_id = given.batch_id)',
);

/** What is left out is null. */
function toRow(event: NewJobEvent, position: number): object {
  return {
    position,
    kind: event.kind,
    recorded_at: toTimeText(event.recordedAt),
    batch_id: event.batchId,
    job_id: toStorableText(event.jobId),
    system_id: event.systemId,
    caller: toStorableText(event.caller),
    action: event.action,
    reason: shorten(event.reason),
    request_id: event.requestId ?? undefined,
    operation_name: shorten(event.operationName),
    bulk_operation_id: event.bulkOperationId ?? undefined,
    sent_at: event.sentAt ? toTimeText(event.sentAt) : undefined,
    job_status: event.jobStatus ?? undefined,
    vendor_status: shorten(event.vendorStatus),
    vendor_code: shorten(event.vendorCode),
    settled_as: event.settledAs,
    code: event.code ?? undefined,
    message: shorten(event.message),
  };
}

/** What finds it in the audit's file, which has the rest. */
function identityOf({ batchId, jobId, action, settledAs }: NewJobEvent): object {
  return { batchId, jobId, action, settledAs };
}

const timeTexts = new WeakMap<Date, string>();

/** All events of a batch share their times, and writing one out costs more than all the rest of an event. */
function toTimeText(date: Date): string {
  const text = timeTexts.get(date) ?? date.toISOString();
  timeTexts.set(date, text);
  return text;
}

function shorten(text: string | null): string | undefined {
  if (text === null) return undefined;
  return toStorableText(text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text);
}
