import { describe, expect, test } from 'vitest';
import { createCredentialGate } from '../../src/transport/credential-gate.ts';
import { connect, describe as inShort } from './client.ts';
import { startServer, statuses } from './start-server.ts';

describe('credentials that are refused', () => {
  test('are tried once, however many requests are waiting', async () => {
    const server = await startServer(statuses(401, 401, 401));
    const client = connect(server.origin);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => client.read()));
    expect(outcomes.map(inShort).sort()).toEqual([401, ...Array(9).fill('VENDOR_CREDENTIALS')]);
    const later = await client.act();
    expect(later).toMatchObject({ answered: false, mayHaveArrived: false, problem: { code: 'VENDOR_CREDENTIALS', retryable: false } });
    expect(later).toMatchObject({ problem: { retryAfterSeconds: expect.any(Number) } });
    expect(server.requests).toHaveLength(1);
  });

  test('after they had worked are left alone as well', async () => {
    const server = await startServer(statuses(200, 401));
    const client = connect(server.origin);
    expect([await client.read(), await client.read(), await client.read()].map(inShort)).toEqual([200, 401, 'VENDOR_CREDENTIALS']);
    expect(server.requests).toHaveLength(2);
  });

  test("do not keep out a caller with a credential of its own, whose refusal is nobody else's", async () => {
    const server = await startServer(statuses(401, 401, 200));
    const own = { credential: 'token' };
    const client = connect(server.origin);
    expect(inShort(await client.read())).toBe(401);
    expect(inShort(await client.read(own))).toBe(401);
    expect(inShort(await client.read(own))).toBe(200);
    expect(inShort(await client.read())).toBe('VENDOR_CREDENTIALS');
  });
});

describe('the gate', () => {
  const startMs = Date.UTC(2026, 0, 1);

  test('opens again after the cool-down of 5 minutes, for one request', async () => {
    let nowMs = startMs;
    const gate = createCredentialGate('vendor', () => nowMs);
    expect(await gate.enter()).toBeNull();
    gate.leave('refused');
    nowMs += 60_000;
    expect(await gate.enter()).toMatchObject({ code: 'VENDOR_CREDENTIALS', retryAfterSeconds: 240 });
    nowMs += 240_000;
    expect(await gate.enter()).toBeNull();
    let entered = false;
    const second = gate.enter().then(() => {
      entered = true;
    });
    await Promise.resolve();
    expect(entered).toBe(false);
    gate.leave('accepted');
    await second;
    expect(entered).toBe(true);
  });

  test('lets all in once the credentials have worked, and goes on to after an answer that proves nothing', async () => {
    const gate = createCredentialGate('vendor', () => startMs);
    expect(await gate.enter()).toBeNull();
    const waiting = [gate.enter(), gate.enter(), gate.enter()];
    gate.leave('unknown');
    expect(await waiting[0]).toBeNull();
    gate.leave('accepted');
    expect(await Promise.all(waiting)).toEqual([null, null, null]);
    expect(await Promise.all([gate.enter(), gate.enter()])).toEqual([null, null]);
  });

  test('turns away all who wait when the credentials are refused', async () => {
    const gate = createCredentialGate('vendor', () => startMs);
    await gate.enter();
    const waiting = [gate.enter(), gate.enter(), gate.enter()];
    gate.leave('refused');
    expect(await Promise.all(waiting)).toMatchObject(Array(3).fill({ code: 'VENDOR_CREDENTIALS' }));
  });
});
