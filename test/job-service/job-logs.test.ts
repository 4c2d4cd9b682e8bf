import { describe, expect, test } from 'vitest';
import { createJobLogs, type LogOptions, type LogPage } from '../../src/job-service/job-logs.ts';
import { type CallContext, type ListPosition, startOfList } from '../../src/jobs/adapter.ts';
import { createJob, createUnreadJob } from '../../src/jobs/create-job.ts';
import { type LogLine, type LogPart, type LogRequest, type LogSeverity, takeLines } from '../../src/jobs/job-log.ts';
import { fail, type Result, succeed } from '../../src/jobs/problem.ts';
import { createCursorKeys } from '../../src/listing/cursor-keys.ts';
import { callOf, connectMemory, down, jobFields } from '../jobs/memory-adapter.ts';

const job = createJob('memory', jobFields('j1'), new Date(0));

const line = (message: string, severity: LogSeverity | null = null): LogLine => ({
  loggedAt: new Date(1_000),
  severity,
  message,
  source: null,
  stepId: null,
});

/** Lines 0, 1, 2, ... of which every tenth is an error. */
const lines = (count: number): LogLine[] =>
  Array.from({ length: count }, (_, index) => line(`line ${index}`, index % 10 === 9 ? 'ERROR' : 'INFO'));

type GetPart = (request: LogRequest, call: CallContext) => Result<LogPart | null>;

/** A system whose logs this function returns. */
function connect(getPart: GetPart, has: { ofJobs?: boolean; ofSteps?: boolean } = {}) {
  const requests: LogRequest[] = [];
  const { system } = connectMemory({
    logs: {
      ofJobs: true,
      ofSteps: true,
      hasSeverities: true,
      ...has,
      async getPart(_job, request, call) {
        requests.push(request);
        return getPart(request, call);
      },
    },
  });
  const keys = createCursorKeys();
  const logs = createJobLogs(
    (id) => (id === 'memory' ? system : null),
    () => callOf(),
    keys,
  );
  const load = (options: Partial<LogOptions> = {}, of = job) =>
    logs.loadLog(of, { stepId: null, first: 100, after: null, minSeverity: null, ...options });
  const page = async (options: Partial<LogOptions> = {}): Promise<LogPage> => {
    const loaded = await load(options);
    if (loaded === null || loaded === 'badCursor') throw new Error(`No page: ${loaded}`);
    return loaded;
  };
  return { requests, load, page, keys };
}

/** Pages of a vendor: each part has this many rows, and its name is its number. */
function inParts(all: readonly LogLine[], size: number): GetPart {
  return (request) => {
    const number = Number(request.at.part ?? 0);
    const nextPart = (number + 1) * size < all.length ? String(number + 1) : null;
    return succeed(takeLines(all.slice(number * size, (number + 1) * size), request, (each) => each, { nextPart }));
  };
}

const messagesOf = (page: LogPage) => page.lines.map(({ message }) => message);

/** Reads a log to its end. */
async function readAll(page: (options: Partial<LogOptions>) => Promise<LogPage>, options: Partial<LogOptions>): Promise<string[]> {
  const messages: string[] = [];
  for (let after: string | null = null, pages = 0; pages < 100; pages += 1) {
    const read: LogPage = await page({ ...options, after });
    messages.push(...messagesOf(read));
    if (!read.hasNextPage) return messages;
    after = read.endCursor();
  }
  throw new Error('No end');
}

describe('pages', () => {
  const all = lines(95);
  const everything = all.map(({ message }) => message);

  test.each([1, 7, 30, 100, 500])('of %i lines have each line once, in order, however the vendor divides the log', async (first) => {
    for (const size of [1, 10, 33, 1_000]) {
      if (size === 1 && first === 1) continue;
      expect(await readAll(connect(inParts(all, size)).page, { first })).toEqual(everything);
    }
  });

  test('continue after the cursor of any line', async () => {
    const { page } = connect(inParts(all, 10));
    const first = await page({ first: 30 });
    for (const index of [0, 8, 9, 10, 29]) {
      const rest = await page({ after: first.cursorAt(index), first: 500 });
      expect(messagesOf(rest)[0]).toBe(`line ${index + 1}`);
    }
    expect(first).toMatchObject({ hasNextPage: true, hasPreviousPage: false, problem: null });
    expect(await page({ after: first.endCursor() })).toMatchObject({ hasPreviousPage: true });
  });

  test('of severe lines have these only; a page ends after 10 reads, and the next one continues', async () => {
    const { page, requests } = connect(inParts(lines(150), 10));
    const first = await page({ minSeverity: 'ERROR' });
    expect(requests).toHaveLength(10);
    expect(first.lines).toHaveLength(10);
    expect(first.hasNextPage).toBe(true);
    expect(await readAll(page, { minSeverity: 'ERROR' })).toEqual(Array.from({ length: 15 }, (_, index) => `line ${index * 10 + 9}`));
  });

  test('read no more than requested, and nothing after the last part', async () => {
    const { page, requests } = connect(inParts(all, 10));
    await page({ first: 15 });
    expect(requests.map(({ at, count }) => [at.part, count])).toEqual([
      [null, 15],
      ['1', 5],
    ]);
  });

  test('of a log that grows continue with the later lines', async () => {
    const growing = lines(3);
    const { page } = connect((request) => succeed(takeLines(growing, request, (each) => each)));
    const first = await page();
    expect(first.hasNextPage).toBe(false);
    expect(messagesOf(await page({ after: first.endCursor() }))).toEqual([]);
    growing.push(line('later'));
    expect(messagesOf(await page({ after: first.endCursor() }))).toEqual(['later']);
  });

  test('have at most 1,000,000 characters, and skip none', async () => {
    const long = Array.from({ length: 250 }, (_, index) => line(`${index} ${'x'.repeat(9_000)}`));
    const { page } = connect(inParts(long, 1_000));
    const first = await page({ first: 500 });
    expect(first.lines.length).toBeGreaterThan(100);
    expect(messagesOf(first).join('').length).toBeLessThanOrEqual(1_000_000);
    expect(first.hasNextPage).toBe(true);
    const all250 = await readAll(page, { first: 500 });
    expect(all250.map((message) => Number(message.split(' ')[0]))).toEqual(Array.from({ length: 250 }, (_, index) => index));
  });

  test('ignore lines beyond the requested number, and skip none', async () => {
    const { page } = connect((request) => succeed(takeLines(all, { ...request, count: 1_000 }, (each) => each)));
    expect(await readAll(page, { first: 40 })).toEqual(everything);
  });
});

describe('missing lines', () => {
  test('of a read that fails leave those before it, and a cursor that repeats the read', async () => {
    const all = lines(30);
    let isDown = true;
    const { page } = connect((request, call) => (request.at.part === '2' && isDown ? fail(down) : inParts(all, 10)(request, call)));
    const first = await page();
    expect(first).toMatchObject({ hasNextPage: true, problem: { code: 'SYSTEM_UNAVAILABLE' } });
    expect(first.lines).toHaveLength(20);
    isDown = false;
    expect(messagesOf(await page({ after: first.endCursor() }))[0]).toBe('line 20');
  });

  test('that the vendor leaves out are a problem with its reason', async () => {
    const { page } = connect((request) => succeed(takeLines(lines(2), request, (each) => each, { omission: 'The middle is missing.' })));
    expect((await page()).problem).toEqual({
      code: 'INCOMPLETE_LOG',
      message: 'memory: The middle is missing.',
      retryable: false,
      retryAfterSeconds: null,
    });
  });

  test('of a part that is returned again and again are a problem, not an endless read', async () => {
    const stuck: ListPosition = { part: 'same', row: 0 };
    const { page, requests } = connect(() => succeed({ lines: [], next: stuck, hasMore: true, omission: null }));
    expect(await page()).toMatchObject({ problem: { code: 'INVALID_VENDOR_RESPONSE', message: expect.stringMatching(/same part/) } });
    expect(requests).toHaveLength(2);
  });

  test('behind a token that no cursor can contain are a problem', async () => {
    const { page } = connect((request) => succeed(takeLines(lines(1), request, (each) => each, { nextPart: 'x'.repeat(1_001) })));
    expect(await page()).toMatchObject({
      problem: { code: 'INVALID_VENDOR_RESPONSE', message: expect.stringMatching(/1,001 characters/) },
    });
  });

  test('of a job that could not be read are its problem, without a request', async () => {
    const { load, requests } = connect(() => succeed(null));
    const page = await load({}, createUnreadJob('memory', 'j1', down, new Date(0)));
    expect(page).toMatchObject({ lines: [], problem: { code: 'SYSTEM_UNAVAILABLE' } });
    expect(requests).toEqual([]);
  });
});

describe('no log', () => {
  test('is null, without a request if the system has none', async () => {
    const { load, requests } = connect(() => succeed(null), { ofSteps: false });
    expect(await load()).toBeNull();
    expect(requests).toHaveLength(1);
    expect(await load({ stepId: 's1' })).toBeNull();
    expect(requests).toHaveLength(1);
  });
});

describe('a cursor', () => {
  const { page, load, keys } = connect(inParts(lines(30), 10));

  test.each<[string, (cursor: string) => ReturnType<typeof load>]>([
    ['of another job', (after) => load({ after }, createJob('memory', jobFields('j2'), new Date(0)))],
    ['of a step', (after) => load({ after, stepId: 's1' })],
    ['of another severity', (after) => load({ after, minSeverity: 'ERROR' })],
    ['that was changed', (after) => load({ after: `${after.slice(0, -2)}AA` })],
    ['of this form without a signature', () => load({ after: Buffer.from(JSON.stringify(startOfList)).toString('base64url') })],
  ])('%s is invalid', async (_what, use) => {
    const cursor = (await page({ first: 5 })).endCursor();
    expect(await use(cursor)).toBe('badCursor');
  });

  test('stays valid after the process adopts the key that all replicas share', async () => {
    const cursor = (await page({ first: 5 })).endCursor();
    keys.adopt(Buffer.alloc(32, 7));
    expect(await load({ after: cursor })).toMatchObject({ problem: null });
  });
});
