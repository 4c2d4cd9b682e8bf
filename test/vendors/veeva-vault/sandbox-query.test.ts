import { describe, expect, it } from 'vitest';
import { type Answer, errorType, startAtMs, startVaultWithSession } from './sandbox-client.ts';

type Vault = Awaited<ReturnType<typeof startVaultWithSession>>;

const query = (vault: Vault, q: string, path = '/query') =>
  vault.send('POST', path, { body: new URLSearchParams({ q }), headers: { 'content-type': 'application/x-www-form-urlencoded' } });

const rowsOf = ({ text }: Answer): Record<string, unknown>[] => JSON.parse(text).data;

describe('POST /query', () => {
  it('returns unfinished jobs, ended jobs, and their tasks', async () => {
    const vault = await startVaultWithSession();
    const { addJob } = vault.state;
    const planned = addJob({ status: 'SCHEDULED', title: 'Send Daily Digest', createdBy: 1, plannedStartMs: startAtMs + 60_000 });
    const running = addJob({ status: 'RUNNING', createdAtMs: startAtMs - 30_000, startedAtMs: startAtMs - 10_000, waitMs: 5_000 });
    const ended = addJob({
      status: 'SUCCESS',
      taskIds: ['A', 'B'],
      createdAtMs: startAtMs - 9_000,
      startedAtMs: startAtMs - 8_000,
      endedAtMs: startAtMs,
    });
    const fields = 'id, job_type__sys, job_title__sys, status__sys, created_by__sys, queue_date__sys, run_date__sys';
    const instances = await query(vault, `SELECT ${fields} FROM job_instance__sys`);
    expect(instances.body).toMatchObject({
      responseStatus: 'SUCCESS',
      responseDetails: { pagesize: 1_000, pageoffset: 0, size: 2, total: 2 },
    });
    expect(rowsOf(instances)).toEqual([
      {
        id: planned,
        job_type__sys: 'send_daily_digest',
        job_title__sys: 'Send Daily Digest',
        status__sys: 'SCHEDULED',
        created_by__sys: 1,
        queue_date__sys: null,
        run_date__sys: '2026-03-02T12:01:00.000Z',
      },
      expect.objectContaining({ id: running, queue_date__sys: '2026-03-02T11:59:45.000Z', run_date__sys: '2026-03-02T11:59:50.000Z' }),
    ]);
    const histories = await query(vault, `select id, finish_date__sys from job_history__sys where id contains ('${ended}', '${running}')`);
    expect(rowsOf(histories)).toEqual([{ id: ended, finish_date__sys: '2026-03-02T12:00:00.000Z' }]);
    const tasks = await query(
      vault,
      `SELECT task_id__sys, job_history__sys, start_date__sys, finish_date__sys FROM job_task_history__sys WHERE job_history__sys = '${ended}'`,
    );
    expect(rowsOf(tasks)).toEqual([
      {
        task_id__sys: 'A',
        job_history__sys: ended,
        start_date__sys: '2026-03-02T11:59:52.000Z',
        finish_date__sys: '2026-03-02T11:59:56.000Z',
      },
      {
        task_id__sys: 'B',
        job_history__sys: ended,
        start_date__sys: '2026-03-02T11:59:56.000Z',
        finish_date__sys: '2026-03-02T12:00:00.000Z',
      },
    ]);
  });

  it('compares with AND', async () => {
    const vault = await startVaultWithSession();
    const [first = 0, second = 0] = vault.state.addJobs(2, { frozen: true });
    const where = async (condition: string) =>
      rowsOf(await query(vault, `SELECT id FROM job_instance__sys WHERE ${condition}`)).map(({ id }) => id);
    expect(await where(`id > ${first} AND status__sys = 'QUEUED'`)).toEqual([second]);
    expect(await where(`id != '${first}' AND queue_date__sys >= '2026-03-02T12:00:00.000Z'`)).toEqual([second]);
    expect(await where(`id <= ${first}`)).toEqual([first]);
    expect(await where(`queue_date__sys < '2026-03-02T12:00:00.000Z'`)).toEqual([]);
  });

  it('pages by POST for 72 hours', async () => {
    const vault = await startVaultWithSession({ switches: { sessionIdleMs: 1e12 } });
    vault.state.addJobs(5, { frozen: true });
    const first = await query(vault, 'SELECT id FROM job_instance__sys PAGESIZE 2');
    const next = first.body.responseDetails.next_page?.replace('/api/v26.1', '') ?? '';
    const second = await query(vault, '', next);
    expect(second.body.responseDetails).toMatchObject({ pageoffset: 2, size: 2, total: 5 });
    expect(second.body.responseDetails.previous_page).toContain('pageoffset=0');
    vault.clock.advance(73 * 3_600_000);
    const session = (await vault.login()).body.sessionId;
    const late = await vault.as(session)('POST', next);
    expect(errorType(late)).toBe('INVALID_DATA');
  });

  it.each([
    ['', 'PARAMETER_REQUIRED'],
    ['SELECT id', 'INCORRECT_QUERY_SYNTAX'],
    ['SELECT * FROM job_instance__sys', 'INCORRECT_QUERY_SYNTAX'],
    ["SELECT id FROM job_instance__sys WHERE id LIKE '1'", 'INCORRECT_QUERY_SYNTAX'],
    ['SELECT job_status__sys FROM job_instance__sys', 'INCORRECT_QUERY_SYNTAX'],
    ['SELECT created_by__sys FROM job_history__sys', 'INCORRECT_QUERY_SYNTAX'],
    ['SELECT id FROM documents', 'INVALID_DATA'],
    [`SELECT id FROM job_instance__sys WHERE id CONTAINS (${"'1', ".repeat(10_000)}'1')`, 'INCORRECT_QUERY_SYNTAX'],
  ])('rejects %s with %s', async (q, type) => {
    const vault = await startVaultWithSession();
    const answer = await query(vault, q);
    expect([answer.status, errorType(answer)]).toEqual([200, type]);
  });

  it('accepts five queries of a user at a time', async () => {
    const vault = await startVaultWithSession({ switches: { queryDurationMs: 100 } });
    const answers = await Promise.all(Array.from({ length: 7 }, () => query(vault, 'SELECT id FROM job_instance__sys')));
    expect(answers.filter((answer) => errorType(answer) === 'API_LIMIT_EXCEEDED')).toHaveLength(2);
  });

  it('needs access to jobs', async () => {
    const vault = await startVaultWithSession();
    const { username, password } = vault.state.users.withoutJobsAccess;
    const session = (await vault.login({ username, password })).body.sessionId;
    expect(
      errorType(await vault.as(session)('POST', '/query', { body: new URLSearchParams({ q: 'SELECT id FROM job_instance__sys' }) })),
    ).toBe('INSUFFICIENT_ACCESS');
  });
});

describe('Accept: application/xml', () => {
  it('gives the same data as elements', async () => {
    const vault = await startVaultWithSession();
    const id = vault.state.addJob({ title: 'A & B <draft>', frozen: true });
    const accept = 'application/xml';
    const list = await vault.send('GET', '/services/jobs/monitors', { headers: { accept } });
    expect(list.headers.get('content-type')).toBe('application/xml;charset=UTF-8');
    expect(list.text).toContain('<VaultResponse><responseStatus>SUCCESS</responseStatus>');
    expect(list.text).toContain(`<jobs><job><job_id>${id}</job_id><title>A &amp; B &lt;draft&gt;</title><status>QUEUED</status>`);
    const cancel = await vault.send('POST', '/services/jobs/actions/cancel', {
      body: JSON.stringify([{ job_id: id }, { job_id: 99 }]),
      headers: { accept, 'content-type': 'application/json' },
    });
    expect(cancel.text).toContain(`<data><item><responseStatus>SUCCESS</responseStatus><data><id>${id}</id></data></item>`);
    expect(cancel.text).toContain('<errors><type>INVALID_DATA</type>');
  });
});

describe('behind a proxy that ends TLS', () => {
  it('returns HTTPS URLs, in the login and everywhere else', async () => {
    const vault = await startVaultWithSession({ switches: { pageLinks: 'url' } });
    const { host } = new URL(vault.url);
    const { username, password } = vault.state.users.integration;
    const headers = { 'x-forwarded-proto': 'https' };
    const login = await vault.call('POST', '/api/v26.1/auth', { body: new URLSearchParams({ username, password }), headers });
    expect(login.body.vaultIds[0]?.url).toBe(`https://${host}/api`);
    const versions = await vault.call('GET', '/api/', { headers: { ...headers, authorization: vault.session } });
    expect(versions.body.values['v26.1']).toBe(`https://${host}/api/v26.1`);
    vault.state.addJobs(2, { frozen: true });
    const page = await vault.send('GET', '/services/jobs/monitors?limit=1', { headers });
    expect(page.body.responseDetails.next_page).toMatch(`https://${host}/api/v26.1/services/jobs/monitors?`);
    const plain = await vault.login();
    expect(plain.body.vaultIds[0]?.url).toBe(`${vault.url}/api`);
  });
});
