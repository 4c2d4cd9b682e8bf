import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createEventFeed, type EventFeed, type EventFeedPart, toPredicate } from '../../src/history/event-feed.ts';
import { type JobEventFilter, listEvents, listLatestGroups, listNewEvents } from '../../src/history/event-list.ts';
import { createEventWriter } from '../../src/history/event-writer.ts';
import type { JobEvent } from '../../src/history/job-event.ts';
import type { Store } from '../../src/store/store.ts';
import { accessFor, as } from '../access/callers.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { transports } from '../live/clients.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openEmptyStore, openTestStore } from '../store.ts';
import { newEvent } from './parts.ts';

const patient = { timeout: 20_000 };

function throwBug(error: unknown): void {
  throw error;
}

/** A feed of groups that the test records, and how often it was read. */
function startFeed() {
  const recorded = new Map<number, JobEvent[]>();
  const reads = { count: 0 };
  const feed = createEventFeed({
    readLatest: async () => [...recorded.keys()],
    async read(after, seen) {
      reads.count += 1;
      const groups = Array.from(recorded, ([group, events]) => ({ group, events }));
      const unseen = groups.filter(({ group }) => group > after && !seen.includes(group));
      return unseen.sort((a, b) => a.group - b.group).slice(0, 2);
    },
    onBug: throwBug,
  });
  onTestFinished(feed.close);
  const record = (group: number, count = 1, systemId = 'kylin') => {
    recorded.set(
      group,
      Array.from({ length: count }, (_, index) => {
        const { batch, result, jobId } = newEvent({ systemId, jobId: `${systemId}:${group}-${index}` });
        return { ...batch, ...result, jobId, jobName: null, createdJobId: null, id: String(group * 4096 + index), sent: true };
      }),
    );
    feed.wake();
  };
  return { feed, record, reads };
}

/** Takes what a follower gets. */
async function follow(feed: EventFeed, systemIds = ['kylin', 'kinetica'], filter: JobEventFilter = {}) {
  const parts: EventFeedPart[] = [];
  const follower = await feed.subscribe(systemIds, filter);
  const ended = (async () => {
    for await (const part of follower) parts.push(part);
  })();
  return { follower, parts, ended, jobIds: () => parts.flatMap(({ events }) => events?.map(({ jobId }) => jobId) ?? ['missed']) };
}

describe('a feed', () => {
  test('has events that are recorded from now on, each once, also a group that becomes visible late', async () => {
    const { feed, record } = startFeed();
    record(1);
    const { jobIds } = await follow(feed);
    record(3);
    await expect.poll(jobIds, patient).toEqual(['kylin:3-0']);
    record(2);
    await expect.poll(jobIds, patient).toEqual(['kylin:3-0', 'kylin:2-0']);
    record(4, 2);
    await expect.poll(jobIds, patient).toEqual(['kylin:3-0', 'kylin:2-0', 'kylin:4-0', 'kylin:4-1']);
  });

  test('is read once for all its subscribers; those with the same filter and systems get the same objects', async () => {
    const { feed, record, reads } = startFeed();
    const all = await Promise.all(Array.from({ length: 50 }, () => follow(feed)));
    const ofKinetica = await follow(feed, ['kinetica']);
    record(1);
    record(2, 1, 'kinetica');
    await expect.poll(() => all.every(({ jobIds }) => jobIds().length === 2), patient).toBe(true);
    expect(new Set(all.map(({ parts }) => parts[0]?.events)).size).toBe(1);
    expect(ofKinetica.jobIds()).toEqual(['kinetica:2-0']);
    expect(reads.count).toBeLessThan(10);
    for (const { follower } of [...all, ofKinetica]) await follower.return?.();
    await delay(300);
    const { count } = reads;
    await delay(1_300);
    expect(reads.count).toBe(count);
  });

  test('has at most 100 events in a part, and ends for a reader that is too far behind, not for others', async () => {
    const { feed, record } = startFeed();
    const slow = await feed.subscribe(['kylin'], {});
    const { parts } = await follow(feed, ['kylin'], {});
    for (let group = 1; group <= 6; group += 1) record(group, 2_000);
    await expect.poll(() => parts.length, { timeout: 10_000 }).toBe(120);
    expect(Math.max(...parts.map(({ events }) => events?.length ?? 0))).toBe(100);
    const got: EventFeedPart[] = [];
    for await (const part of slow) got.push(part);
    expect(got.length).toBe(101);
    expect(got.at(-1)).toEqual({ events: null });
  });

  test('ends when it is closed', async () => {
    const { feed } = startFeed();
    const { ended } = await follow(feed);
    feed.close();
    await ended;
  });
});

describe('on a store', () => {
  function connect(store: Store) {
    const feed = createEventFeed({
      readLatest: () => listLatestGroups(store.query),
      read: (after, seen) => listNewEvents(store.query, after, seen),
      onBug: throwBug,
    });
    onTestFinished(feed.close);
    return feed;
  }

  test('has the events of another replica, and no earlier ones', async () => {
    const store = openTestStore();
    const writer = createEventWriter({ store, trackedSystemIds: [], onUnresolved() {}, logger: pino({ level: 'silent' }) });
    onTestFinished(() => writer.close());
    writer.write([newEvent({ jobId: 'kylin:early', systemId: 'kylin' })]);
    await writer.flush();
    const { jobIds } = await follow(connect(store));
    for (let each = 0; each < 50; each += 1) writer.write([newEvent({ jobId: `kylin:${each}`, systemId: 'kylin' })]);
    await writer.flush();
    await expect.poll(jobIds, { timeout: 10_000 }).toHaveLength(50);
    expect(new Set(jobIds()).size).toBe(50);
    expect(jobIds()).not.toContain('kylin:early');
  });

  test('selects the same events by a filter as a list does', async () => {
    const store = openTestStore();
    const writer = createEventWriter({ store, trackedSystemIds: [], onUnresolved() {}, logger: pino({ level: 'silent' }) });
    onTestFinished(() => writer.close());
    const at = (second: number) => new Date(Date.parse('2026-03-02T12:00:00Z') + second * 1_000);
    const events = [
      newEvent({ jobId: 'kylin:a', systemId: 'kylin', recordedAt: at(1), caller: 'key:a', action: 'PAUSE', requestId: 'r1' }),
      newEvent({ jobId: 'kylin:b', systemId: 'kylin', recordedAt: at(2), caller: 'key:b', outcome: 'ACCEPTED', bulkOperationId: 'bulk' }),
      newEvent({ jobId: 'kinetica:\u0000c', recordedAt: at(3), kind: 'FOLLOW_UP', outcome: 'CONTRADICTED' }),
      newEvent({ jobId: 'vault:d', systemId: 'vault', recordedAt: at(4) }),
    ];
    writer.write(events);
    await writer.flush();
    const stored = (await listNewEvents(store.query, 0, [])).flatMap((group) => group.events);
    expect(stored).toHaveLength(4);
    const filters: JobEventFilter[] = [
      {},
      { jobIds: ['kylin:a', 'kinetica:\u0000c', 'vault:d'] },
      { jobIds: [] },
      { systemIds: ['kylin'] },
      { actions: ['PAUSE'] },
      { callers: ['key:b', 'key:nobody'] },
      { kind: 'FOLLOW_UP' },
      { outcomes: ['ACCEPTED', 'CONTRADICTED'] },
      { bulkOperationId: 'bulk' },
      { requestId: 'r1' },
      { recordedFrom: at(2), recordedTo: at(3) },
      { recordedFrom: at(2), kind: 'ACTION', systemIds: null },
    ];
    for (const filter of filters) {
      const readable = ['kylin', 'kinetica'];
      const { rows: listed } = await listEvents(store.query, readable, filter, { count: 10, isBackward: false, from: null });
      const idsOf = (of: readonly JobEvent[]) => of.map(({ id }) => id).sort();
      expect([filter, idsOf(stored.filter(toPredicate(readable, filter)))]).toEqual([filter, idsOf(listed)]);
    }
  });
});

const jobEventsRecorded = `subscription ($filter: JobEventFilter) {
  jobEventsRecorded(filter: $filter) { id kind jobId job { id } caller action outcome }
}`;
let jobyard: WithSandboxes;
beforeAll(async () => {
  const operator = ['jobs:read', 'jobs:cancel', 'audit:read'];
  const access = accessFor({ operator, half: ['audit:read@kylin'], reader: ['jobs:read'] });
  jobyard = await startWithSandboxes({ jobs: 3, store: openEmptyStore(), access });
});
afterAll(() => jobyard.close());

describe.each(Object.entries(transports))('over %s', (_transport, start) => {
  const subscribe = (caller: string, filter: object | null = null) => {
    const following = start(jobyard.origin, jobEventsRecorded, { headers: as(caller), variables: { filter } });
    return { ...following, events: () => following.answers.flatMap(({ data }) => data.jobEventsRecorded) };
  };
  const cancel = async (ids: readonly string[]) => {
    const mutation = 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { summary { succeeded } } }';
    expect((await jobyard.query(mutation, { ids }, as('operator'))).errors).toBeUndefined();
  };

  test('sends the events that the caller may read and that match the filter', async () => {
    const [all, half, filtered] = [subscribe('operator'), subscribe('half'), subscribe('operator', { actions: ['PAUSE'] })];
    // A subscription that has begun is seen by nothing but its first event.
    const [first, ...ids] = [addJob(jobyard, 'kylin'), addJob(jobyard, 'kylin'), addJob(jobyard, 'kinetica')];
    await expect
      .poll(async () => {
        await cancel([first as string]);
        return all.events().length > 0 && half.events().length > 0;
      }, patient)
      .toBe(true);
    await cancel(ids);
    const jobIds = ({ events }: typeof all) =>
      new Set(
        events()
          .filter(({ kind }) => kind === 'ACTION')
          .map(({ jobId }) => jobId),
      );
    await expect.poll(() => jobIds(all), patient).toEqual(new Set([first, ...ids]));
    await expect.poll(() => jobIds(half), patient).toEqual(new Set([first, ids[0]]));
    expect(all.events()[0]).toMatchObject({ caller: 'key:operator', action: 'CANCEL', job: { id: first } });
    expect(filtered.events()).toEqual([]);
  });

  test('rejects a caller without the scope, and a system that it may not read', async () => {
    const whole = async ({ end, answers }: ReturnType<typeof subscribe>) => JSON.stringify([await end, answers]);
    expect(await whole(subscribe('reader'))).toContain('FORBIDDEN');
    expect(await whole(subscribe('half', { systemIds: ['kinetica'] }))).toContain('BAD_USER_INPUT');
  });
});
