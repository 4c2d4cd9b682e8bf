import { expect, test } from 'vitest';
import type { ServedSystem } from '../../src/job-service/served-system.ts';
import type { SystemHealth } from '../../src/jobs/health.ts';
import { createSystemWatcher } from '../../src/live/system-watcher.ts';
import { createSystemRecord } from '../../src/systems/system-record.ts';
import { connectMemory } from '../jobs/memory-adapter.ts';
import { createManualClock } from './manual-clock.ts';

function start() {
  const clock = createManualClock();
  const watcher = createSystemWatcher({
    clock,
    onBug(error) {
      throw error;
    },
  });
  const connect = (id: string) => {
    const record = createSystemRecord(clock.nowMs, 0, () => watcher.note(id));
    const seen = { checks: 0, status: 'UP' as SystemHealth['status'] };
    const health = {
      async check(): Promise<SystemHealth> {
        seen.checks += 1;
        return { status: seen.status, checkedAt: null, latencyMs: null, problem: null };
      },
      forget() {},
    };
    const system: ServedSystem = { ...connectMemory({ id }).system, health, state: record };
    return { system, record, seen };
  };
  /** Takes what waits. */
  const follow = (systems: readonly ServedSystem[]) => {
    const follower = watcher.subscribe(systems);
    const got: string[] = [];
    const changes: object[] = [];
    void (async () => {
      for await (const change of follower) {
        got.push(change.system.id);
        changes.push(change);
      }
      got.push('end');
    })();
    return { follower, got, changes };
  };
  return { clock, watcher, connect, follow };
}

test('sends each system once, then one whose health or traffic has changed at the next reading', async () => {
  const { clock, connect, follow } = start();
  const [a, b] = [connect('a'), connect('b')];
  const { got } = follow([a.system, b.system]);
  await clock.advance(20_000);
  expect(got).toEqual(['a', 'b']);
  b.seen.status = 'DOWN';
  await clock.advance(5_000);
  expect(got).toEqual(['a', 'b', 'b']);
  a.record.onBlocked('vendor');
  await clock.advance(5_000);
  expect(got).toEqual(['a', 'b', 'b', 'a']);
});

test('sends a change of the breaker or the credentials at once', async () => {
  const { clock, connect, follow } = start();
  const { system, record } = connect('a');
  const { got } = follow([system]);
  await clock.advance(0);
  record.onBreakerChange('open');
  await clock.advance(0);
  expect(got).toEqual(['a', 'a']);
  record.onCredentialsJudged('rejected');
  await clock.advance(0);
  expect(got).toEqual(['a', 'a', 'a']);
});

test('reads a system once for all its subscribers, who get the same change, and not without any', async () => {
  const { clock, connect, follow } = start();
  const { system, record, seen } = connect('a');
  const followers = Array.from({ length: 100 }, () => follow([system]));
  await clock.advance(50_000);
  expect(seen.checks).toBeLessThanOrEqual(11);
  record.onBreakerChange('open');
  await clock.advance(0);
  expect(new Set(followers.map(({ changes }) => changes.at(-1))).size).toBe(1);
  for (const { follower } of followers) await follower.return();
  const { checks } = seen;
  await clock.advance(50_000);
  expect(seen.checks).toBe(checks);
  expect(clock.waiting()).toBe(0);
});

test('ends all subscriptions when it is closed', async () => {
  const { clock, watcher, connect, follow } = start();
  const { got } = follow([connect('a').system]);
  watcher.close();
  await clock.advance(0);
  expect(got).toEqual(['a', 'end']);
  expect(clock.waiting()).toBe(0);
});
