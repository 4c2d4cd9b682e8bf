import { expect, test } from 'vitest';
import { errorType, startAtMs, startVaultWithSession, type Vault } from './sandbox-client.ts';

const hourMs = 3_600_000;
const ids = (answer: { body: { jobs: { job_id: number }[] } }) => answer.body.jobs.map(({ job_id }) => job_id);

function addEndedJob(vault: Pick<Vault, 'state'>, endedAtMs: number, status: 'SUCCESS' | 'TIMEOUT' = 'SUCCESS'): number {
  return vault.state.addJob({ status, createdAtMs: endedAtMs - hourMs, startedAtMs: endedAtMs - 60_000, endedAtMs });
}

test('a page of histories has the documented shape, with no key for what is absent', async () => {
  const vault = await startVaultWithSession();
  const id = addEndedJob(vault, startAtMs - 500);
  const { text } = await vault.get('/services/jobs/histories');
  const job = { job_id: id, title: 'Export Documents', status: 'SUCCESS', created_by: 20_417, created_date: '2026-03-02T10:59:59.000Z' };
  const dates = { run_start_date: '2026-03-02T11:58:59.000Z', run_end_date: '2026-03-02T11:59:59.000Z' };
  const page = {
    responseStatus: 'SUCCESS',
    responseMessage: 'OK',
    url: '/api/v26.1/services/jobs/histories?limit=50&offset=0',
    responseDetails: { total: 1, limit: 50, offset: 0 },
    jobs: [{ ...job, modified_by: 20_417, modified_date: '2026-03-02T12:00:00.000Z', ...dates }],
  };
  expect(text).toBe(JSON.stringify(page));
});

test('a row of monitors has the planned start until the job runs, and no end', async () => {
  const vault = await startVaultWithSession();
  vault.state.addJob({ status: 'SCHEDULED', plannedStartMs: startAtMs + hourMs, frozen: true });
  vault.state.addJob({ status: 'RUNNING', startedAtMs: startAtMs - 60_000, frozen: true });
  const { jobs } = (await vault.get('/services/jobs/monitors')).body;
  expect(jobs.map(({ run_start_date }) => run_start_date)).toEqual(['2026-03-02T13:00:00.000Z', '2026-03-02T11:59:00.000Z']);
  const keys = ['job_id', 'title', 'status', 'created_by', 'created_date', 'modified_by', 'modified_date', 'run_start_date'];
  for (const job of jobs) expect(Object.keys(job)).toEqual(keys);
});

test('following next_page reads every job once; links are absent at the ends', async () => {
  const vault = await startVaultWithSession();
  const all = vault.state.addJobs(5, { status: 'SUCCESS' }).reverse();
  const first = await vault.get('/services/jobs/histories?limit=2');
  expect(first.body.responseDetails).toEqual({
    total: 5,
    limit: 2,
    offset: 0,
    next_page: '/api/v26.1/services/jobs/histories?limit=2&offset=2',
  });
  const seen = ids(first);
  let last = first;
  for (let next = first.body.responseDetails.next_page; next; next = last.body.responseDetails.next_page) {
    last = await vault.call('GET', next, { headers: { authorization: vault.session } });
    seen.push(...ids(last));
  }
  expect(seen).toEqual(all);
  expect(last.body.responseDetails).toEqual({
    total: 5,
    limit: 2,
    offset: 4,
    previous_page: '/api/v26.1/services/jobs/histories?limit=2&offset=2',
  });
  const exactEnd = (await vault.get('/services/jobs/histories?limit=1&offset=4')).body;
  expect(exactEnd.jobs).toHaveLength(1);
  expect(exactEnd.responseDetails).not.toHaveProperty('next_page');
  const beyond = (await vault.get('/services/jobs/histories?limit=2&offset=51')).body;
  expect(beyond.jobs).toEqual([]);
  expect(beyond.responseDetails).not.toHaveProperty('next_page');
});

test('page links keep the filters, and are full URLs if the switch demands it', async () => {
  const vault = await startVaultWithSession({ switches: { pageLinks: 'url' } });
  vault.state.addJobs(3, { status: 'TIMEOUT' });
  vault.state.addJob({ status: 'SUCCESS' });
  const { body } = await vault.get('/services/jobs/histories?status=timeout&end_date=2026-03-02T12:00:00Z&limit=1&offset=1');
  const path = '/api/v26.1/services/jobs/histories?end_date=2026-03-02T12%3A00%3A00Z&status=timeout&limit=1&offset=';
  expect(body.url).toBe(`${path}1`);
  expect(body.responseDetails).toMatchObject({ total: 3, previous_page: `${vault.url}${path}0`, next_page: `${vault.url}${path}2` });
});

test('rejects a limit outside 1 to 200 and odd offsets', async () => {
  const vault = await startVaultWithSession();
  for (const query of [
    'limit=0',
    'limit=201',
    'limit=-5',
    'limit=ten',
    'limit=',
    'limit=1.5',
    'offset=-1',
    'offset=x',
    'limit=99999999999999',
  ]) {
    expect(errorType(await vault.get(`/services/jobs/monitors?${query}`)), query).toBe('INVALID_DATA');
  }
  expect((await vault.get('/services/jobs/monitors?limit=200&offset=0')).body.responseDetails.limit).toBe(200);
  vault.switches.limitOutOfRange = 'clamp';
  expect((await vault.get('/services/jobs/monitors?limit=1000')).body.responseDetails.limit).toBe(200);
  expect((await vault.get('/services/jobs/monitors?limit=0')).body.responseDetails.limit).toBe(1);
});

test('lists histories newest first, by ID or by end', async () => {
  const vault = await startVaultWithSession();
  const slow = addEndedJob(vault, startAtMs - 1_000);
  const quick = addEndedJob(vault, startAtMs - 2_000);
  expect(ids(await vault.get('/services/jobs/histories'))).toEqual([quick, slow]);
  vault.switches.historiesOrder = 'run_end_date';
  expect(ids(await vault.get('/services/jobs/histories'))).toEqual([slow, quick]);
});

test('lists monitors oldest first, or newest first', async () => {
  const vault = await startVaultWithSession();
  const all = vault.state.addJobs(3, { frozen: true });
  expect(ids(await vault.get('/services/jobs/monitors'))).toEqual(all);
  vault.switches.monitorsOrder = 'newest_first';
  expect(ids(await vault.get('/services/jobs/monitors'))).toEqual(all.reverse());
});

test('monitors can be filtered by scheduled, queued and running, and by nothing else', async () => {
  const vault = await startVaultWithSession();
  for (const status of ['SCHEDULED', 'QUEUEING', 'QUEUED', 'RUNNING', 'CANCELLING'] as const) vault.state.addJob({ status, frozen: true });
  const statuses = async (query: string) => (await vault.get(`/services/jobs/monitors${query}`)).body.jobs.map(({ status }) => status);
  expect(await statuses('')).toEqual(['SCHEDULED', 'QUEUEING', 'QUEUED', 'RUNNING', 'CANCELLING']);
  expect(await statuses('?status=scheduled')).toEqual(['SCHEDULED']);
  expect(await statuses('?status=queued')).toEqual(['QUEUED']);
  expect(await statuses('?status=running')).toEqual(['RUNNING']);
  for (const status of ['queueing', 'cancelling', 'success', '']) {
    expect(errorType(await vault.get(`/services/jobs/monitors?status=${status}`)), status).toBe('INVALID_DATA');
  }
  vault.switches.queuedFilterListsQueueing = true;
  expect(await statuses('?status=queued')).toEqual(['QUEUEING', 'QUEUED']);
});

test('histories can be filtered by every documented end', async () => {
  const vault = await startVaultWithSession();
  const ends = [
    'SUCCESS',
    'ERRORS_ENCOUNTERED',
    'FAILED_TO_RUN',
    'MISSED_SCHEDULE',
    'TIMEOUT',
    'COMPLETED_DUE_TO_INACTIVITY',
    'CANCELLED',
  ] as const;
  for (const status of [...ends, 'FAILURE' as const]) vault.state.addJob({ status });
  for (const end of ends) {
    const { jobs } = (await vault.get(`/services/jobs/histories?status=${end.toLowerCase()}`)).body;
    expect(jobs.map(({ status }) => status)).toEqual([end]);
  }
  expect(errorType(await vault.get('/services/jobs/histories?status=failure'))).toBe('INVALID_DATA');
  expect(errorType(await vault.get('/services/jobs/histories?status=running'))).toBe('INVALID_DATA');
  const headers = { authorization: vault.session };
  expect(errorType(await vault.call('GET', '/api/v25.1/services/jobs/histories?status=timeout', { headers }))).toBe('INVALID_DATA');
  expect((await vault.call('GET', '/api/v25.2/services/jobs/histories?status=timeout', { headers })).body.jobs).toHaveLength(1);
});

test('filter values are taken in any case, or in lower case only', async () => {
  const vault = await startVaultWithSession();
  vault.state.addJob({ status: 'SUCCESS' });
  expect((await vault.get('/services/jobs/histories?status=SUCCESS')).body.jobs).toHaveLength(1);
  vault.switches.statusFilterCase = 'lower_only';
  expect(errorType(await vault.get('/services/jobs/histories?status=SUCCESS'))).toBe('INVALID_DATA');
  expect((await vault.get('/services/jobs/histories?status=success')).body.jobs).toHaveLength(1);
});

test('accepts whole seconds in UTC as date filters, and other forms only if the switch allows them', async () => {
  const vault = await startVaultWithSession();
  const id = addEndedJob(vault, startAtMs);
  const others = ['2026-03-02T12:00:00.000Z', '2026-03-02T13:00:00%2B01:00', '2026-03-02T12:00Z', '2026-03-02T12:00:00Z[UTC]'];
  const never = ['2026-02-31T00:00:00Z', '2026-03-02', 'yesterday', '', '1772452800000'];
  for (const date of [...others, ...never]) {
    expect(errorType(await vault.get(`/services/jobs/histories?start_date=${date}`)), date).toBe('INVALID_DATA');
    expect(errorType(await vault.get(`/services/jobs/monitors?end_date=${date}`)), date).toBe('INVALID_DATA');
  }
  vault.switches.dateForms = 'iso';
  for (const date of others)
    expect(ids(await vault.get(`/services/jobs/histories?start_date=${date}&end_date=${date}`)), date).toEqual([id]);
  for (const date of never) expect(errorType(await vault.get(`/services/jobs/histories?start_date=${date}`)), date).toBe('INVALID_DATA');
});

test('histories compare dates with the end, including both bounds, or as the switches demand', async () => {
  const vault = await startVaultWithSession();
  const early = addEndedJob(vault, startAtMs - 2 * hourMs);
  const late = addEndedJob(vault, startAtMs + 400);
  const found = async (query: string) => ids(await vault.get(`/services/jobs/histories?${query}`));
  expect(await found('start_date=2026-03-02T10:00:00Z&end_date=2026-03-02T12:00:00Z')).toEqual([late, early]);
  expect(await found('start_date=2026-03-02T10:00:01Z')).toEqual([late]);
  expect(await found('end_date=2026-03-02T11:59:59Z')).toEqual([early]);
  vault.switches.dateBoundsInclusive = false;
  expect(await found('start_date=2026-03-02T10:00:00Z&end_date=2026-03-02T12:00:01Z')).toEqual([late]);
  expect(await found('end_date=2026-03-02T12:00:00Z')).toEqual([early]);
  vault.switches.historiesDateField = 'run_start_date';
  expect(await found('end_date=2026-03-02T11:59:01Z')).toEqual([late, early]);
  vault.switches.historiesDateField = 'created_date';
  expect(await found('end_date=2026-03-02T11:00:01Z')).toEqual([late, early]);
  expect(await found('start_date=2026-03-02T10:59:59Z&end_date=2026-03-02T11:00:01Z')).toEqual([late]);
});

test('monitors compare dates with the creation of the instance', async () => {
  const vault = await startVaultWithSession();
  const id = vault.state.addJob({ status: 'SCHEDULED', createdAtMs: startAtMs - hourMs, plannedStartMs: startAtMs + hourMs });
  expect(ids(await vault.get('/services/jobs/monitors?start_date=2026-03-02T11:00:00Z&end_date=2026-03-02T11:00:00Z'))).toEqual([id]);
  expect(ids(await vault.get('/services/jobs/monitors?start_date=2026-03-02T11:00:01Z'))).toEqual([]);
});

test('the times of scheduled jobs can be in the time zone of the Vault', async () => {
  const vault = await startVaultWithSession({ switches: { scheduledTimesOffsetMinutes: -300 } });
  vault.state.addJob({ status: 'SCHEDULED', plannedStartMs: startAtMs + hourMs, repeatEveryMs: 24 * hourMs });
  vault.state.addJob({ frozen: true });
  const { jobs } = (await vault.get('/services/jobs/monitors')).body;
  expect(jobs.map(({ created_date }) => created_date)).toEqual(['2026-03-02T07:00:00.000Z', '2026-03-02T12:00:00.000Z']);
});

test('fifty thousand ended jobs are paged quickly', async () => {
  const vault = await startVaultWithSession();
  vault.state.addJobs(50_000, { status: 'SUCCESS' });
  const startedAtMs = performance.now();
  let offset = 0;
  for (; offset < 50_000; offset += 2_500) {
    expect((await vault.get(`/services/jobs/histories?status=success&limit=200&offset=${offset}`)).body.jobs).toHaveLength(200);
  }
  expect((performance.now() - startedAtMs) / (offset / 2_500)).toBeLessThan(150);
});
