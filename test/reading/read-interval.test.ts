import { describe, expect, test } from 'vitest';
import { type ReadResult, toListedJob } from '../../src/jobs/adapter.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { abortedSignal, callOf, down, jobFields, type MemoryOptions, memoryList, memoryRows } from '../jobs/memory-adapter.ts';
import { connect, defer, ids, intervalMs, jobOf, limited, problemOf, startMs } from './stopped-clock.ts';

describe('if the vendor has a minimum read interval', () => {
  test('the last copy is served, marked as stale, until the time is up', async () => {
    const { system, reads, clock } = connect({ reads: limited });
    await system.reader.read(['j0'], callOf());
    clock.nowMs += intervalMs - 1;
    const [within] = await system.reader.read(['j0'], callOf());
    expect(jobOf(within)).toMatchObject({ stale: true, problem: null, observedAt: new Date(startMs) });
    expect(reads).toHaveLength(1);
    clock.nowMs += 1;
    const [after] = await system.reader.read(['j0'], callOf());
    expect(jobOf(after)).toMatchObject({ stale: false, observedAt: new Date(startMs + intervalMs) });
    expect(reads).toHaveLength(2);
  });

  test('a row of a list counts as no read, but is the newer copy', async () => {
    const { system, reads, clock } = connect({ reads: limited });
    system.reader.takeFromList([toListedJob(jobFields('j0', { status: 'QUEUED' }))], callOf());
    await system.reader.read(['j0'], callOf());
    expect(reads).toHaveLength(1);
    clock.nowMs += 1_000;
    system.reader.takeFromList([toListedJob(jobFields('j0', { status: 'SUCCEEDED' }))], callOf());
    const [read] = await system.reader.read(['j0'], callOf());
    expect(reads).toHaveLength(1);
    expect(jobOf(read)).toMatchObject({ status: 'SUCCEEDED', stale: true, observedAt: new Date(startMs + 1_000) });
  });

  test('a state that the vendor confirmed shows in the copy', async () => {
    const { system } = connect({ reads: limited });
    await system.reader.read(['j0'], callOf());
    system.reader.cacheState('j0', { status: 'CANCELLING', vendorStatus: 'stopping' }, callOf());
    const [read] = await system.reader.read(['j0'], callOf());
    expect(jobOf(read)).toMatchObject({ status: 'CANCELLING', vendorStatus: 'stopping', stale: true });
  });

  test('concurrent calls share one read', async () => {
    const { system, reads } = connect({ reads: limited });
    const [first, second] = await Promise.all([system.reader.read(['j0', 'j1'], callOf()), system.reader.read(['j1', 'j2'], callOf())]);
    expect(reads.flat().sort()).toEqual(['j0', 'j1', 'j2']);
    expect(jobOf(first[1])).toEqual(jobOf(second[0]));
  });

  test("a call for one of a hundred jobs that another call reads doesn't wait for the others", async () => {
    const anns = defer<ReadResult>();
    const answerRead: MemoryOptions['answerRead'] = (id, { caller }) =>
      caller === 'ann' ? anns.promise : { kind: 'job', job: jobFields(id) };
    const { system, reads } = connect({ reads: limited, answerRead });
    const many = system.reader.read(ids(100), callOf({ caller: 'ann' }));
    const [one] = await system.reader.read(['j50'], callOf({ caller: 'bob' }));
    expect(jobOf(one)?.vendorId).toBe('j50');
    anns.settle({ kind: 'notFound' });
    expect((await many).filter(({ kind }) => kind === 'notFound')).toHaveLength(99);
    // The vendor would reject a second read of it.
    expect(reads.flat().filter((id) => id === 'j50')).toHaveLength(1);
  });

  test('an aborted call fails none of the others', async () => {
    const answer = defer<ReadResult>();
    const answerRead: MemoryOptions['answerRead'] = (_id, { signal }) => {
      signal.addEventListener('abort', () => answer.settle({ kind: 'problem', problem: down }));
      return answer.promise;
    };
    const { system, reads } = connect({ reads: limited, answerRead });
    const leaving = new AbortController();
    const first = system.reader.read(['j0'], callOf({ signal: leaving.signal }));
    const second = system.reader.read(['j0'], callOf());
    leaving.abort();
    expect(problemOf((await first)[0])?.code).toBe('TIMED_OUT');
    answer.settle({ kind: 'job', job: jobFields('j0') });
    expect(jobOf((await second)[0])?.vendorId).toBe('j0');
    expect(reads).toHaveLength(1);
  });

  test('a call that was aborted before starts no read', async () => {
    const { system, reads } = connect({ reads: limited });
    const [read] = await system.reader.read(['j0'], callOf({ signal: abortedSignal() }));
    expect(problemOf(read)?.code).toBe('TIMED_OUT');
    expect(reads).toEqual([]);
  });

  test('a failed read is not shared with later calls', async () => {
    const answers: ReadResult[] = [
      { kind: 'problem', problem: createProblem('ACCESS_DENIED', 'No.') },
      { kind: 'job', job: jobFields('j0') },
    ];
    const { system } = connect({ reads: limited, answerRead: () => answers.shift() ?? { kind: 'notFound' } });
    expect(problemOf((await system.reader.read(['j0'], callOf()))[0])?.code).toBe('ACCESS_DENIED');
    expect(jobOf((await system.reader.read(['j0'], callOf()))[0])?.stale).toBe(false);
  });
});

describe('a fresh read', () => {
  test('is never an older copy: within the time the lists are walked, as no limit is on them', async () => {
    const { system, reads, pages, clock } = connect({ reads: limited });
    await system.reader.read(['j0'], callOf());
    clock.nowMs += 1_000;
    const [read, other] = await system.reader.readFresh(['j0', 'j1'], callOf());
    expect(jobOf(read)).toMatchObject({ stale: false, observedAt: new Date(startMs + 1_000) });
    expect(jobOf(other)?.vendorId).toBe('j1');
    expect([reads, pages.length]).toEqual([[['j0'], ['j1']], 1]);
  });

  test("that the lists don't contain either is RATE_LIMITED", async () => {
    const { system, clock } = connect({ reads: limited, lists: [], answerRead: (id) => ({ kind: 'job', job: jobFields(id) }) });
    await system.reader.read(['j0'], callOf());
    clock.nowMs += 1_000;
    const [read] = await system.reader.readFresh(['j0'], callOf());
    expect(problemOf(read)).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 10 });
  });

  test('that the vendor rejects as too early is found in the lists', async () => {
    const tooSoon = createProblem('RATE_LIMITED', 'Too soon.', 5);
    const { system, pages } = connect({ reads: limited, answerRead: () => ({ kind: 'problem', problem: tooSoon }) });
    expect(jobOf((await system.reader.readFresh(['j3'], callOf()))[0])?.vendorId).toBe('j3');
    expect(pages).toHaveLength(1);
    expect(problemOf((await system.reader.readFresh(['missing'], callOf()))[0])).toBe(tooSoon);
  });

  test('that fails returns the problem, even if there is a cached copy', async () => {
    const answers: ReadResult[] = [
      { kind: 'job', job: jobFields('j0') },
      { kind: 'problem', problem: down },
    ];
    const { system } = connect({ answerRead: () => answers.shift() ?? { kind: 'notFound' } });
    await system.reader.read(['j0'], callOf());
    expect(await system.reader.readFresh(['j0'], callOf())).toEqual([{ kind: 'problem', problem: down }]);
  });

  test('walks at most as many rows as the scan limit, in pages of 200', async () => {
    const lists = [memoryList({ rows: memoryRows(100), maxRows: 1 })];
    const { system, pages } = connect({
      lists,
      reads: limited,
      scanLimit: 1_000,
      answerRead: (id) => ({ kind: 'job', job: jobFields(id) }),
    });
    await system.reader.read(['far'], callOf());
    await system.reader.readFresh(['far'], callOf());
    expect(pages).toHaveLength(5);
  });
});
