import { describe, expect, test } from 'vitest';
import { createClock } from '../../../src/sandbox-kit/clock.ts';
import { cancel, get, list, start, startedAt } from './sandbox-client.ts';

const clock = () => createClock({ startAtMs: startedAt, frozen: true });
const minute = 60_000;

describe('the seeded jobs', () => {
  test('are 120 in every status, of the last five days', async () => {
    const sandbox = await start({}, { jobs: 120 });
    const { job_id: ids, status, time_received: times, endpoint_name: endpoints, auth_id: owners } = await list(sandbox);
    expect(new Set(ids).size).toBe(120);
    const counts = Map.groupBy(status, (word) => word);
    for (const word of ['WAITING', 'RUNNING', 'DONE', 'ERROR', 'CANCELLED']) expect(counts.get(word)?.length).toBeGreaterThan(3);
    expect(Math.max(...times)).toBeLessThan(startedAt);
    expect(Math.min(...times)).toBeGreaterThan(startedAt - 5 * 24 * 60 * minute);
    expect(Math.min(...times)).toBeLessThan(startedAt - 4 * 24 * 60 * minute);
    expect(new Set(endpoints).size).toBeGreaterThan(12);
    expect(new Set(owners).size).toBeGreaterThan(8);
  });

  test('include synchronous jobs, a runaway, and a write that others wait for', async () => {
    const sandbox = await start({}, { jobs: 120 });
    const jobs = [...sandbox.state.jobs()];
    expect(jobs.filter(({ kind }) => kind === 'sync').length).toBeGreaterThan(5);
    const runaway = jobs.find(({ userData }) => userData === 'trip-pairs-experiment');
    expect(runaway?.receivedAtMs).toBeLessThan(startedAt - 4 * 60 * minute);
    expect((await cancel(sandbox, [runaway?.id ?? ''])).status).toEqual(['OK']);
    const waiting = () => [...sandbox.state.jobs()].filter(({ status }) => status === 'WAITING').length;
    expect(waiting()).toBeGreaterThan(0);
    sandbox.clock.advance(3 * minute);
    await list(sandbox);
    expect(waiting()).toBe(0);
    expect(jobs.find(({ userData }) => userData === 'load-track-backfill')?.status).toBe('DONE');
  });

  test('are the same for the same seed, and others for another', async () => {
    const read = async (seed: number) => {
      const sandbox = await start({ arrivals: true }, { jobs: 60, seed, clock: clock() });
      const first = await list(sandbox);
      sandbox.clock.advance(20 * minute);
      return [first, await list(sandbox)];
    };
    const first = await read(7);
    expect(await read(7)).toEqual(first);
    expect(await read(8)).not.toEqual(first);
  });

  test.each([0, 1, 5, 1000])('can be %d', async (jobs) => {
    const sandbox = await start({}, { jobs });
    expect((await list(sandbox)).job_id).toHaveLength(jobs);
  });

  test('all end if no new jobs arrive', async () => {
    const sandbox = await start({}, { jobs: 120 });
    sandbox.clock.advance(24 * 60 * minute);
    const { job_id: ids, status } = await list(sandbox);
    expect(ids.length).toBeGreaterThan(60);
    expect(ids.length).toBeLessThan(120);
    expect(status.filter((word) => word === 'RUNNING' || word === 'WAITING')).toEqual([]);
  });
});

describe('new jobs', () => {
  test('arrive every 20 to 60 seconds, run and end', async () => {
    const sandbox = await start({ arrivals: true });
    sandbox.clock.advance(60 * minute);
    await list(sandbox);
    const jobs = [...sandbox.state.jobs()];
    expect(jobs.length).toBeGreaterThanOrEqual(60);
    expect(jobs.length).toBeLessThanOrEqual(180);
    const gaps = jobs.slice(1).map((job, place) => job.receivedAtMs - (jobs[place]?.receivedAtMs ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(20_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60_000);
    const words = new Set(jobs.map(({ status }) => status));
    expect(words).toContain('RUNNING');
    expect(words).toContain('DONE');
    expect(words).toContain('ERROR');
  });

  test('push out the oldest ended jobs beyond the cap, and no others', async () => {
    const sandbox = await start({ arrivals: true, endedJobsKept: 10 });
    const running = sandbox.state.addJob();
    const ended = Array.from({ length: 30 }, () => sandbox.state.addJob({ status: 'DONE' }));
    sandbox.clock.advance(minute);
    await list(sandbox);
    expect(ended.filter((id) => sandbox.state.job(id)).length).toBeLessThanOrEqual(10);
    expect(sandbox.state.job(ended.at(-1) ?? '')).toBeDefined();
    expect(sandbox.state.job(running)).toBeDefined();
    sandbox.clock.advance(24 * 60 * minute);
    expect((await list(sandbox)).job_id.length).toBeLessThan(60);
    expect(sandbox.state.job(running)).toBeDefined();
  });

  test('stay away where that is switched off', async () => {
    const sandbox = await start();
    sandbox.clock.advance(60 * minute);
    expect((await list(sandbox)).job_id).toEqual([]);
  });
});

describe('a pair for high availability', () => {
  test('the same id names another job, and the tags are shared', async () => {
    const primary = await start({ cluster: 'primary', arrivals: true }, { jobs: 120, clock: clock() });
    const backup = await start({ cluster: 'backup', arrivals: true }, { jobs: 120, clock: clock() });
    for (const sandbox of [primary, backup]) {
      sandbox.clock.advance(30 * minute);
      await list(sandbox);
    }
    const jobs = [...primary.state.jobs()];
    const namesakes = jobs.filter(({ id }) => backup.state.job(id));
    expect(namesakes.length).toBeGreaterThan(120);
    for (const job of namesakes) {
      const other = backup.state.job(job.id);
      expect([other?.tag, other?.endpoint, other?.sourceIp]).not.toEqual([job.tag, job.endpoint, job.sourceIp]);
      if (job.tag !== '') expect(other?.tag).not.toBe(job.tag);
    }
    const shared = jobs.filter(({ tag }) => tag !== '' && backup.state.jobOfTag(tag));
    expect(shared.length).toBeGreaterThan(80);
    for (const job of shared) {
      const copy = backup.state.jobOfTag(job.tag);
      expect(copy?.id).not.toBe(job.id);
      expect(copy).toMatchObject({ endpoint: job.endpoint, queryText: job.queryText, authId: job.authId });
    }
  });

  test('a tag finds the job on the backup, where its id would name another', async () => {
    const primary = await start({ cluster: 'primary' }, { jobs: 30, clock: clock() });
    const backup = await start({ cluster: 'backup' }, { jobs: 30, clock: clock() });
    const [, job] = [...primary.state.jobs()];
    const copy = await get(backup, job?.id ?? '', { job_tag: job?.tag ?? '' });
    expect(copy).toMatchObject({ endpoint: job?.endpoint, job_status: job?.status });
    expect(backup.state.job(job?.id ?? '')?.tag).not.toBe(job?.tag);
  });
});
