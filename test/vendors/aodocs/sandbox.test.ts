import { describe, expect, it } from 'vitest';
import { startAodocsSandbox } from '../../../src/vendors/aodocs/sandbox/index.ts';
import { refusal, startMs, startQuiet } from './sandbox-setup.ts';

describe('a job', () => {
  it('has the properties of ApiJob in order, with 64-bit integers as text', async () => {
    const { add, get, libraryId } = await startQuiet();
    const jobId = add({
      type: 'MOVE_DOCUMENTS_AND_FOLDERS',
      requestor: 'dana.ruiz@brightwater.example',
      startedAtMs: 1_781_000_123_456,
      lastActivityAtMs: 1_781_000_187_002,
      remainingTasks: 118,
      succeededTasks: 402,
      failedTasks: 3,
      taskRetries: 5,
    });
    const { status, headers, text } = await get(`/job/v1/${jobId}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=UTF-8');
    const job = {
      kind: 'aodocs#job',
      jobId,
      libraryId,
      type: 'MOVE_DOCUMENTS_AND_FOLDERS',
      status: 'IN_PROGRESS',
      completed: false,
      requestor: 'dana.ruiz@brightwater.example',
      startedAt: '1781000123456',
      lastActivityAt: '1781000187002',
      remainingTasks: 118,
      succeededTasks: 402,
      failedTasks: 3,
      taskRetries: 5,
    };
    expect(text).toBe(JSON.stringify(job, null, 1));
  });

  it('is written on one line with prettyPrint=false, and indented again on request where the switch is off', async () => {
    const { add, get, sandbox } = await startQuiet();
    const jobId = add();
    expect((await get(`/job/v1/${jobId}?prettyPrint=false`)).text).not.toContain('\n');
    sandbox.switches.prettyPrint = false;
    expect((await get(`/job/v1/${jobId}`)).text).not.toContain('\n');
    expect((await get(`/job/v1/${jobId}?prettyPrint=TRUE`)).text).toContain('\n "jobId"');
  });

  it('has numbers, no zeros, no kind, or an unknown property if the switches demand it', async () => {
    const { add, get, sandbox } = await startQuiet();
    const jobId = add({ startedAtMs: 1_781_000_123_456 });
    expect((await get(`/job/v1/${jobId}`)).body).toMatchObject({ failedTasks: 0, completed: false, kind: 'aodocs#job' });
    expect((await get(`/job/v1/${jobId}`)).body).not.toHaveProperty('priority');
    Object.assign(sandbox.switches, { int64: 'numbers', zeros: 'omitted', kinds: false, unknownProperties: true });
    const { body } = await get(`/job/v1/${jobId}`);
    expect(body.startedAt).toBe(1_781_000_123_456);
    expect(body).toHaveProperty('priority');
    for (const name of ['kind', 'failedTasks', 'taskRetries', 'completed', 'succeededTasks']) expect(body).not.toHaveProperty(name);
  });

  it('leaves out null values and absent properties', async () => {
    const { add, get, libraryId } = await startQuiet();
    const domainJob = await get(`/job/v1/${add({ libraryId: null })}`);
    expect(domainJob.body).not.toHaveProperty('libraryId');
    const uncounted = await get(`/job/v1/${add({ absent: ['remainingTasks', 'requestor'] })}`);
    expect(uncounted.body).toMatchObject({ libraryId, succeededTasks: 0 });
    expect(uncounted.body).not.toHaveProperty('remainingTasks');
    expect(uncounted.body).not.toHaveProperty('requestor');
  });

  it.each([
    ['noTasksRemain', [true, false, true]],
    ['ended', [false, true, true]],
    ['succeeded', [false, false, true]],
  ] as const)('is completed by the rule %s', async (completed, expected) => {
    const { add, get } = await startQuiet({ completed });
    const jobs = [
      add({ status: 'IN_PROGRESS', remainingTasks: 0 }),
      add({ status: 'FAILED', remainingTasks: 4 }),
      add({ status: 'COMPLETED', remainingTasks: 0 }),
    ];
    const flags = await Promise.all(jobs.map(async (jobId) => (await get(`/job/v1/${jobId}`)).body.completed));
    expect(flags).toEqual(expected);
  });

  it('is found by its exact id only', async () => {
    const { add, get } = await startQuiet();
    add({ jobId: 'SameIdButOneLetterk', type: 'MOVE_FOLDER' });
    add({ jobId: 'SameIdButOneLetterK', type: 'DELETE_FOLDER' });
    expect((await get('/job/v1/SameIdButOneLetterk')).body.type).toBe('MOVE_FOLDER');
    expect((await get('/job/v1/SameIdButOneLetterK')).body.type).toBe('DELETE_FOLDER');
    expect(refusal(await get('/job/v1/sameidbutoneletterk'))).toEqual({
      http: 404,
      code: 404,
      reason: 'notFound',
      domain: 'global',
      message: 'No entity was found matching the key: Job("sameidbutoneletterk")',
    });
  });
});

describe('paths', () => {
  it('that have no route, or not for the method, are a plain text 404', async () => {
    const { add, call, libraryId } = await startQuiet();
    const jobId = add();
    for (const [method, path] of [
      ['GET', `/job/v1/${jobId}/cancel`],
      ['DELETE', `/job/v1/${jobId}`],
      ['POST', `/job/v1/libraries/${libraryId}/jobs`],
      ['GET', '/job/v2/x'],
      ['GET', '/job/v1'],
      ['GET', ''],
    ] as const) {
      const { status, headers, text } = await call(method, path);
      expect([method, path, status, text]).toEqual([method, path, 404, 'Not Found']);
      expect(headers.get('content-type')).toMatch(/^text\/plain/);
    }
  });

  it('without an id read the job that is called like the literal segment', async () => {
    const { get, call } = await startQuiet();
    expect(refusal(await get('/job/v1/libraries')).message).toBe('No entity was found matching the key: Job("libraries")');
    expect(refusal(await get('/job/v1/events/')).message).toBe('No entity was found matching the key: Job("events")');
    expect(refusal(await call('POST', '/job/v1/events/cancel')).message).toBe('No entity was found matching the key: Job("events")');
    expect(refusal(await get('/job/v1/libraries/cancel')).message).toBe("Library with id 'cancel' does not exist");
  });

  it('may end with a slash, and ids may be percent-encoded', async () => {
    const { add, get } = await startQuiet();
    const jobId = add({ jobId: 'Odd:id/withÜ' });
    expect((await get(`/job/v1/${encodeURIComponent(jobId)}//`)).body.jobId).toBe(jobId);
    expect(refusal(await get('/job/v1/%E0%A4%A')).reason).toBe('badRequest');
  });

  it('lose against a query parameter of the same name', async () => {
    const { add, call, state, list, libraryId } = await startQuiet();
    const [inPath, inQuery] = [add(), add()];
    expect((await call('POST', `/job/v1/${inPath}/cancel?jobId=${inQuery}`)).body.jobId).toBe(inQuery);
    expect(state.job(inPath)?.status).toBe('IN_PROGRESS');
    expect(state.job(inQuery)?.status).toBe('CANCELLED');
    expect(refusal(await list('?libraryId=elsewhere')).message).toBe("Library with id 'elsewhere' does not exist");
    expect((await call('GET', `/job/v1/libraries/elsewhere?libraryId=${libraryId}`)).body.jobList).toHaveLength(2);
  });

  it('follow X-HTTP-Method-Override', async () => {
    const { add, call } = await startQuiet();
    const jobId = add();
    const read = await call('POST', `/job/v1/${jobId}`, { headers: { 'x-http-method-override': 'get' } });
    expect(read.body.status).toBe('IN_PROGRESS');
  });
});

describe('partial responses', () => {
  it('have the requested fields, nested by brackets or slashes, in the order of the whole response', async () => {
    const { add, list } = await startQuiet();
    add({ jobId: 'JobA', startedAtMs: 2 });
    add({ jobId: 'JobB', startedAtMs: 1 });
    expect((await list(`?pageSize=1&fields=${encodeURIComponent('nextPageToken,jobList(status,jobId)')}`)).body).toEqual({
      jobList: [{ jobId: 'JobA', status: 'IN_PROGRESS' }],
      nextPageToken: expect.any(String),
    });
    expect((await list('?fields=jobList/jobId')).body).toEqual({ jobList: [{ jobId: 'JobA' }, { jobId: 'JobB' }] });
    expect((await list('?fields=*/jobId,kind')).body).toEqual({ kind: 'aodocs#jobList', jobList: [{ jobId: 'JobA' }, { jobId: 'JobB' }] });
    expect((await list('?fields=nothing,jobList/nothing')).body).toEqual({});
    expect((await list('?fields=*')).body.jobList).toHaveLength(2);
    expect((await list('?fields=jobList(jobId),jobList')).body.jobList[0]).toHaveProperty('type');
  });

  it.each(['jobList(', 'jobList)', 'a,,b', '/jobList', 'a(b', 'a()', ',', `${'a('.repeat(99)}b${')'.repeat(99)}`])(
    'are rejected for the expression %s, before anything happens',
    async (expression) => {
      const { add, call, state } = await startQuiet();
      const jobId = add();
      const answer = await call('POST', `/job/v1/${jobId}/cancel?fields=${encodeURIComponent(expression)}`);
      expect(refusal(answer)).toMatchObject({ http: 400, reason: 'invalidParameter' });
      expect(state.job(jobId)?.status).toBe('IN_PROGRESS');
    },
  );
});

describe('events', () => {
  it('are listed oldest first with the job, a page at a time', async () => {
    const { add, get, state, clock } = await startQuiet();
    const jobId = add({ events: [{ atMs: startMs - 5, severity: 'INFO', message: 'Started' }] });
    clock.advance(1000);
    state.addEvent(jobId, { severity: 'ERROR', message: 'Could not process' });
    const { body } = await get(`/job/v1/events/${jobId}?maxResults=1`);
    expect(Object.keys(body)).toEqual(['kind', 'events', 'job', 'nextPageToken']);
    expect(body.kind).toBe('aodocs#jobEventList');
    expect(body.job).toEqual((await get(`/job/v1/${jobId}`)).body);
    expect(body.events).toEqual([{ kind: 'aodocs#jobEvent', message: 'Started', severity: 'INFO', timestamp: String(startMs - 5) }]);
    const next = await get(`/job/v1/events/${jobId}?maxResults=1&pageToken=${body.nextPageToken}`);
    expect(next.body.events).toMatchObject([{ message: 'Could not process', timestamp: String(startMs + 1000) }]);
    expect(next.body).not.toHaveProperty('nextPageToken');
  });

  it('can be errors only, number 100 on a page, and are left out where there are none', async () => {
    const { add, get } = await startQuiet();
    const events = Array.from({ length: 150 }, (_, index) => ({
      atMs: startMs + index,
      severity: index % 2 ? ('ERROR' as const) : ('WARN' as const),
      message: `Event ${index}`,
    }));
    const jobId = add({ events });
    expect((await get(`/job/v1/events/${jobId}`)).body.events).toHaveLength(100);
    const errors = await get(`/job/v1/events/${jobId}?onlyErrors=true`);
    expect(errors.body.events).toHaveLength(75);
    expect(errors.body).not.toHaveProperty('nextPageToken');
    expect((await get(`/job/v1/events/${add()}`)).body).not.toHaveProperty('events');
    const { nextPageToken } = (await get(`/job/v1/events/${jobId}`)).body;
    expect(refusal(await get(`/job/v1/events/${jobId}?onlyErrors=true&pageToken=${nextPageToken}`)).http).toBe(400);
    expect(refusal(await get(`/job/v1/events/${jobId}?onlyErrors=1`)).message).toBe(
      `Parse error for a parameter of type 'Boolean': invalid boolean value "1". Valid values are [true, false]`,
    );
    expect(refusal(await get('/job/v1/events/NoSuchJob')).reason).toBe('notFound');
  });
});

describe('the world it starts with', () => {
  it('has every status and type, an empty library and the special cases', async () => {
    const { state, get, sandbox } = await startQuiet({}, { jobs: 120 });
    const jobs = state.jobs();
    expect(jobs).toHaveLength(120);
    expect(new Set(jobs.map((job) => job.status))).toEqual(new Set(['IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED']));
    expect(new Set(jobs.map((job) => job.type)).size).toBe(65);
    expect(jobs.some((job) => job.status === 'COMPLETED' && job.failedTasks > 0)).toBe(true);
    expect(jobs.some((job) => job.libraryId === null)).toBe(true);
    expect(jobs.some((job) => job.absent.includes('remainingTasks'))).toBe(true);
    expect(jobs.some((job) => job.remainingTasks + job.succeededTasks + job.failedTasks === 0)).toBe(true);
    expect(new Set(jobs.map((job) => job.jobId.toLowerCase())).size).toBe(119);
    const sizes = await Promise.all(
      state.libraries.map(async (libraryId) => (await get(`/job/v1/libraries/${libraryId}?pageSize=100`)).body.jobList?.length ?? 0),
    );
    expect(sizes.filter((size) => size === 0)).toHaveLength(2); // Its own empty one, and the one of this test's setup.
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(119);
    expect(sandbox.settings).toMatchObject({ libraries: state.libraries, domain: 'brightwater.example' });
    for (const job of jobs) {
      expect(job.jobId).toMatch(/^[A-Za-z0-9]{18,19}$/);
      expect(job.startedAtMs).toBeLessThanOrEqual(job.lastActivityAtMs);
      expect(job.lastActivityAtMs).toBeLessThanOrEqual(startMs);
      expect(job.events.map((event) => event.atMs)).toEqual(job.events.map((event) => event.atMs).sort((a, b) => a - b));
    }
  });

  it('is the same for the same seed and clock, also after an hour of life, and another one for another seed', async () => {
    const live = async (seed: number, withCaller: boolean) => {
      const { state, clock, add, cancel } = await startQuiet({ arrivals: true }, { seed, jobs: 120 });
      clock.advance(1_800_000);
      // What a caller does to one job changes nothing for the others.
      const jobId = add();
      if (withCaller) await cancel(jobId);
      clock.advance(1_800_000);
      return state.jobs().filter((job) => job.jobId !== jobId);
    };
    const world = await live(7, true);
    expect(world.length).toBeGreaterThan(150);
    expect(await live(7, false)).toEqual(world);
    expect(await live(8, false)).not.toEqual(world);
  });

  it.each([0, 1, 5])('can be as small as %i jobs', async (count) => {
    const { state } = await startQuiet({}, { jobs: count });
    expect(state.jobs()).toHaveLength(count);
  });

  it('lives: jobs progress, grow, fail and end, and new ones arrive until the switch is off', async () => {
    const { state, clock, sandbox } = await startQuiet({ arrivals: true }, { jobs: 120 });
    const running = state.jobs().filter((job) => job.status === 'IN_PROGRESS');
    const totals = (jobId: string) => {
      const { remainingTasks = 0, succeededTasks = 0, failedTasks = 0 } = state.job(jobId) ?? {};
      return remainingTasks + succeededTasks + failedTasks;
    };
    const before = new Map(running.map((job) => [job.jobId, totals(job.jobId)]));
    clock.advance(60_000);
    const moved = running.filter((job) => (state.job(job.jobId)?.succeededTasks ?? 0) > job.succeededTasks);
    expect(moved.length).toBeGreaterThan(3);
    clock.advance(3_540_000);
    const later = running.map((job) => state.job(job.jobId));
    expect(later.filter((job) => job?.status === 'COMPLETED').length).toBeGreaterThan(3);
    expect([...before].some(([jobId, total]) => totals(jobId) > total)).toBe(true);
    const arrived = state.jobs().length - 120;
    expect(arrived).toBeGreaterThanOrEqual(60);
    expect(arrived).toBeLessThanOrEqual(180);
    const arrivals = state.jobs().slice(120);
    expect(new Set(arrivals.map((job) => job.status)).size).toBe(4);
    const ended = arrivals.find((job) => job.status === 'COMPLETED');
    expect(ended?.remainingTasks).toBe(0);
    expect(ended?.events.at(-1)?.message).toMatch(/^Completed: /);
    expect(arrivals.find((job) => job.status === 'FAILED')?.events.at(-1)).toMatchObject({ severity: 'ERROR' });

    sandbox.switches.arrivals = false;
    clock.advance(3_600_000);
    expect(state.jobs()).toHaveLength(120 + arrived);
  });

  it('keeps its memory bounded over weeks', async () => {
    const { state, clock } = await startQuiet({ arrivals: true }, { jobs: 20 });
    clock.advance(7 * 86_400_000);
    expect(state.jobs()).toHaveLength(520);
    expect(Math.max(...state.jobs().map((job) => job.events.length))).toBeLessThan(600);
  });

  it('moves with real time by default and can be closed', async () => {
    const sandbox = await startAodocsSandbox({ jobs: 3 });
    const answer = await fetch(`${sandbox.url}/job/v1/x`, { headers: { authorization: `securityCode ${sandbox.settings.securityCode}` } });
    expect(answer.status).toBe(404);
    expect(Math.abs(sandbox.clock.now() - Date.now())).toBeLessThan(1000);
    await sandbox.close();
    await expect(fetch(sandbox.url)).rejects.toThrow();
  });
});
