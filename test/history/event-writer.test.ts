import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createEventWriter } from '../../src/history/event-writer.ts';
import { type Store, StoreUnavailableError } from '../../src/store/store.ts';
import { openEmptyStore } from '../store.ts';
import { createRecordingLogger, newEvent, severable } from './parts.ts';

let store: Store;
beforeAll(async () => {
  store = openEmptyStore();
  await store.query('select 1');
});
afterAll(() => store.close());

const stored = async (jobIds: readonly string[]) =>
  (await store.query<{ job_id: string }>('select job_id from jobyard.job_event where job_id = any($1::text[]) order by id', [jobIds])).map(
    ({ job_id }) => job_id,
  );

function startWriter() {
  const seen = severable(store);
  const { lines, logger } = createRecordingLogger();
  const opened: string[] = [];
  const writer = createEventWriter({
    store: seen.store,
    trackedSystemIds: ['kinetica'],
    onUnresolved: (systemIds) => opened.push(...systemIds),
    logger,
  });
  onTestFinished(() => writer.close());
  return { seen, writer, lines, opened };
}

test('events within a few milliseconds are stored by one statement, in their order', async () => {
  const { seen, writer } = startWriter();
  const events = Array.from({ length: 600 }, () => newEvent());
  for (let start = 0; start < 600; start += 200) writer.write(events.slice(start, start + 200));
  const jobIds = events.map(({ jobId }) => jobId);
  await expect.poll(() => stored(jobIds)).toHaveLength(600);
  expect(await stored(jobIds)).toEqual(jobIds);
  expect(seen.statements).toHaveLength(1);
});

test('reports unresolved actions when they are stored, if their system is tracked', async () => {
  const { writer, opened } = startWriter();
  const settled = [newEvent(), newEvent({ outcome: 'VENDOR_REJECTED' })];
  writer.write([
    ...settled,
    newEvent({ outcome: 'ACCEPTED', systemId: 'elsewhere' }),
    newEvent({ action: 'RESTART', outcome: 'OUTCOME_UNKNOWN' }),
  ]);
  await writer.flush();
  expect(opened).toEqual([]);
  const sent = (['ACCEPTED', 'JOB_GONE', 'OUTCOME_UNKNOWN'] as const).map((outcome) => newEvent({ outcome }));
  // A cancel of a job that is being canceled already.
  const open = [...sent, newEvent({ outcome: 'ACCEPTED', sentAt: null })];
  writer.write(open);
  await writer.flush();
  expect(opened).toEqual(['kinetica']);
  const rows = await store.query<{ job_id: string }>('select unnest(job_ids) as job_id from jobyard.open_action order by id');
  expect(rows.map(({ job_id }) => job_id)).toEqual(open.map(({ jobId }) => jobId));
});

test('events wait while the store is unavailable, and are stored when it is available again', async () => {
  const { seen, writer, lines } = startWriter();
  seen.way = 'cut';
  const events = [newEvent(), newEvent()];
  writer.write(events);
  await expect.poll(() => lines).toMatchObject([{ msg: 'job events wait for the store', waiting: 2 }]);
  await expect(writer.flush()).rejects.toThrow(StoreUnavailableError);
  seen.way = 'open';
  const jobIds = events.map(({ jobId }) => jobId);
  await expect.poll(() => stored(jobIds), { timeout: 5000 }).toEqual(jobIds);
});

test('a statement that was executed although its response was lost stores nothing twice', async () => {
  const { seen, writer } = startWriter();
  seen.way = 'answers lost';
  const first = [newEvent(), newEvent()];
  writer.write(first);
  await expect(writer.flush()).rejects.toThrow(StoreUnavailableError);
  expect(await stored(first.map(({ jobId }) => jobId))).toHaveLength(2);
  seen.way = 'open';
  // Another action on the same job meanwhile is another event.
  const later = [newEvent({ jobId: first[0]?.jobId as string }), newEvent()];
  writer.write(later);
  await writer.flush();
  expect(await stored([...first, ...later].map(({ jobId }) => jobId))).toEqual([...first, ...later].map(({ jobId }) => jobId));
});

test('drops the newest events beyond 100,000, and logs their number', async () => {
  const { seen, writer, lines } = startWriter();
  seen.way = 'cut';
  const event = newEvent();
  writer.write(new Array(99_999).fill(event));
  writer.write([event, event, event]);
  expect(lines).toMatchObject([{ level: 50, dropped: 2, msg: 'job events dropped: the store was unavailable too long' }]);
  await writer.close();
  expect(lines.at(-1)).toMatchObject({ level: 50, lost: 100_000 });
  expect(writer.lostCounts()).toEqual({ setAside: 0, dropped: 100_002 });
  // Nothing is left for the end of the test to store.
  expect(await stored([event.jobId])).toEqual([]);
});

test('logs an event that the database rejects, and stores later events', async () => {
  const { writer, lines } = startWriter();
  writer.write([newEvent({ actionId: 'none' })]);
  await writer.flush();
  expect(lines).toMatchObject([{ level: 50, msg: 'job events not stored: the database rejects one of their values', actionId: 'none' }]);
  const event = newEvent();
  writer.write([event]);
  await writer.flush();
  expect(await stored([event.jobId])).toHaveLength(1);
});

test('stores all other events of a statement with a rejected one', async () => {
  const { writer, lines } = startWriter();
  const events = Array.from({ length: 100 }, () => newEvent());
  const refused = newEvent({ actionId: 'none' });
  writer.write([...events.slice(0, 60), refused, ...events.slice(60)]);
  await writer.flush();
  expect(lines).toMatchObject([
    { level: 50, msg: 'job events not stored: the database rejects one of their values', actionId: 'none', jobIds: [refused.jobId] },
  ]);
  const jobIds = events.map(({ jobId }) => jobId);
  expect(await stored(jobIds)).toEqual(jobIds);
});

test('nor after a lost response, and then nothing is stored twice', async () => {
  const { seen, writer, lines } = startWriter();
  const events = Array.from({ length: 20 }, () => newEvent());
  seen.way = 'answers lost';
  writer.write(events);
  await expect(writer.flush()).rejects.toThrow(StoreUnavailableError);
  seen.way = 'open';
  const later = [...Array.from({ length: 5 }, () => newEvent()), newEvent({ actionId: 'none' }), newEvent()];
  writer.write(later);
  await writer.flush();
  expect(lines.filter(({ level }) => level === 50)).toHaveLength(1);
  const jobIds = [...events, ...later.filter(({ batch }) => batch.actionId !== 'none')].map(({ jobId }) => jobId);
  expect(await stored(jobIds)).toEqual(jobIds);
});

test('skipped events are counted', async () => {
  const { writer } = startWriter();
  writer.write([newEvent({ actionId: 'none' }), newEvent()]);
  expect(writer.waitingCount()).toBe(2);
  await writer.flush();
  expect(writer.waitingCount()).toBe(0);
  expect(writer.lostCounts()).toEqual({ setAside: 1, dropped: 0 });
});

/** The database raises `state` for the events of `caller`; null: for all. */
async function refuseEvents(state: string, caller: string | null): Promise<() => Promise<unknown>> {
  await store.query(`
    create function jobyard.refuse_events() returns trigger language plpgsql as $$
    begin
      if ${caller === null ? 'true' : `new.caller = '${caller}'`} then raise exception 'not this one' using errcode = '${state}'; end if;
      return new;
    end $$;
    create trigger refuse_events before insert on jobyard.event_group for each row execute function jobyard.refuse_events()`);
  return () => store.query('drop trigger refuse_events on jobyard.event_group; drop function jobyard.refuse_events()');
}

test.each(['42883', 'P0001', '54000'])(
  'no error of the database but a bad row (%s) drops an event: others pass it, and it is stored later',
  async (state) => {
    const { writer } = startWriter();
    const accept = await refuseEvents(state, 'key:refused');
    const refused = newEvent({ caller: 'key:refused' });
    const others = Array.from({ length: 9 }, () => newEvent());
    writer.write([...others.slice(0, 4), refused, ...others.slice(4)]);
    await writer.flush();
    expect(await stored(others.map(({ jobId }) => jobId))).toHaveLength(9);
    expect(writer.waitingCount()).toBe(1);
    await accept();
    await expect.poll(() => stored([refused.jobId]), { timeout: 10_000 }).toHaveLength(1);
    expect(writer.lostCounts()).toEqual({ setAside: 0, dropped: 0 });
  },
);

test.each(['42P01', '42883', '26000', '42P05', '53100', '53300', '57P01', '25006', '42501', 'XX000'])(
  'an error that meets all of them (%s) makes them wait, and none is lost',
  async (state) => {
    const { writer, seen } = startWriter();
    const accept = await refuseEvents(state, null);
    const events = Array.from({ length: 30 }, () => newEvent());
    writer.write(events);
    await expect(writer.flush()).rejects.toThrow(StoreUnavailableError);
    expect(writer.waitingCount()).toBe(30);
    // Not one statement for each event.
    expect(seen.statements.length).toBeLessThan(12);
    await accept();
    const jobIds = events.map(({ jobId }) => jobId);
    await expect.poll(async () => (await stored(jobIds)).length, { timeout: 10_000 }).toBe(30);
    expect(writer.waitingCount()).toBe(0);
    expect(writer.lostCounts()).toEqual({ setAside: 0, dropped: 0 });
  },
);

test('a statement that temporarily fails is retried, and nothing is dropped', async () => {
  const { writer, lines } = startWriter();
  await store.query(`
    create function jobyard.fail_once() returns trigger language plpgsql as $$
    begin raise exception 'a deadlock' using errcode = '40P01'; end $$;
    create trigger fail_once before insert on jobyard.event_group for each statement execute function jobyard.fail_once()`);
  const events = Array.from({ length: 10 }, () => newEvent());
  writer.write(events);
  await expect(writer.flush()).rejects.toThrow(StoreUnavailableError);
  await store.query('drop trigger fail_once on jobyard.event_group; drop function jobyard.fail_once()');
  const jobIds = events.map(({ jobId }) => jobId);
  await expect.poll(() => stored(jobIds), { timeout: 5_000 }).toEqual(jobIds);
  expect(lines.filter(({ level }) => level === 50)).toEqual([]);
});

test('closing stores the waiting events', async () => {
  const { writer } = startWriter();
  const event = newEvent();
  writer.write([event]);
  await writer.close();
  expect(await stored([event.jobId])).toHaveLength(1);
});

test('no event can be changed', async () => {
  await expect(store.query("update jobyard.event_group set caller = 'key:forged'")).rejects.toThrow('event_group is append-only');
});
