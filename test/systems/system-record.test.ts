import { expect, test } from 'vitest';
import { createSystemRecord } from '../../src/systems/system-record.ts';

const coolDownMs = 300_000;

function start() {
  const time = { ms: Date.parse('2026-03-02T12:00:00Z') };
  let changes = 0;
  const record = createSystemRecord(
    () => time.ms,
    coolDownMs,
    () => {
      changes += 1;
    },
  );
  return { time, record, changes: () => changes, at: (afterMs: number) => new Date(Date.parse('2026-03-02T12:00:00Z') + afterMs) };
}

test('the breaker has its state, since when, and the next attempt while it is open', () => {
  const { time, record, changes, at } = start();
  expect(record.breaker()).toEqual({ state: 'CLOSED', changedAt: at(0), nextAttemptAt: null });
  time.ms += 1_000;
  record.onBreakerChange('open');
  expect(record.breaker()).toEqual({ state: 'OPEN', changedAt: at(1_000), nextAttemptAt: at(6_000) });
  time.ms += 6_000;
  record.onBreakerChange('half_open');
  expect(record.breaker()).toEqual({ state: 'HALF_OPEN', changedAt: at(7_000), nextAttemptAt: null });
  expect(changes()).toBe(2);
});

test('credentials are unknown, then what the last response that shows it says; expired only if they worked before', () => {
  const { time, record, changes, at } = start();
  expect(record.credentials()).toEqual({ status: 'UNKNOWN', provenAt: null, rejectedAt: null, nextAttemptAt: null });
  record.onCredentialsJudged('rejected');
  expect(record.credentials()).toEqual({ status: 'REJECTED', provenAt: null, rejectedAt: at(0), nextAttemptAt: at(coolDownMs) });
  time.ms += 10;
  record.onCredentialsJudged('accepted');
  expect(record.credentials()).toEqual({ status: 'OK', provenAt: at(10), rejectedAt: null, nextAttemptAt: null });
  expect(changes()).toBe(2);
  // Each further response proves them again, which is no change.
  time.ms += 10;
  record.onCredentialsJudged('accepted');
  expect(record.credentials()).toMatchObject({ status: 'OK', provenAt: at(20) });
  expect(changes()).toBe(2);
  time.ms += 10;
  record.onCredentialsJudged('rejected');
  expect(record.credentials()).toEqual({
    status: 'EXPIRED',
    provenAt: at(20),
    rejectedAt: at(30),
    nextAttemptAt: at(30 + coolDownMs),
  });
  expect(changes()).toBe(3);
});

test('the traffic is that of all call policies, with what was blocked in the last minute', () => {
  const { time, record, at } = start();
  const idle = { inFlight: 0, waiting: 0, pauseEndsAt: null, requestsLastMinute: 0, latencyP50Ms: null, latencyP95Ms: null };
  expect(record.traffic()).toEqual({ ...idle, blockedLastMinute: [] });
  record.showTraffic(() => ({ inFlight: 2, waiting: 5, pausedUntilMs: 0 }));
  record.showTraffic(() => ({ inFlight: 1, waiting: 0, pausedUntilMs: at(9_000).getTime() }));
  for (const durationMs of [10, 20, 300]) record.observe({ durationMs });
  record.onBlocked('breaker');
  record.onBlocked('vendor');
  record.onBlocked('vendor');
  expect(record.traffic()).toEqual({
    inFlight: 3,
    waiting: 5,
    pauseEndsAt: at(9_000),
    requestsLastMinute: 3,
    latencyP50Ms: 20,
    latencyP95Ms: 300,
    blockedLastMinute: [
      { reason: 'CIRCUIT_BREAKER', count: 1 },
      { reason: 'VENDOR_THROTTLING', count: 2 },
    ],
  });
  time.ms += 60_000;
  expect(record.traffic()).toMatchObject({ pauseEndsAt: null, requestsLastMinute: 0, blockedLastMinute: [] });
});
