import { expect, test } from 'vitest';
import { basic, startMs, startSandbox } from './sandbox-client.ts';

const dayMs = 86_400_000;

/** The sandbox, and a list call that gives the subjects of the rows. */
async function startWithSubjects(options: Parameters<typeof startSandbox>[0] = {}) {
  const sandbox = await startSandbox(options);
  return {
    ...sandbox,
    async subjects(query: string, headers: Record<string, string> = {}): Promise<string[]> {
      const { status, body } = await sandbox.list(query, headers);
      expect(status, body.msg).toBe(200);
      return body.data.value.map((job: { target_subject: string }) => job.target_subject);
    },
  };
}

test('time_filter is required, an integer from 0 to 4, and compares the last change', async () => {
  const { state, subjects, list, switches } = await startWithSubjects();
  for (const [subject, days] of [
    ['hours', 0.5],
    ['days', 3],
    ['weeks', 20],
    ['months', 200],
    ['years', 800],
  ] as const) {
    const endTime = startMs - days * dayMs;
    state.addJob({ subject, state: 'SUCCEED', createTime: startMs - 900 * dayMs, startTime: endTime - 1000, endTime });
  }
  const order = 'sort_by=last_modified';
  expect(await subjects(`time_filter=0&${order}`)).toEqual(['hours']);
  expect(await subjects(`time_filter=1&${order}`)).toEqual(['hours', 'days']);
  expect(await subjects(`time_filter=2&${order}`)).toEqual(['hours', 'days', 'weeks']);
  expect(await subjects(`time_filter=3&${order}`)).toEqual(['hours', 'days', 'weeks', 'months']);
  expect(await subjects(`time_filter=4&${order}`)).toHaveLength(5);
  expect(await list('page_size=1')).toMatchObject({ status: 400, body: { error_code: 'KE-010043201' } });
  expect(await list('time_filter=')).toMatchObject({ status: 400, body: { error_code: 'KE-010043201' } });
  expect(await list('time_filter=all')).toMatchObject({ status: 400, body: { error_code: 'KE-010000003' } });
  expect(await list('time_filter=99999999999')).toMatchObject({ status: 400, body: { error_code: 'KE-010000003' } });
  expect(await list('time_filter=7')).toMatchObject({ status: 500, body: { error_code: null } });
  switches.missingParameterCode = 'KE-010000003';
  expect(await list('page_size=1')).toMatchObject({ status: 400, body: { error_code: 'KE-010000003' } });
});

test('page_offset is the number of a page; a negative size turns paging off; 0 gives no rows', async () => {
  const { state, subjects, list } = await startWithSubjects();
  for (let index = 0; index < 25; index += 1) state.addJob({ subject: `s${index}`, createTime: startMs - 1000 + index });
  const order = 'time_filter=4&sort_by=create_time&reverse=false';
  expect(await subjects(order)).toHaveLength(10);
  expect(await subjects(`${order}&page_offset=2&page_size=10`)).toEqual(['s20', 's21', 's22', 's23', 's24']);
  expect(await subjects(`${order}&page_offset=3&page_size=10`)).toEqual([]);
  expect(await subjects(`${order}&page_size=-1`)).toHaveLength(25);
  expect(await subjects(`${order}&page_offset=-1&page_size=5`)).toHaveLength(25);
  expect(await subjects(`${order}&page_size=0`)).toEqual([]);
  const { data } = (await list(`${order}&page_offset=2&page_size=10`)).body;
  expect(data).toMatchObject({ total_size: 25, offset: 2, limit: 10 });
  for (const wrong of ['page_size=ten', 'page_offset=1.5', 'page_size=2147483648', 'reverse=perhaps', 'exact=2']) {
    expect(await list(`time_filter=4&${wrong}`), wrong).toMatchObject({ status: 400, body: { error_code: 'KE-010000003' } });
  }
});

test('statuses filter by public status; unknown and untranslatable names are rejected', async () => {
  const { state, subjects, list } = await startWithSubjects();
  for (const name of ['READY', 'PENDING', 'RUNNING', 'ERROR', 'PAUSED', 'SUCCEED', 'DISCARDED', 'SUICIDAL'] as const) {
    state.addJob({ state: name, subject: name });
  }
  const found = async (statuses: string) => (await subjects(`time_filter=4&statuses=${statuses}`)).sort();
  expect(await found('PENDING')).toEqual(['PENDING', 'READY']);
  expect(await found('NEW')).toEqual(['READY']);
  expect(await found('DISCARDED')).toEqual(['DISCARDED', 'SUICIDAL']);
  expect(await found('STOPPED, ERROR')).toEqual(['ERROR', 'PAUSED']);
  expect(await found('RUNNING&statuses=FINISHED')).toEqual(['RUNNING', 'SUCCEED']);
  expect(await found('')).toHaveLength(8);
  for (const name of ['PAUSED', 'SUCCEED', 'running', 'RUNNING,ERROR&statuses=STOPPED']) {
    expect(await list(`time_filter=4&statuses=${name}`), name).toMatchObject({ status: 500, body: { error_code: 'KE-010032212' } });
  }
  for (const name of ['STARTING', 'STOPPING', 'LAUNCHING_ERROR', 'WARNING']) {
    expect(await list(`time_filter=4&statuses=${name}`), name).toMatchObject({ status: 500, body: { error_code: null } });
  }
});

test('job_names and type together choose the types; internal types show only by name', async () => {
  const { state, subjects, list } = await startWithSubjects();
  for (const type of ['INC_BUILD', 'INDEX_BUILD', 'TABLE_SAMPLING', 'ASYNC_QUERY', 'META']) state.addJob({ type, subject: type });
  const found = async (query: string) => (await subjects(`time_filter=4&${query}`)).sort();
  expect(await found('')).toEqual(['INC_BUILD', 'INDEX_BUILD', 'TABLE_SAMPLING']);
  expect(await found('job_names=INC_BUILD&type=TABLE_SAMPLING')).toEqual(['INC_BUILD', 'TABLE_SAMPLING']);
  expect(await found('job_names=META,ASYNC_QUERY')).toEqual(['ASYNC_QUERY', 'META']);
  expect(await list('time_filter=4&job_names=BUILD')).toMatchObject({ status: 500, body: { error_code: 'KE-010032222' } });
});

test('key names models, tables and projects first, and is part of an id only if it names none', async () => {
  const { state, subjects, switches } = await startWithSubjects();
  const id = state.addJob({ subject: 'sales_daily', id: '6c1f0a34-1f0e-4b7a-9a55-7f3d4b6c2f10' });
  state.addJob({ subject: 'sales_weekly' });
  state.addJob({ subject: 'FIN.INVOICES', project: 'finance' });
  const found = async (query: string) => (await subjects(`time_filter=4&${query}`)).sort();
  expect(await found('key=SALES')).toEqual(['sales_daily', 'sales_weekly']);
  expect(await found('key=sales_daily&exact=true')).toEqual(['sales_daily']);
  expect(await found('key=sales&exact=true')).toEqual([]);
  expect(await found(`key=${id}`)).toEqual(['sales_daily']);
  expect(await found(`key=${id.slice(4, 13)}`)).toEqual(['sales_daily']);
  expect(await found(`key=${id}&project=finance`)).toEqual([]);
  expect(await found('key=invoices&project=finance')).toEqual(['FIN.INVOICES']);
  expect(await found('subject=sales_weekly')).toEqual(['sales_weekly']);
  // The name of a project counts as found, although no job builds something of that name.
  expect(await found('key=retail')).toEqual([]);
  // If a name contains the text, IDs are not searched.
  state.addJob({ subject: 'model_6c1f' });
  expect(await found('key=6c1f')).toEqual(['model_6c1f']);
  switches.keySearch = 'subjectOrId';
  expect(await found('key=6C1F')).toEqual(['model_6c1f', 'sales_daily']);
});

test('sort_by accepts nine names, descending unless reverse is false', async () => {
  const { state, subjects, list, clock } = await startWithSubjects();
  state.addJob({
    subject: 'a',
    model: 'm2',
    project: 'retail',
    type: 'INDEX_BUILD',
    state: 'SUCCEED',
    runMs: 5000,
    createTime: startMs - 9000,
  });
  state.addJob({
    subject: 'b',
    model: 'm3',
    project: 'finance',
    type: 'INC_BUILD',
    state: 'ERROR',
    ranMs: 9000,
    createTime: startMs - 8000,
  });
  state.addJob({ subject: 'c', model: 'm1', project: 'supply', type: 'TABLE_SAMPLING', state: 'RUNNING', createTime: startMs - 7000 });
  const order = async (sortBy: string, more = '') => (await subjects(`time_filter=4&sort_by=${sortBy}${more}`)).join('');
  expect(await order('create_time')).toBe('cba');
  expect(await order('create_time', '&reverse=false')).toBe('abc');
  expect(await order('project', '&reverse=false')).toBe('bac');
  expect(await order('job_name', '&reverse=false')).toBe('bac');
  expect(await order('target_subject', '&reverse=false')).toBe('cab');
  expect(await order('job_status', '&reverse=false')).toBe('bca');
  expect(await order('duration')).toBe('bac');
  clock.advance(6_000);
  expect(await order('duration')).toBe('bca');
  expect((await order('id')).split('').sort().join('')).toBe('abc');
  for (const name of ['project id', 'job_duration', 'steps']) {
    expect(await list(`time_filter=4&sort_by=${encodeURIComponent(name)}`)).toMatchObject({
      status: 500,
      body: { error_code: 'KE-010000003' },
    });
  }
});

test('paging by stored duration is not stable: each page is put in order again by live durations', async () => {
  const { state, subjects, clock } = await startWithSubjects();
  state.addJob({ subject: 'ended', state: 'SUCCEED', runMs: 30_000 });
  state.addJob({ subject: 'running', state: 'RUNNING', runMs: 3_600_000 });
  clock.advance(60_000);
  expect(await subjects('time_filter=4&sort_by=duration&page_size=1')).toEqual(['ended']);
  expect(await subjects('time_filter=4&sort_by=duration&page_size=2')).toEqual(['running', 'ended']);
});

test('finds a project in any case, and rejects an unknown or forbidden one', async () => {
  const { state, subjects, list } = await startWithSubjects();
  state.addJob({ project: 'retail', subject: 'r' });
  state.addJob({ project: 'finance', subject: 'f' });
  expect(await subjects('time_filter=4&project=RETAIL')).toEqual(['r']);
  expect(await subjects('time_filter=4&project=')).toEqual([]);
  expect(await list('time_filter=4&project=nowhere')).toMatchObject({ status: 500, body: { error_code: 'KE-010001201' } });
  const reader = { authorization: basic('maria.keller', 'only-looking') };
  expect(await list('time_filter=4&project=retail', reader)).toMatchObject({ status: 400, body: { error_code: 'KE-010024001' } });
});

test('a list without a project shows all jobs to all users, or only the jobs that the user can operate', async () => {
  const { state, subjects, switches } = await startWithSubjects();
  for (const project of ['retail', 'finance', 'supply_chain']) state.addJob({ project, subject: project });
  const operator = { authorization: basic('etl_svc', 'nightly-loads') };
  const reader = { authorization: basic('maria.keller', 'only-looking') };
  expect(await subjects('time_filter=4', reader)).toHaveLength(3);
  switches.globalList = 'permitted';
  expect((await subjects('time_filter=4', operator)).sort()).toEqual(['finance', 'retail']);
  expect(await subjects('time_filter=4', reader)).toEqual([]);
});

test('rejects a list without a project unless the account is a global administrator, as 5.0.5 does', async () => {
  const { state, list, subjects } = await startWithSubjects({ switches: { globalList: 'rejected' } });
  for (const project of ['retail', 'finance']) state.addJob({ project, subject: project });
  const operator = { authorization: basic('etl_svc', 'nightly-loads') };
  for (const query of ['time_filter=4', 'time_filter=4&project=', 'time_filter=4&key=retail', 'time_filter=4&page_size=0']) {
    expect(await list(query, operator), query).toMatchObject({ status: 400, body: { error_code: 'KE-010024001' } });
  }
  expect(await subjects('time_filter=4&project=finance', operator)).toEqual(['finance']);
  expect(await subjects('time_filter=4')).toHaveLength(2);
});

test('orders rows with equal keys differently for each page number and size on demand, and by id always alike', async () => {
  const { state, list } = await startWithSubjects({ switches: { ties: 'unstable' } });
  for (let index = 0; index < 60; index += 1) state.addJob({ createTime: startMs - Math.floor(index / 4) * 1000 });
  const walk = async (size: number, sortBy: string): Promise<string[]> => {
    const ids: string[] = [];
    for (let page = 0; page * size < 60; page += 1) {
      const { body } = await list(`time_filter=4&sort_by=${sortBy}&page_offset=${page}&page_size=${size}`);
      ids.push(...body.data.value.map(({ id }: { id: string }) => id));
    }
    return ids;
  };
  expect(new Set(await walk(60, 'create_time')).size).toBe(60);
  expect(new Set(await walk(7, 'create_time')).size).toBeLessThan(60);
  // The same request gets the same order.
  expect(await walk(7, 'create_time')).toEqual(await walk(7, 'create_time'));
  expect(await walk(7, 'id')).toEqual(await walk(60, 'id'));
  expect(await walk(7, 'id')).toEqual(
    Array.from(state.jobs(), ({ id }) => id)
      .sort()
      .reverse(),
  );
});

test('sorts by whole seconds and shows milliseconds on demand', async () => {
  const { state, subjects, switches } = await startWithSubjects();
  for (const [subject, ms] of [
    ['a', 100],
    ['b', 900],
    ['c', 500],
    ['d', -100],
  ] as const)
    state.addJob({ subject, createTime: startMs + ms });
  const order = 'time_filter=4&sort_by=create_time&reverse=false';
  expect(await subjects(order)).toEqual(['d', 'a', 'c', 'b']);
  switches.timeOrder = 'seconds';
  expect(await subjects(order)).toEqual(['d', 'a', 'b', 'c']);
});

test('limits the page size as a gateway does, and returns the applied one', async () => {
  const { state, list } = await startWithSubjects({ switches: { pageCap: 10 } });
  for (let index = 0; index < 25; index += 1) state.addJob({ createTime: startMs - index });
  for (const [query, rows, limit, offset] of [
    ['page_size=300', 10, 10, 0],
    ['page_size=300&page_offset=2', 5, 10, 2],
    ['page_size=-1', 10, 10, 0],
    ['page_size=5&page_offset=1', 5, 5, 1],
  ] as const) {
    const { data } = (await list(`time_filter=4&sort_by=create_time&${query}`)).body;
    expect(data, query).toMatchObject({ total_size: 25, limit, offset });
    expect(data.value, query).toHaveLength(rows);
  }
});

test('unknown parameters are ignored, unknown fields appear on demand', async () => {
  const { state, list, switches } = await startWithSubjects();
  state.addJob();
  expect((await list('params=a&params=b&time_filter=0')).status).toBe(200);
  switches.extraFields = true;
  const { body } = await list('time_filter=4');
  expect(body).toHaveProperty('trace_id');
  expect(body.data.value[0]).toHaveProperty('resource_group');
});
