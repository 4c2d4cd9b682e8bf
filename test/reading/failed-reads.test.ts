import { describe, expect, test } from 'vitest';
import type { ReadResult } from '../../src/jobs/adapter.ts';
import { createProblem, type ProblemCode } from '../../src/jobs/problem.ts';
import { callOf, down, jobFields } from '../jobs/memory-adapter.ts';
import { connect, ids, jobOf, problemOf } from './stopped-clock.ts';

describe("if a job can't be read", () => {
  const failing = (code: ProblemCode) => {
    const problem = createProblem(code, 'No.');
    const answers: ReadResult[] = [
      { kind: 'job', job: jobFields('j0') },
      { kind: 'problem', problem },
    ];
    return { problem, ...connect({ answerRead: () => answers.shift() ?? { kind: 'notFound' } }) };
  };

  test.each(['SYSTEM_UNAVAILABLE', 'TIMED_OUT', 'RATE_LIMITED', 'INVALID_VENDOR_RESPONSE'] as const)(
    'returns the last copy for %s, with the problem',
    async (code) => {
      const { system, problem } = failing(code);
      await system.reader.read(['j0'], callOf());
      const [read] = await system.reader.read(['j0'], callOf());
      expect(jobOf(read)).toMatchObject({ status: 'RUNNING', stale: true, problem });
    },
  );

  test.each(['ACCESS_DENIED', 'VENDOR_AUTHENTICATION_FAILED'] as const)('returns no copy for %s', async (code) => {
    const { system, problem } = failing(code);
    await system.reader.read(['j0'], callOf());
    expect(await system.reader.read(['j0'], callOf())).toEqual([{ kind: 'problem', problem }]);
  });

  test('its copy is returned if it is among the most recently used, and no older one', async () => {
    let isDown = false;
    const answerRead = (id: string): ReadResult => (isDown ? { kind: 'problem', problem: down } : { kind: 'job', job: jobFields(id) });
    const { system } = connect({ answerRead, maxCopies: 100 });
    await system.reader.read(['first'], callOf());
    await system.reader.read(ids(100), callOf());
    isDown = true;
    const [first, kept] = await system.reader.read(['first', 'j0'], callOf());
    expect([problemOf(first), jobOf(kept)?.stale]).toEqual([down, true]);
  });

  test('and has no cached copy, the problem is returned', async () => {
    const { system } = connect({ answerRead: () => ({ kind: 'problem', problem: down }) });
    expect(await system.reader.read(['j0'], callOf())).toEqual([{ kind: 'problem', problem: down }]);
  });

  test('a copy from before its removal is not returned', async () => {
    const answers: ReadResult[] = [{ kind: 'job', job: jobFields('j0') }, { kind: 'notFound' }, { kind: 'problem', problem: down }];
    const { system } = connect({ answerRead: () => answers.shift() ?? { kind: 'notFound' } });
    const kinds: string[] = [];
    for (const _ of [1, 2, 3]) kinds.push(...(await system.reader.read(['j0'], callOf())).map(({ kind }) => kind));
    expect(kinds).toEqual(['job', 'notFound', 'problem']);
  });
});
