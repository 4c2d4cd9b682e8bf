import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect as connectSocket, type Socket } from 'node:net';
import { expect, describe as group, onTestFinished, test } from 'vitest';
import type { ProxySettings } from '../../src/transport/proxy-settings.ts';
import { createSelfSignedCertificate } from '../faults/certificate.ts';
import { connect, describe } from './client.ts';
import { startServer } from './start-server.ts';

interface TestProxy {
  url: string;
  /** The requests to it: `CONNECT localhost:443`, `GET http://…`. */
  requests: string[];
  /** The credentials that it was sent. */
  authorizations: (string | undefined)[];
}

/** A proxy that forwards plain requests and opens tunnels, until it must reject them with a status. */
async function startProxy(refuseWith: number | null = null): Promise<TestProxy> {
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const note = ({ method, url, headers }: IncomingMessage): void => {
    requests.push(`${method} ${url}`);
    authorizations.push(headers['proxy-authorization']);
  };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    note(request);
    if (refuseWith !== null) return void response.writeHead(refuseWith).end();
    const { 'proxy-authorization': _own, ...headers } = request.headers;
    const forwarded = sendRequest(request.url ?? '', { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(forwarded);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    note(request);
    if (refuseWith !== null) return void socket.end(`HTTP/1.1 ${refuseWith} No\r\n\r\n`);
    const target = new URL(`http://${request.url}`);
    const tunnel = connectSocket(Number(target.port), target.hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel.pipe(socket).pipe(tunnel);
    });
    tunnel.on('error', () => socket.destroy());
    socket.on('error', () => tunnel.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, authorizations };
}

async function startTlsVendor(): Promise<{ origin: string; certificate: string; requests: string[] }> {
  const { cert, key } = createSelfSignedCertificate();
  const requests: string[] = [];
  const server = createTlsServer({ cert, key }, (request, response) => {
    requests.push(request.url ?? '');
    // As IIS does, unasked.
    if (request.method === 'POST') response.socket?.write('HTTP/1.1 100 Continue\r\n\r\n');
    response.end('{"ok":true}');
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `https://localhost:${(server.address() as AddressInfo).port}`, certificate: cert, requests };
}

const through = (proxy: Partial<ProxySettings>): ProxySettings => ({ httpProxy: null, httpsProxy: null, noProxy: '', ...proxy });

group('a system with a certificate of a private authority', () => {
  test('is reached if the configuration contains the authority', async () => {
    const vendor = await startTlsVendor();
    const client = connect(vendor.origin, { connection: { certificateAuthorities: vendor.certificate, proxy: null } });
    expect(describe(await client.read())).toBe(200);
  });

  test("isn't reached otherwise", async () => {
    const vendor = await startTlsVendor();
    const outcome = await connect(vendor.origin).act();
    expect(outcome).toMatchObject({ answered: false, mayHaveArrived: false, problem: { message: expect.stringContaining('not trusted') } });
    expect(vendor.requests).toEqual([]);
  });
});

group('behind a proxy', () => {
  test('an https system is reached through a tunnel, and an unrequested 100 Continue is skipped', async () => {
    const [vendor, proxy] = await Promise.all([startTlsVendor(), startProxy()]);
    const connection = { certificateAuthorities: vendor.certificate, proxy: through({ httpsProxy: proxy.url }) };
    const client = connect(vendor.origin, { connection });
    expect(await client.read()).toMatchObject({ status: 200, text: '{"ok":true}' });
    expect(describe(await client.act())).toBe(200);
    expect(vendor.requests).toEqual(['/jobs?page=1', '/cancel']);
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${new URL(vendor.origin).host}`]));
  });

  test('an http system is reached by requests of the proxy', async () => {
    const vendor = await startServer((_request, response) => response.end('{}'));
    const proxy = await startProxy();
    const client = connect(vendor.origin, { connection: { certificateAuthorities: null, proxy: through({ httpProxy: proxy.url }) } });
    expect(describe(await client.read())).toBe(200);
    expect(proxy.requests).toEqual([`GET ${vendor.origin}/jobs?page=1`]);
  });

  test('a system that NO_PROXY names is reached directly', async () => {
    const vendor = await startServer((_request, response) => response.end('{}'));
    const proxy = await startProxy();
    const settings = through({ httpProxy: proxy.url, noProxy: 'other.example,127.0.0.1' });
    const client = connect(vendor.origin, { connection: { certificateAuthorities: null, proxy: settings } });
    expect(describe(await client.read())).toBe(200);
    expect(proxy.requests).toEqual([]);
  });

  test("the proxy gets its credentials, and the vendor doesn't", async () => {
    const seen: (string | undefined)[] = [];
    const vendor = await startServer((request, response) => {
      seen.push(request.headers['proxy-authorization'] as string | undefined);
      response.end('{}');
    });
    const proxy = await startProxy();
    const httpProxy = proxy.url.replace('http://', 'http://svc:hunter%402@');
    const client = connect(vendor.origin, { connection: { certificateAuthorities: null, proxy: through({ httpProxy }) } });
    expect(describe(await client.read())).toBe(200);
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('svc:hunter@2').toString('base64')}`]);
    expect(seen).toEqual([undefined]);
  });

  test.each([
    [403, "the proxy didn't connect to it (HTTP 403)"],
    [407, 'the proxy requires a user name and password (HTTP 407)'],
    [502, "the proxy didn't connect to it (HTTP 502)"],
  ])('an action was certainly not sent if the proxy rejects the tunnel with %i, and the problem reports it', async (status, reason) => {
    const [vendor, proxy] = await Promise.all([startTlsVendor(), startProxy(status)]);
    const connection = { certificateAuthorities: vendor.certificate, proxy: through({ httpsProxy: proxy.url }) };
    const outcome = await connect(vendor.origin, { connection }).act();
    const problem = { code: 'SYSTEM_UNAVAILABLE', message: `vendor can't be reached: ${reason}.` };
    expect(outcome).toMatchObject({ answered: false, mayHaveArrived: false, problem });
  });

  test('an action was certainly not sent if the proxy requests credentials instead of forwarding it', async () => {
    const vendor = await startServer((_request, response) => response.end('{}'));
    const proxy = await startProxy(407);
    const client = connect(vendor.origin, { connection: { certificateAuthorities: null, proxy: through({ httpProxy: proxy.url }) } });
    expect(await client.act()).toMatchObject({
      answered: false,
      mayHaveArrived: false,
      problem: { message: expect.stringContaining('proxy') },
    });
    expect(vendor.requests).toEqual([]);
  });

  test('an action was certainly not sent if the proxy is unavailable', async () => {
    const vendor = await startTlsVendor();
    const connection = { certificateAuthorities: vendor.certificate, proxy: through({ httpsProxy: 'http://127.0.0.1:1' }) };
    expect(await connect(vendor.origin, { connection }).act()).toMatchObject({ answered: false, mayHaveArrived: false });
  });
});
