import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSelfSignedCertificate } from '../faults/certificate.ts';
import { connect, describe as inShort } from './client.ts';

/** A server that writes these pieces, byte for byte, to each request; its address, and the requests and connections it got. */
async function startRaw(pieces: readonly string[], after: (socket: Socket) => void = () => {}) {
  const seen = { requests: 0, connections: 0 };
  const server = createServer((socket) => {
    seen.connections += 1;
    socket.setNoDelay(true).on('error', () => {});
    socket.on('data', async () => {
      seen.requests += 1;
      for (const piece of pieces) {
        await new Promise<void>((resolve) => socket.write(piece, 'latin1', () => resolve()));
        // So that the pieces are read one by one.
        for (let turns = 0; turns < 5; turns += 1) await turn();
      }
      after(socket);
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('No port');
  return { origin: `http://127.0.0.1:${address.port}`, seen };
}

const continues = 'HTTP/1.1 100 Continue\r\n\r\n';
const processing = 'HTTP/1.1 102 Processing\r\n\r\n';
const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n';
const final = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"done":"1"';

describe('an unrequested informational response', () => {
  test.each([
    ['100 in a packet of its own', [continues, final]],
    ['100 in the packet of the answer', [continues + final]],
    ['100 of HTTP/1.0', ['HTTP/1.0 100 Continue\r\n\r\n', final]],
    ['100 with header fields', ['HTTP/1.1 100 Continue\r\nDate: today\r\nX: y\r\n\r\n', final]],
    ['100 without a reason', ['HTTP/1.1 100\r\n\r\n', final]],
    ['100, 102, 103 and 100 again', [continues, processing, hints, continues, final]],
    ['100, 102, 103 and 100 again, at once', [continues + processing + hints + continues + final]],
    ['103 and 102 alone', [hints, processing, final]],
    ['100, byte for byte', [...continues, ...final]],
    ['100 and half of the next', [`${continues}HTTP/1.1 1`, '00 Continue\r\n\r', `\n${final}`]],
    ['a body cut where its rest resembles one', [continues, final.slice(0, 80), final.slice(80)]],
  ])('(%s) is skipped, and the connection stays open', async (_what, pieces) => {
    const { origin, seen } = await startRaw(pieces);
    const client = connect(origin, { concurrency: 1 });
    for (let count = 0; count < 3; count += 1) {
      expect(await client.act()).toMatchObject({ answered: true, status: 200, text: '{"done":"1"' });
    }
    expect(seen).toEqual({ requests: 3, connections: 1 });
  });

  test('is distinguished from a body that resembles one', async () => {
    const body = `${continues}${continues}`;
    const { origin } = await startRaw([`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`, continues, continues]);
    expect(await connect(origin).read()).toMatchObject({ text: body });
  });

  test('over TLS is skipped, too', async () => {
    const server = createTlsServer({ ...trustedCertificate(), ALPNProtocols: ['http/1.1'] }, (socket) => {
      socket.on('error', () => {}).on('data', () => void socket.write(continues, () => socket.write(final)));
    });
    expect(await connect(await listenSecurely(server)).act()).toMatchObject({ status: 200, text: '{"done":"1"' });
  });

  test('over HTTP/2 is skipped, too', async () => {
    const versions: string[] = [];
    const server = createSecureServer(trustedCertificate(), (request, response) => {
      versions.push(request.httpVersion);
      response.stream.additionalHeaders({ ':status': 100 });
      response.stream.additionalHeaders({ ':status': 103 });
      response.end('{"done":"1"');
    });
    expect(await connect(await listenSecurely(server)).act()).toMatchObject({ status: 200, text: '{"done":"1"' });
    expect(versions).toEqual(['2.0']);
  });
});

/** A certificate for localhost that this process trusts until the test ends. */
function trustedCertificate(): { cert: string; key: string } {
  const certificate = createSelfSignedCertificate();
  const trusted = getCACertificates('default');
  setDefaultCACertificates([certificate.cert]);
  onTestFinished(() => setDefaultCACertificates(trusted));
  return certificate;
}

async function listenSecurely(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('No port');
  return `https://localhost:${address.port}`;
}

describe('no response after an informational one', () => {
  test.each([
    ['the connection is closed', [continues]],
    ['the connection is closed within it', ['HTTP/1.1 100 Conti']],
  ])('as %s: the request may have arrived', async (_why, pieces) => {
    const { origin, seen } = await startRaw(pieces, (socket) => socket.destroy());
    expect(inShort(await connect(origin).act())).toBe('SYSTEM_UNAVAILABLE, may have arrived');
    expect(seen.requests).toBe(1);
  });

  test('in time: TIMED_OUT, and the request may have arrived', async () => {
    const { origin } = await startRaw([continues]);
    expect(inShort(await connect(origin, { timeoutMs: 300 }).act())).toBe('TIMED_OUT, may have arrived');
  });

  test('but a protocol switch, or a head without an end: the request may have arrived', async () => {
    const switched = await startRaw(['HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n']);
    expect(inShort(await connect(switched.origin).act())).toBe('SYSTEM_UNAVAILABLE, may have arrived');
    const endless = await startRaw([`HTTP/1.1 100 Continue\r\nX: ${'y'.repeat(40_000)}`]);
    expect(inShort(await connect(endless.origin, { timeoutMs: 2000 }).act())).toBe('SYSTEM_UNAVAILABLE, may have arrived');
  });
});
