import { describe, expect, test } from 'vitest';
import type { Place } from '../../src/concurrency/place-lines.ts';
import { type CredentialGate, createCredentialGate, type Entry } from '../../src/transport/credential-gate.ts';
import { connect, describe as inShort } from './client.ts';
import { startServer, statuses } from './start-server.ts';

describe('rejected credentials', () => {
  test('are tried once, however many requests are waiting', async () => {
    const server = await startServer(statuses(401, 401, 401));
    const client = connect(server.origin);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => client.read()));
    expect(outcomes.map(inShort).sort()).toEqual([401, ...Array(9).fill('VENDOR_AUTHENTICATION_FAILED')]);
    const later = await client.act();
    expect(later).toMatchObject({
      answered: false,
      mayHaveArrived: false,
      problem: { code: 'VENDOR_AUTHENTICATION_FAILED', retryable: false },
    });
    expect(later).toMatchObject({ problem: { retryAfterSeconds: expect.any(Number) } });
    expect(server.requests).toHaveLength(1);
  });

  test("aren't tried again even if they worked before", async () => {
    const server = await startServer(statuses(200, 401));
    const client = connect(server.origin);
    expect([await client.read(), await client.read(), await client.read()].map(inShort)).toEqual([
      200,
      401,
      'VENDOR_AUTHENTICATION_FAILED',
    ]);
    expect(server.requests).toHaveLength(2);
  });

  test("don't block a caller with its own credential, whose rejection affects no other caller", async () => {
    const server = await startServer(statuses(401, 401, 200));
    const own = { credential: 'token' };
    const client = connect(server.origin);
    expect(inShort(await client.read())).toBe(401);
    expect(inShort(await client.read(own))).toBe(401);
    expect(inShort(await client.read(own))).toBe(200);
    expect(inShort(await client.read())).toBe('VENDOR_AUTHENTICATION_FAILED');
  });
});

describe('the gate', () => {
  const startMs = Date.UTC(2026, 0, 1);

  const enter = (gate: CredentialGate, caller = 'ann') => gate.enter({ caller, purpose: 'read', signal: new AbortController().signal });
  const turnOf = (entry: Entry): Place | undefined => (entry.kind === 'entered' ? entry.turn : undefined);

  test('opens for one request after the cool-down of 5 minutes', async () => {
    let nowMs = startMs;
    const gate = createCredentialGate('vendor', 10, () => nowMs);
    gate.leave('rejected', turnOf(await enter(gate)));
    nowMs += 60_000;
    expect(await enter(gate)).toMatchObject({
      kind: 'rejected',
      problem: { code: 'VENDOR_AUTHENTICATION_FAILED', retryAfterSeconds: 240 },
    });
    nowMs += 240_000;
    const first = await enter(gate);
    expect(first.kind).toBe('entered');
    let entered = false;
    const second = enter(gate).then(() => {
      entered = true;
    });
    await Promise.resolve();
    expect(entered).toBe(false);
    gate.leave('accepted', turnOf(first));
    await second;
    expect(entered).toBe(true);
  });

  test('opens for all once the credentials have worked, even after a response that proves nothing', async () => {
    const gate = createCredentialGate('vendor', 10, () => startMs);
    const first = await enter(gate);
    const waiting = [enter(gate), enter(gate), enter(gate)] as const;
    gate.leave('unknown', turnOf(first));
    const second = await waiting[0];
    gate.leave('accepted', turnOf(second));
    expect((await Promise.all([...waiting, enter(gate)])).map(({ kind }) => kind)).toEqual(Array(4).fill('entered'));
    expect(gate.isProven()).toBe(true);
  });

  test('rejects all waiting requests when the credentials are rejected', async () => {
    const gate = createCredentialGate('vendor', 10, () => startMs);
    const first = await enter(gate);
    const waiting = [enter(gate), enter(gate), enter(gate)];
    gate.leave('rejected', turnOf(first));
    expect(await Promise.all(waiting)).toMatchObject(
      Array(3).fill({ kind: 'rejected', problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } }),
    );
  });

  test('lets callers take turns, and limits the waiting requests of a caller', async () => {
    const gate = createCredentialGate('vendor', 3, () => startMs);
    let turn = turnOf(await enter(gate));
    const order: string[] = [];
    const next = async (caller: string): Promise<void> => {
      const entry = await enter(gate, caller);
      order.push(entry.kind === 'entered' ? caller : entry.kind);
      turn = turnOf(entry) ?? turn;
    };
    const waiting = [next('ann'), next('ann'), next('ann'), next('bob'), next('ann')];
    await waiting[4];
    for (const entering of waiting.slice(0, 4)) {
      gate.leave('unknown', turn);
      await Promise.race([entering, new Promise((resolve) => setImmediate(resolve))]);
    }
    await Promise.all(waiting);
    expect(order).toEqual(['full', 'bob', 'ann', 'ann', 'ann']);
  });
});
