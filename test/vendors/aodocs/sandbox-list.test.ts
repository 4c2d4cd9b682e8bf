import { describe, expect, it } from 'vitest';
import { refusal, startMs, startQuiet } from './sandbox-setup.ts';

type Quiet = Awaited<ReturnType<typeof startQuiet>>;

const ids = (body: { jobList?: { jobId: string }[] }) => (body.jobList ?? []).map((job) => job.jobId);

/** Every page's ids. */
async function pages(list: Quiet['list'], query: string): Promise<string[][]> {
  const found: string[][] = [];
  let token: string | undefined;
  do {
    const { body, text } = await list(`?${query}${token ? `&pageToken=${encodeURIComponent(token)}` : ''}`);
    if (!body.kind) throw new Error(text);
    found.push(ids(body));
    token = body.nextPageToken;
  } while (token !== undefined);
  return found;
}

describe('a list', () => {
  it('of an empty library has no jobList', async () => {
    const { list } = await startQuiet();
    expect((await list()).body).toEqual({ kind: 'aodocs#jobList' });
  });

  it('has the jobs of its library only', async () => {
    const { list, add, state } = await startQuiet();
    const jobId = add();
    state.addLibrary('RotherLibrary00001');
    state.addJob({ libraryId: 'RotherLibrary00001' });
    state.addJob({ libraryId: null });
    const { body } = await list();
    expect(Object.keys(body)).toEqual(['kind', 'jobList']);
    expect(ids(body)).toEqual([jobId]);
  });

  it('filters by status, type and user', async () => {
    const { list, add } = await startQuiet();
    add({ jobId: 'A', status: 'COMPLETED', type: 'IMPORT', requestor: 'dana.ruiz@brightwater.example', startedAtMs: 3 });
    add({ jobId: 'B', status: 'FAILED', type: 'IMPORT', requestor: 'noah.keller@brightwater.example', startedAtMs: 2 });
    add({ jobId: 'C', status: 'FAILED', type: 'BACKUP', requestor: 'dana.ruiz@brightwater.example', startedAtMs: 1 });
    expect(ids((await list('?status=FAILED')).body)).toEqual(['B', 'C']);
    expect(ids((await list('?type=IMPORT')).body)).toEqual(['A', 'B']);
    expect(ids((await list('?user=dana.ruiz%40brightwater.example&status=FAILED')).body)).toEqual(['C']);
    expect(ids((await list('?status=CANCELLED')).body)).toEqual([]);
    expect(ids((await list('?status=&type=')).body)).toEqual(['A', 'B', 'C']);
  });

  it('can be ordered by start and by last activity, both ways, and newest start first by default', async () => {
    const { list, add, state, sandbox } = await startQuiet();
    add({ jobId: 'A', startedAtMs: 1, lastActivityAtMs: 30 });
    add({ jobId: 'C', startedAtMs: 2, lastActivityAtMs: 10 });
    add({ jobId: 'B', startedAtMs: 2, lastActivityAtMs: 20 });
    expect(ids((await list()).body)).toEqual(['C', 'B', 'A']);
    expect(ids((await list('?orderBy=started%20asc')).body)).toEqual(['A', 'B', 'C']);
    expect(ids((await list('?orderBy=started+desc')).body)).toEqual(['C', 'B', 'A']);
    expect(ids((await list('?orderBy=lastActivity%20asc')).body)).toEqual(['C', 'B', 'A']);
    expect(ids((await list('?orderBy=lastActivity%20desc')).body)).toEqual(['A', 'B', 'C']);
    state.changeJob('C', { lastActivityAtMs: 40 });
    expect(ids((await list('?orderBy=lastActivity%20desc')).body)).toEqual(['C', 'A', 'B']);
    sandbox.switches.defaultOrder = 'lastActivity asc';
    expect(ids((await list()).body)).toEqual(['B', 'A', 'C']);
  });

  it('rejects unreadable parameters', async () => {
    const { list } = await startQuiet();
    expect(refusal(await list('?status=RUNNING'))).toMatchObject({
      http: 400,
      reason: 'parseError',
      message: `Parse error for a parameter of type 'JobStatus': invalid enum value "RUNNING". Valid values are [IN_PROGRESS, COMPLETED, FAILED, CANCELLED]`,
    });
    expect(refusal(await list('?type=import'))).toMatchObject({ http: 400, reason: 'parseError' });
    for (const value of ['ten', '1.5', '1e3', '99999999999', '0x10']) {
      expect(refusal(await list(`?pageSize=${value}`)).message).toBe(
        `Parse error for a parameter of type 'Integer': invalid number value "${value}".`,
      );
    }
    for (const query of [
      '?pageSize=0',
      '?pageSize=-1',
      '?orderBy=started',
      '?orderBy=status%20asc',
      '?pageToken=rubbish',
      '?pageToken=W10',
    ]) {
      expect(refusal(await list(query))).toMatchObject({ http: 400, reason: 'badRequest' });
    }
  });

  it('accepts every published type, and those of added jobs', async () => {
    const { list, add } = await startQuiet();
    expect((await list('?type=MIGRATE_SF_PUBLIC_TO_PRIVATE')).status).toBe(200);
    expect((await list('?type=FROM_NEXT_YEAR')).status).toBe(400);
    const jobId = add({ type: 'FROM_NEXT_YEAR' });
    expect(ids((await list('?type=FROM_NEXT_YEAR')).body)).toEqual([jobId]);
  });
});

describe('the pages of a list', () => {
  const addMany = ({ add }: Quiet, count: number) => {
    // Two jobs share every moment, so that pages are cut between equal times too.
    const times = Array.from({ length: count }, (_, index) => startMs - Math.floor(index / 2) * 1000);
    return times.map((startedAtMs, index) => add({ startedAtMs, status: index % 5 === 0 ? 'FAILED' : 'COMPLETED' }));
  };

  it('have 50 jobs by default, and up to 100 on request', async () => {
    const quiet = await startQuiet();
    addMany(quiet, 130);
    const sizes = async (query: string) => (await pages(quiet.list, query)).map((page) => page.length);
    expect(await sizes('')).toEqual([50, 50, 30]);
    expect(await sizes('pageSize=65')).toEqual([65, 65]);
    expect(await sizes('pageSize=2000000000')).toEqual([100, 30]);
    quiet.sandbox.switches.maxPageSize = 40;
    expect(await sizes('pageSize=50')).toEqual([40, 40, 40, 10]);
    quiet.sandbox.switches.pageSizeAboveMax = 'reject';
    expect((await quiet.list('?pageSize=40')).status).toBe(200);
    expect(refusal(await quiet.list('?pageSize=41'))).toMatchObject({ http: 400, reason: 'badRequest' });
  });

  it.each(['started desc', 'started asc', 'lastActivity desc', 'lastActivity asc'])(
    'contain every job once, ordered by %s',
    async (orderBy) => {
      const quiet = await startQuiet();
      const added = addMany(quiet, 33);
      const found = (await pages(quiet.list, `pageSize=4&orderBy=${encodeURIComponent(orderBy)}`)).flat();
      expect(found).toHaveLength(33);
      expect(new Set(found)).toEqual(new Set(added));
      const times = found.map((jobId) => quiet.state.job(jobId)?.startedAtMs ?? 0);
      expect(times).toEqual([...times].sort((a, b) => (orderBy.endsWith('asc') ? a - b : b - a)));
    },
  );

  it('have only matches of the filter, and the last full page has no token', async () => {
    const quiet = await startQuiet();
    addMany(quiet, 50);
    expect((await pages(quiet.list, 'status=FAILED&pageSize=5')).map((page) => page.length)).toEqual([5, 5]);
  });

  it('can be short, or empty at first, without being the last', async () => {
    const quiet = await startQuiet({ pages: 'short' });
    addMany(quiet, 10);
    expect((await pages(quiet.list, 'pageSize=6')).map((page) => page.length)).toEqual([4, 4, 2]);
    quiet.sandbox.switches.pages = 'emptyFirst';
    const found = await pages(quiet.list, 'pageSize=6');
    expect(found.map((page) => page.length)).toEqual([0, 4, 4, 2]);
    expect(new Set(found.flat()).size).toBe(10);
  });

  it('can not be continued with another filter, order or library, nor with a changed token', async () => {
    const quiet = await startQuiet();
    addMany(quiet, 20);
    const { nextPageToken: token } = (await quiet.list('?pageSize=3&status=COMPLETED')).body;
    expect((await quiet.list(`?pageSize=7&status=COMPLETED&pageToken=${token}`)).status).toBe(200);
    quiet.state.addLibrary('RotherLibrary00001');
    const others = await Promise.all([
      quiet.list(`?pageToken=${token}`),
      quiet.list(`?status=FAILED&pageToken=${token}`),
      quiet.list(`?status=COMPLETED&orderBy=started%20asc&pageToken=${token}`),
      quiet.list(`?status=COMPLETED&user=a%40b.example&pageToken=${token}`),
      quiet.list(`?status=COMPLETED&pageToken=${token.slice(0, -4)}`),
      quiet.get(`/job/v1/libraries/RotherLibrary00001?status=COMPLETED&pageToken=${token}`),
    ]);
    for (const answer of others) expect(refusal(answer)).toMatchObject({ http: 400, reason: 'badRequest' });
  });

  it('stay in place while jobs arrive in front', async () => {
    const quiet = await startQuiet();
    const added = addMany(quiet, 6);
    const first = (await quiet.list('?pageSize=3')).body;
    quiet.add({ startedAtMs: startMs + 60_000 });
    const second = (await quiet.list(`?pageSize=3&pageToken=${first.nextPageToken}`)).body;
    expect(new Set([...ids(first), ...ids(second)])).toEqual(new Set(added));
  });

  it('go through 50,000 jobs in seconds', async () => {
    const quiet = await startQuiet();
    for (let index = 0; index < 50_000; index += 1) quiet.add({ startedAtMs: startMs - ((index * 7919) % 50_000) });
    const found = (await pages(quiet.list, 'pageSize=100&fields=kind,nextPageToken,jobList/jobId')).flat();
    expect(new Set(found).size).toBe(50_000);
  }, 20_000);
});
