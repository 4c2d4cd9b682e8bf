import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createProblem, type Problem } from '../../src/jobs/problem.ts';
import { connectMemory, down } from './memory-adapter.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function connect(findings: (Problem | null)[], latencyMs = 5) {
  let checks = 0;
  const { system } = connectMemory({
    check: async () => {
      vi.setSystemTime(Date.now() + latencyMs);
      vi.advanceTimersByTime(latencyMs);
      return findings[checks++] ?? null;
    },
  });
  return { check: (credential: string | null = null) => system.health.check({ caller: 'test', credential }), countChecks: () => checks };
}

describe('the health of a system', () => {
  test.each([
    ['UP', null],
    ['DOWN', down],
    ['DOWN', createProblem('VENDOR_AUTHENTICATION_FAILED', 'no')],
    ['DEGRADED', createProblem('RATE_LIMITED', 'slowly', 3)],
  ])('is %s if the check returns %o', async (status, problem) => {
    expect(await connect([problem]).check()).toMatchObject({ status, problem });
  });

  test('is DEGRADED if the response takes 2 seconds', async () => {
    expect(await connect([null], 2_000).check()).toMatchObject({ status: 'DEGRADED', problem: null });
  });

  test('is checked once in 10 seconds', async () => {
    const { check, countChecks } = connect([null, down]);
    const first = await check();
    vi.setSystemTime((first.checkedAt?.getTime() ?? 0) + 9_999);
    expect(await check()).toBe(first);
    expect(countChecks()).toBe(1);
    vi.setSystemTime((first.checkedAt?.getTime() ?? 0) + 10_000);
    expect((await check()).status).toBe('DOWN');
    expect(countChecks()).toBe(2);
  });

  test('is checked once for concurrent calls', async () => {
    const { check, countChecks } = connect([null]);
    const [first, second] = await Promise.all([check(), check()]);
    expect(first).toBe(second);
    expect(countChecks()).toBe(1);
  });

  test("is checked again with a caller's own credential, and other callers don't see that result", async () => {
    const { check, countChecks } = connect([null, createProblem('ACCESS_DENIED', 'not you'), null]);
    const shared = await check();
    expect((await check('mine')).status).toBe('DOWN');
    expect(await check()).toBe(shared);
    expect(countChecks()).toBe(2);
  });
});
