import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDrain } from '../../src/http/drain.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const pieceBytes = 65_536;

/** A request that has so many bytes left; null: it sends for ever. */
function createRequest(bytes: number | null) {
  let left = bytes ?? Number.POSITIVE_INFINITY;
  let taken = 0;
  const stream = new Readable({
    read() {
      this.push(left > 0 ? Buffer.alloc(Math.min(left, pieceBytes)) : null);
      left -= pieceBytes;
    },
  });
  stream.on('data', (piece: Buffer) => {
    taken += piece.length;
  });
  stream.pause();
  return { request: stream, taken: () => taken, isDestroyed: () => stream.destroyed };
}

const nextRounds = async (): Promise<void> => {
  for (let round = 0; round < 20; round += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};
/** Lets so much time pass in steps, and what became possible happen. */
async function pass(ms: number, stepMs = 1): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await nextRounds();
    vi.advanceTimersByTime(stepMs);
  }
  await nextRounds();
}

test('drains a 1 MB request in about 30 ms and reports its end', async () => {
  const drain = createDrain();
  const { request, taken } = createRequest(1_000_000);
  const onOver = vi.fn();
  drain(request, onOver);
  await pass(40);
  expect(taken()).toBe(1_000_000);
  expect(onOver).toHaveBeenCalledOnce();
  // Nothing is left to happen to a connection that may have its next request.
  expect(vi.getTimerCount()).toBe(0);
});

test('drains all requests together no faster than one, and each makes progress', async () => {
  const drain = createDrain();
  const requests = Array.from({ length: 10 }, () => createRequest(1_000_000));
  for (const { request } of requests) drain(request, () => {});
  await pass(100);
  const takenBytes = requests.map(({ taken }) => taken());
  const sum = takenBytes.reduce((all, taken) => all + taken, 0);
  // Each may be one piece ahead.
  expect(sum).toBeLessThanOrEqual(100 * 32_768 + 10 * pieceBytes);
  expect(sum).toBeGreaterThan(50 * 32_768);
  expect(Math.min(...takenBytes)).toBeGreaterThan(pieceBytes);
});

test("gives up a request that doesn't end after 10 seconds", async () => {
  const drain = createDrain();
  const { request, isDestroyed } = createRequest(null);
  const onOver = vi.fn();
  drain(request, onOver);
  await pass(9_900, 100);
  expect(isDestroyed()).toBe(false);
  await pass(200, 100);
  expect(isDestroyed()).toBe(true);
  expect(onOver).toHaveBeenCalledOnce();
});
