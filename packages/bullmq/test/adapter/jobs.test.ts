import { FlowProducer, Queue } from 'bullmq';
import { type JobStatus, type JobSystemAdapter, type LogRequest, startOfList } from 'jobyard/adapter';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createJob } from '../../../../src/jobs/create-job.ts';
import { jobFields } from '../../../../test/jobs/memory-adapter.ts';
import { type RedisServer, skipReason, skipWithoutRedis, startRedis } from '../redis.ts';
import { createCall, startAdapter } from '../start-adapter.ts';
import { startWorker } from '../workers.ts';

let server: RedisServer;
beforeAll(async () => {
  if (skipReason === null) server = await startRedis();
});
afterAll(() => server?.close());
beforeEach(async (context) => {
  skipWithoutRedis(context);
  await server.redis.flushall();
});

/** A producer's queue, until the test has finished. */
function createQueue(name: string): Queue {
  const queue = new Queue(name, { connection: { host: '127.0.0.1', port: server.port } });
  onTestFinished(() => queue.close());
  return queue;
}

/** The ID that BullMQ gave the new job, in Jobyard's form. */
async function add(queue: Queue, name: string, options = {}): Promise<string> {
  const { id } = await queue.add(name, { token: 'data-secret' }, options);
  return `${queue.name}:${id}`;
}

describe('lists and reads', () => {
  test('jobs of all queues in every state, as workers left them', async () => {
    const mail = createQueue('mail');
    const video = createQueue('video');
    const done = await add(mail, 'succeed');
    const failed = await add(mail, 'fail');
    const running = await add(mail, 'progress');
    await startWorker(server.port, 'mail');
    const { list, read } = startAdapter(server.url);
    await expect.poll(async () => (await read(running))?.progress?.fraction).toBe(0.4);
    await expect.poll(async () => (await read(failed))?.status).toBe('FAILED');
    const waiting = await add(video, 'encode');
    const prioritized = await add(video, 'encode', { priority: 3 });
    const delayed = await add(video, 'encode', { delay: 3_600_000 });
    const jobs = await list();
    expect(Object.fromEntries(Array.from(jobs, ([id, { status, vendorStatus }]) => [id, [status, vendorStatus]]))).toEqual({
      [done]: ['SUCCEEDED', 'completed'],
      [failed]: ['FAILED', 'failed'],
      [running]: ['RUNNING', 'active'],
      [waiting]: ['QUEUED', 'waiting'],
      [prioritized]: ['QUEUED', 'prioritized'],
      [delayed]: ['SCHEDULED', 'delayed'],
    });
    expect(jobs.get(failed)).toMatchObject({
      type: 'fail',
      scope: 'mail',
      failure: { message: 'The mailbox is full.' },
      finishedAt: expect.any(Date),
    });
    expect(jobs.get(done)).toMatchObject({ failure: null, startedAt: expect.any(Date), createdAt: expect.any(Date) });
    expect(Array.from((await list({ scopes: ['video'], statuses: new Set(['SCHEDULED']) })).keys())).toEqual([delayed]);

    const raw = jobs.get(delayed)?.raw();
    expect(raw).toMatchObject({ dueAt: expect.stringMatching(/^\d{4}-/), delay: 3_600_000 });
  });

  test('shows no data and no return value, unless the configuration names them', async () => {
    const id = await add(createQueue('mail'), 'succeed');
    await startWorker(server.port, 'mail');
    const { read } = startAdapter(server.url);
    await expect.poll(async () => (await read(id))?.status).toBe('SUCCEEDED');
    expect(JSON.stringify((await read(id))?.raw())).not.toMatch(/secret/);
    const open = startAdapter(server.url, { raw: ['data', 'returnvalue'] });
    expect((await open.read(id))?.raw()).toMatchObject({ data: { token: 'data-secret' }, returnvalue: { secret: 'returned-secret' } });
  });

  test('waiting jobs of a paused queue are PAUSED, also in the list that older producers use', async () => {
    const queue = createQueue('mail');
    const waiting = await add(queue, 'encode');
    const { read, list } = startAdapter(server.url);
    expect((await read(waiting))?.status).toBe('QUEUED');
    await queue.pause();
    expect((await read(waiting))?.status).toBe('PAUSED');
    expect(Array.from((await list({ statuses: new Set(['PAUSED']) })).keys())).toEqual([waiting]);
    await queue.resume();
    await server.redis.rename('bull:mail:wait', 'bull:mail:paused');
    expect(Array.from((await list()).values(), ({ status }) => status)).toEqual(['PAUSED']);
  });

  test('leaves producers their settings', async () => {
    await add(createQueue('mail'), 'encode');
    await server.redis.hset('bull:mail:meta', 'opts.maxLenEvents', '55');
    const before = await server.redis.hgetall('bull:mail:meta');
    const { list, act } = startAdapter(server.url);
    expect((await list()).size).toBe(1);
    expect(await act('CANCEL', 'mail:1')).toEqual([{ kind: 'accepted', job: null }]);
    expect(await server.redis.hgetall('bull:mail:meta')).toEqual(before);
  });

  test('a job with broken JSON costs no other job', async () => {
    const queue = createQueue('mail');
    const whole = await add(queue, 'encode');
    const broken = await add(queue, 'encode');
    await server.redis.hset('bull:mail:2', { opts: '{', timestamp: 'abc', progress: '{' });
    const { adapter, read } = startAdapter(server.url);
    await adapter.findLists?.(createCall());
    const [source] = adapter.listJobs({
      statuses: null,
      types: null,
      owners: null,
      scopes: null,
      text: null,
      createdFrom: null,
      createdTo: null,
      order: null,
    });
    const page = await source?.readPage({ part: null, row: 0 }, 50, createCall());
    const rows = page?.ok ? page.value.rows : [];
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      problem: { code: 'INVALID_VENDOR_RESPONSE', message: 'queues returned an invalid row: opts of job mail:2 is "{", expected JSON.' },
      job: { vendorId: broken },
    });
    expect(rows[1]).toMatchObject({ vendorId: whole });
    expect(await read(broken)).toMatchObject({ createdAt: null, progress: null });
  });

  test('an ID without data is no job, and a key of another type is reported for itself', async () => {
    const queue = createQueue('mail');
    const whole = await add(queue, 'encode');
    await server.redis.rpush('bull:mail:wait', 'ghost', 'text');
    await server.redis.set('bull:mail:text', 'no job');
    const { adapter } = startAdapter(server.url);
    expect(await adapter.getJobs?.([whole, 'mail:ghost', 'mail:text', 'none:1'], createCall())).toMatchObject([
      { kind: 'job' },
      { kind: 'notFound' },
      { kind: 'problem', problem: { code: 'INVALID_VENDOR_RESPONSE' } },
      { kind: 'notFound' },
    ]);
    await server.redis.del('bull:mail:wait');
    expect(await adapter.getJobs?.([whole], createCall())).toMatchObject([{ job: { status: 'UNKNOWN', vendorStatus: 'unknown' } }]);
  });

  test('finds queues by their keys, of its prefix only, and no job that looks like one', async () => {
    await add(createQueue('mail'), 'encode');
    await add(createQueue('post office*'), 'encode', { jobId: 'a:b:meta' });
    await server.redis.hset('bull2:other:meta', 'version', 'x');
    const { adapter } = startAdapter(server.url);
    expect(await adapter.findLists?.(createCall())).toBeNull();
    const names = adapter.listJobs({
      statuses: null,
      types: null,
      owners: null,
      scopes: null,
      text: null,
      createdFrom: null,
      createdTo: null,
      order: null,
    });
    expect(names.map(({ name }) => name)).toEqual(['mail', 'post office*']);
  });

  test('lists each job once while workers move them', async () => {
    const queue = createQueue('mail');
    await queue.addBulk(Array.from({ length: 1_200 }, () => ({ name: 'succeed', data: {} })));
    const { list } = startAdapter(server.url);
    const [jobs] = await Promise.all([list(), startWorker(server.port, 'mail')]);
    expect(jobs.size).toBe(1_200);
  });

  test('names the queue of a configured list only', async () => {
    await add(createQueue('mail'), 'encode');
    await add(createQueue('video'), 'encode');
    const { list, adapter } = startAdapter(server.url, { queues: ['video'] });
    expect(Array.from((await list()).keys())).toEqual(['video:1']);
    expect(adapter.checkVendorId('mail:1')).toBe('expected a job of one of the configured queues');
  });
});

describe('actions', () => {
  test('a waiting job is removed, and an unknown one is not found although BullMQ removes it', async () => {
    const queue = createQueue('mail');
    const { act, read, adapter } = startAdapter(server.url);
    for (const options of [{}, { priority: 1 }, { delay: 100_000 }]) {
      const id = await add(queue, 'encode', options);
      expect(await act('CANCEL', id)).toEqual([{ kind: 'accepted', job: null }]);
      expect(await read(id)).toBeNull();
    }
    expect(await queue.remove('no such job')).toBe(1);
    expect(await act('CANCEL', 'mail:no such job')).toEqual([{ kind: 'notFound' }]);
    expect(adapter.actions.CANCEL.allowedStatuses).toEqual(['QUEUED', 'PAUSED', 'SCHEDULED']);
  });

  test('a job that is active or has ended is never removed', async () => {
    const queue = createQueue('mail');
    const running = await add(queue, 'progress');
    const done = await add(queue, 'succeed');
    await startWorker(server.port, 'mail');
    const { act, read } = startAdapter(server.url);
    await expect.poll(async () => [(await read(running))?.status, (await read(done))?.status]).toEqual(['RUNNING', 'SUCCEEDED']);
    // With a copy from before they began, as only that is sent.
    const [job] = [null];
    const { adapter } = startAdapter(server.url);
    for (const [vendorId, state] of [
      [done, 'completed'],
      [running, 'active'],
    ] as const)
      expect(await adapter.performAction('CANCEL', [{ vendorId, job }], createCall())).toMatchObject([
        { kind: 'rejected', vendorCode: state },
      ]);
    expect(await read(done)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await act('CANCEL', running)).toMatchObject([{ kind: 'rejected' }]);
  });

  test('another job with the same ID is not removed', async () => {
    const queue = createQueue('mail');
    const id = await add(queue, 'encode', { jobId: 'own', timestamp: 1_000 });
    const { adapter, read, act } = startAdapter(server.url);
    const before = await read(id);
    await queue.remove('own');
    await add(queue, 'encode', { jobId: 'own', timestamp: 2_000 });
    const job = before && { ...before, id, systemId: 'queues', observedAt: new Date(), stale: false, problem: null };
    expect(await adapter.performAction('CANCEL', [{ vendorId: id, job }], createCall())).toMatchObject([
      { kind: 'rejected', vendorCode: 'replaced' },
    ]);
    expect(await act('CANCEL', id)).toMatchObject([{ kind: 'accepted' }]);
  });

  test('a failed job runs again, and a completed one by setting', async () => {
    const queue = createQueue('mail');
    const failed = await add(queue, 'fail-once');
    const done = await add(queue, 'succeed');
    await startWorker(server.port, 'mail');
    const { act, read, adapter } = startAdapter(server.url);
    await expect.poll(async () => [(await read(failed))?.status, (await read(done))?.status]).toEqual(['FAILED', 'SUCCEEDED']);
    const [response] = await act('RESTART', failed);
    expect(response).toMatchObject({ kind: 'accepted', job: { vendorId: failed } });
    await expect.poll(async () => (await read(failed))?.status).toBe('SUCCEEDED');
    expect(adapter.actions.RESTART.allowedStatuses).toEqual(['FAILED', 'CANCELLED']);
    const again = startAdapter(server.url, { restartCompleted: true });
    expect(again.adapter.actions.RESTART.allowedStatuses).toContain('SUCCEEDED');
    expect(await again.act('RESTART', done)).toMatchObject([{ kind: 'accepted' }]);
    expect(await act('RESTART', 'mail:none')).toEqual([{ kind: 'notFound' }]);
  });

  test('a delayed job starts now, once', async () => {
    const id = await add(createQueue('mail'), 'encode', { delay: 3_600_000 });
    const { act } = startAdapter(server.url);
    expect(await act('START', id)).toMatchObject([{ kind: 'accepted', job: { status: 'QUEUED' } }]);
    expect(await act('START', id)).toMatchObject([{ kind: 'rejected', vendorCode: '-3' }]);
  });

  test("a scheduler's next run is neither canceled nor, without the setting, started", async () => {
    const queue = createQueue('mail');
    await queue.upsertJobScheduler('nightly', { every: 3_600_000, startDate: Date.now() + 3_600_000 }, { name: 'encode' });
    const { list, act, adapter } = startAdapter(server.url);
    const [job] = Array.from((await list()).values());
    if (!job) throw new Error('The scheduler has no next run');
    expect(adapter.checkEligibility?.('CANCEL', job)).toMatch(/next run of a scheduler/);
    expect(adapter.checkEligibility?.('START', job)).toMatch(/startScheduledRuns/);
    expect(startAdapter(server.url, { startScheduledRuns: true }).adapter.checkEligibility?.('START', job)).toBeNull();
    expect(await act('CANCEL', job.vendorId)).toMatchObject([{ kind: 'rejected', problem: { code: 'NOT_ELIGIBLE' }, vendorCode: '-8' }]);
  });

  test('the parent of a flow is not canceled while it waits for its children', async () => {
    const flow = new FlowProducer({ connection: { host: '127.0.0.1', port: server.port } });
    onTestFinished(() => flow.close());
    await flow.add({ name: 'film', queueName: 'films', children: [{ name: 'encode', queueName: 'video' }] });
    const { list, adapter } = startAdapter(server.url);
    const parent = Array.from((await list()).values()).find(({ scope }) => scope === 'films');
    expect(parent).toMatchObject({ status: 'QUEUED', vendorStatus: 'waiting-children' });
    expect(parent && adapter.checkEligibility?.('CANCEL', parent)).toMatch(/children/);
  });

  describe('of active jobs', () => {
    const settings = { cancelTopic: 'jobs.{queue}.cancel', cancelReason: 'Stopped by Jobyard' };

    test('a worker that obeys ends the job as CANCELLED, one that ignores it does not', async () => {
      const queue = createQueue('mail');
      const obeying = await add(queue, 'obey');
      const ignoring = await add(queue, 'ignore');
      await startWorker(server.port, 'mail', 'jobs.mail.cancel');
      const { act, read, adapter } = startAdapter(server.url, settings);
      await expect.poll(async () => [(await read(obeying))?.status, (await read(ignoring))?.status]).toEqual(['RUNNING', 'RUNNING']);
      expect(adapter.actions.CANCEL.allowedStatuses).toContain('RUNNING');
      expect(await act('CANCEL', obeying)).toEqual([{ kind: 'accepted', job: null }]);
      expect(await act('CANCEL', ignoring)).toEqual([{ kind: 'accepted', job: null }]);
      await expect.poll(async () => (await read(obeying))?.status).toBe('CANCELLED');
      expect(await read(ignoring)).toMatchObject({ status: 'RUNNING' });
      await server.redis.set('end ignored', '1');
      await expect.poll(async () => (await read(ignoring))?.status).toBe('SUCCEEDED');
    });

    test('are rejected if no worker listens, or the topic cannot name the queue', async () => {
      const running = await add(createQueue('mail'), 'progress');
      const other = await add(createQueue('post office'), 'progress');
      await startWorker(server.port, 'mail');
      await startWorker(server.port, 'post office');
      const { act, read, adapter } = startAdapter(server.url, settings);
      await expect.poll(async () => [(await read(running))?.status, (await read(other))?.status]).toEqual(['RUNNING', 'RUNNING']);
      expect(await act('CANCEL', running)).toMatchObject([{ kind: 'rejected', vendorCode: 'no listener' }]);
      const job = await read(other);
      expect(job && adapter.checkEligibility?.('CANCEL', job)).toMatch(/cancelTopic/);
    });
  });

  test('a job whose worker died stays RUNNING until another worker takes it over', async () => {
    const id = await add(createQueue('mail'), 'die');
    await startWorker(server.port, 'mail');
    const { read } = startAdapter(server.url);
    await expect.poll(async () => (await read(id))?.status, { timeout: 10_000 }).toBe('RUNNING');
    await server.redis.hset('bull:mail:1', 'name', 'succeed');
    await startWorker(server.port, 'mail');
    await expect.poll(async () => (await read(id))?.status, { timeout: 10_000 }).toBe('SUCCEEDED');
    expect((await read(id))?.raw()).toMatchObject({ stalledCount: 1 });
  });
});

describe('logs', () => {
  const readLog = (adapter: ReturnType<typeof startAdapter>, vendorId: string, options: Partial<LogRequest> = {}) =>
    adapter.readLog(vendorId, { stepId: null, at: startOfList, count: 10, minSeverity: null, ...options });

  test('have the lines that the worker wrote, page by page', async () => {
    const id = await add(createQueue('mail'), 'log');
    await startWorker(server.port, 'mail');
    const adapter = startAdapter(server.url);
    await expect.poll(async () => (await adapter.read(id))?.status).toBe('SUCCEEDED');
    const first = await readLog(adapter, id);
    expect(first?.lines.map(({ message }) => message)).toEqual(Array.from({ length: 10 }, (_, index) => `row ${index}`));
    expect(first).toMatchObject({ next: { part: null, row: 10 }, hasMore: true, omission: null });
    const rest = await readLog(adapter, id, { at: first?.next ?? startOfList, count: 100 });
    expect(rest?.lines.map(({ message }) => message)).toEqual(Array.from({ length: 15 }, (_, index) => `row ${index + 10}`));
    expect(rest?.hasMore).toBe(false);
  });

  test('continue with the lines that are written later', async () => {
    const queue = createQueue('mail');
    const job = await queue.add('encode', {});
    const adapter = startAdapter(server.url);
    const empty = await readLog(adapter, `mail:${job.id}`);
    expect(empty).toMatchObject({ lines: [], hasMore: false });
    await job.log('later');
    expect((await readLog(adapter, `mail:${job.id}`, { at: empty?.next ?? startOfList }))?.lines).toMatchObject([{ message: 'later' }]);
  });

  test('of which only the last lines are kept say so', async () => {
    const job = await createQueue('mail').add('encode', {}, { keepLogs: 3 });
    for (const row of ['a', 'b', 'c', 'd', 'e']) await job.log(row);
    const log = await readLog(startAdapter(server.url), `mail:${job.id}`);
    expect(log?.lines.map(({ message }) => message)).toEqual(['c', 'd', 'e']);
    expect(log?.omission).toMatch(/^The job keeps only its last 3 lines/);
  });

  test('of a removed job are null, and those that were cleared are reported', async () => {
    const job = await createQueue('mail').add('encode', {});
    const adapter = startAdapter(server.url);
    await job.log('one');
    const at = (await readLog(adapter, `mail:${job.id}`))?.next ?? startOfList;
    await job.clearLogs();
    expect(await readLog(adapter, `mail:${job.id}`, { at })).toMatchObject({ lines: [], omission: expect.stringMatching(/fewer lines/) });
    await job.remove();
    expect(await readLog(adapter, `mail:${job.id}`)).toBeNull();
  });
});

describe('outputs', () => {
  const outputsOf = async (adapter: JobSystemAdapter, vendorId: string, status: JobStatus) => {
    const read = await adapter.getOutputs?.(createJob('queues', jobFields(vendorId, { status }), new Date()), createCall());
    if (!read?.ok) throw new Error(read?.problem.message);
    return read.value;
  };

  test('are what the processor of a completed job returned', async () => {
    const id = await add(createQueue('mail'), 'succeed');
    await startWorker(server.port, 'mail');
    const { adapter, read } = startAdapter(server.url);
    await expect.poll(async () => (await read(id))?.status).toBe('SUCCEEDED');
    expect(await outputsOf(adapter, id, 'SUCCEEDED')).toEqual([
      { name: 'returnvalue', stepId: null, value: { secret: 'returned-secret' } },
    ]);
  });

  test('are none for a job that has not completed, even if an earlier attempt left a value, and text for what is not JSON', async () => {
    const job = await createQueue('mail').add('encode', {});
    const { adapter } = startAdapter(server.url);
    expect(await outputsOf(adapter, `mail:${job.id}`, 'SUCCEEDED')).toEqual([]);
    await server.redis.hset(`bull:mail:${job.id}`, 'returnvalue', '{broken');
    expect(await outputsOf(adapter, `mail:${job.id}`, 'RUNNING')).toEqual([]);
    expect(await outputsOf(adapter, `mail:${job.id}`, 'SUCCEEDED')).toMatchObject([{ value: '{broken' }]);
  });
});
