import { describe, expect, test } from 'vitest';
import { type ReadResult, toListedJob } from '../../src/jobs/adapter.ts';
import { callOf, down, jobFields } from '../jobs/memory-adapter.ts';
import { connect, jobOf, limited } from './stopped-clock.ts';

describe("with a caller's own credential", () => {
  const mine = () => callOf({ credential: 'mine' });

  test('nothing that was read is kept for others', async () => {
    let isUp = true;
    const { system } = connect({ answerRead: (id) => (isUp ? { kind: 'job', job: jobFields(id) } : { kind: 'problem', problem: down }) });
    await system.reader.read(['j0'], mine());
    await system.reader.readFresh(['j0'], mine());
    system.reader.takeFromList([toListedJob(jobFields('j0'))], mine());
    isUp = false;
    expect(await system.reader.read(['j0'], callOf())).toEqual([{ kind: 'problem', problem: down }]);
  });

  test("nothing of the others' copies is shown, not even a name", async () => {
    const answers: ReadResult[] = [
      { kind: 'job', job: jobFields('j0', { name: null }) },
      { kind: 'problem', problem: down },
    ];
    const { system } = connect({ reads: limited, answerRead: () => answers.shift() ?? { kind: 'notFound' } });
    system.reader.takeFromList([toListedJob(jobFields('j0', { name: 'Secret' }))], callOf());
    expect(jobOf((await system.reader.read(['j0'], mine()))[0])).toMatchObject({ name: null, stale: false });
    expect(await system.reader.read(['j0'], mine())).toEqual([{ kind: 'problem', problem: down }]);
    expect(system.reader.takeFromList([toListedJob(jobFields('j0', { name: null }))], mine())[0]?.name).toBeNull();
  });

  test('no read in flight is shared, and each carries its own credential', async () => {
    const credentials: (string | null)[] = [];
    const { system, reads } = connect({
      reads: limited,
      answerRead: (id, { credential }) => {
        credentials.push(credential);
        return { kind: 'job', job: jobFields(id) };
      },
    });
    const calls = [callOf(), mine(), callOf({ credential: 'yours' })];
    await Promise.all(calls.map((call) => system.reader.read(['j0'], call)));
    expect(reads).toHaveLength(3);
    expect(credentials.sort()).toEqual(['mine', 'yours', null].sort());
  });

  test("reads of other callers don't prevent a fresh read", async () => {
    const { system, reads } = connect({ reads: limited });
    await system.reader.read(['j0'], callOf());
    expect(jobOf((await system.reader.readFresh(['j0'], mine()))[0])?.stale).toBe(false);
    expect(reads).toHaveLength(2);
  });

  test('what an action confirmed is not noted for others', async () => {
    const { system } = connect({ reads: limited });
    await system.reader.read(['j0'], callOf());
    system.reader.cacheState('j0', { status: 'CANCELLING', vendorStatus: 'stopping' }, mine());
    expect(jobOf((await system.reader.read(['j0'], callOf()))[0])?.status).toBe('RUNNING');
  });

  test('what others have read is not lost because one may not see it', async () => {
    const answers: ReadResult[] = [{ kind: 'job', job: jobFields('j0') }, { kind: 'notFound' }, { kind: 'problem', problem: down }];
    const { system } = connect({ answerRead: () => answers.shift() ?? { kind: 'notFound' } });
    await system.reader.read(['j0'], callOf());
    expect(await system.reader.read(['j0'], mine())).toEqual([{ kind: 'notFound' }]);
    expect(jobOf((await system.reader.read(['j0'], callOf()))[0])?.stale).toBe(true);
  });
});
