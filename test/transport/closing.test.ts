import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect, describe as describeOutcome } from './client.ts';

/** A vendor that writes each byte itself. */
interface RawVendor {
  origin: string;
  /** The methods of the requests that arrived, in order. */
  requests: string[];
  connections(): number;
  /** Resolves when all connections are closed. */
  allClosed(): Promise<void>;
}

async function startVendor(answer: (socket: Socket, index: number) => void): Promise<RawVendor> {
  const requests: string[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections += 1;
    open.add(socket);
    let received = '';
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    // The client closes its half.
    socket.on('end', () => socket.end());
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      const head = received.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (head === -1 || received.length < head + 4 + length) return;
      requests.push(received.slice(0, received.indexOf(' ')));
      received = '';
      answer(socket, requests.length - 1);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => connections,
    async allClosed() {
      await Promise.all(Array.from(open, (socket) => once(socket, 'close')));
    },
  };
}

const responseWith = (...headers: string[]) =>
  `${['HTTP/1.1 200 OK', 'content-type: application/json', 'content-length: 2', ...headers].join('\r\n')}\r\n\r\n{}`;
const closing = responseWith('connection: close');
const isAction = (method: string): boolean => method === 'POST';

describe('a vendor that answers connection: close', () => {
  const ways: [what: string, answer: (socket: Socket) => void][] = [
    ['and closes', (socket) => socket.end(closing)],
    ['and leaves the connection open', (socket) => void socket.write(closing)],
    ['and resets the connection when the response is sent', (socket) => void socket.write(closing, () => socket.resetAndDestroy())],
    ['in HTTP/1.0, without a length', (socket) => socket.end('HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n{}')],
  ];

  test.each(ways.filter(([what]) => !what.includes('resets')))(
    '%s, gets each request once, on a connection of its own',
    async (_what, answer) => {
      const vendor = await startVendor(answer);
      const { read, act, attempts } = connect(vendor.origin);
      for (let count = 0; count < 5; count += 1) expect(await read()).toMatchObject({ answered: true, status: 200 });
      for (let count = 0; count < 5; count += 1) expect(await act()).toMatchObject({ answered: true, status: 200 });
      const together = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? act() : read())));
      expect(together.map(describeOutcome)).toEqual(Array(20).fill(200));
      expect(vendor.requests.filter(isAction)).toHaveLength(15);
      expect(vendor.requests).toHaveLength(30);
      expect(vendor.connections()).toBe(30);
      expect(attempts.filter(({ isRetry }) => isRetry)).toEqual([]);
    },
  );

  test('and resets the connection, gets no action twice', async () => {
    const vendor = await startVendor((socket) => void socket.write(closing, () => socket.resetAndDestroy()));
    const { read, act } = connect(vendor.origin);
    for (let count = 0; count < 5; count += 1) expect(describeOutcome(await read())).toBe(200);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => act()));
    for (const outcome of outcomes) expect(outcome.answered || outcome.mayHaveArrived).toBe(true);
    expect(vendor.requests.filter(isAction)).toHaveLength(10);
  });
});

describe('a vendor that closes idle connections without saying so', () => {
  test('gets the next read and the next action on a new connection, each once', async () => {
    const vendor = await startVendor((socket) => socket.end(responseWith()));
    const { read, act, attempts } = connect(vendor.origin);
    for (const send of [read, act, act, read]) {
      expect(describeOutcome(await send())).toBe(200);
      await vendor.allClosed();
    }
    expect(vendor.requests).toEqual(['GET', 'POST', 'POST', 'GET']);
    expect(vendor.connections()).toBe(4);
    expect(attempts.filter(({ isRetry }) => isRetry)).toEqual([]);
  });

  test('just when the next request is sent, loses no read and gets no action twice', async () => {
    const vendor = await startVendor((socket) => socket.end(responseWith()));
    const { read, act } = connect(vendor.origin, { concurrency: 1 });
    for (let count = 0; count < 50; count += 1) {
      expect(describeOutcome(await read())).toBe(200);
      const before = vendor.requests.filter(isAction).length;
      const outcome = await act();
      const arrived = vendor.requests.filter(isAction).length - before;
      if (outcome.answered) expect(arrived).toBe(1);
      else expect([arrived, outcome.mayHaveArrived]).toEqual(outcome.mayHaveArrived ? [expect.any(Number), true] : [0, false]);
      expect(arrived).toBeLessThanOrEqual(1);
    }
  });

  test('when a request has arrived, gets the read again on another connection, and the action once', async () => {
    const vendor = await startVendor((socket, index) => (index % 2 === 1 ? socket.destroy() : socket.write(responseWith())));
    const { read, act, attempts } = connect(vendor.origin, { concurrency: 1 });
    expect(describeOutcome(await read())).toBe(200);
    // The second request is lost, and its repetition is answered.
    expect(describeOutcome(await read())).toBe(200);
    expect(attempts.map(({ isRetry }) => isRetry)).toEqual([false, false, true]);
    const outcome = await act();
    expect(outcome).toMatchObject({ answered: false, mayHaveArrived: true });
    expect(vendor.requests.filter(isAction)).toHaveLength(1);
  });
});
