import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { limitsSchema } from '../../src/config/limits.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

const allowed = 'https://console.example';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ allowedOrigins: [allowed] });
  return () => jobyard.close();
});

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** As a browser would send it: `fetch` sets no `Origin`. */
async function send({ method = 'POST', headers = {}, body }: Sent) {
  const sent = request(`${jobyard.origin}/graphql`, { method, headers });
  sent.end(body);
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const accept = 'application/graphql-response+json';
const query = { headers: { 'content-type': 'application/json' }, body: '{"query":"{ __typename }"}' };

function preflight(origin: string, headers: Record<string, string> = {}) {
  return send({ method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', ...headers } });
}

describe('a page of an allowed origin', () => {
  test('reads responses, without cookies', async () => {
    const { status, headers } = await send({ ...query, headers: { ...query.headers, origin: allowed } });
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'access-control-allow-origin': allowed, vary: 'Origin' });
    expect(headers['access-control-expose-headers']).toContain('Retry-After');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  test.each<[string, Sent]>([
    ['a body that is not JSON', { headers: { 'content-type': 'application/json' }, body: '{' }],
    ['a document that is too deep', { headers: { ...query.headers, accept }, body: JSON.stringify({ query: '{'.repeat(100) }) }],
    ['an unknown coding', { headers: { ...query.headers, 'content-encoding': 'br' }, body: 'x' }],
  ])('reads the error for %s', async (_what, sent) => {
    const { status, headers } = await send({ ...sent, headers: { ...sent.headers, origin: allowed } });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers['access-control-allow-origin']).toBe(allowed);
  });

  test('may send any header', async () => {
    const { status, headers, body } = await preflight(allowed, {
      'access-control-request-headers': 'authorization,content-type,traceparent',
    });
    expect({ status, body }).toEqual({ status: 200, body: '' });
    expect(headers).toMatchObject({
      'access-control-allow-origin': allowed,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization,content-type,traceparent',
      'access-control-max-age': '7200',
      vary: 'Origin, Access-Control-Request-Headers',
    });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  test('is allowed and forgotten by a reload', async () => {
    const settings = {
      access: null,
      limits: { ...limitsSchema.parse({}), introspection: true },
      allowedOrigins: ['https://other.example'],
      systems: [],
    };
    expect(await jobyard.reload(settings)).toEqual(['server.cors']);
    expect((await preflight('https://other.example')).status).toBe(200);
    expect((await preflight(allowed)).status).toBe(403);
    await jobyard.reload({ ...settings, allowedOrigins: [allowed] });
  });
});

describe('a page of another origin', () => {
  test.each([
    ['of another site', 'https://evil.example'],
    ['of the allowed host over HTTP', 'http://console.example'],
    ['of the allowed host at another port', 'https://console.example:8443'],
    ['of a host that ends like the allowed one', 'https://evil-console.example'],
    ['of a host that begins like the allowed one', 'https://console.example.evil.example'],
  ])('%s: its preflight is rejected, and it can read nothing', async (_which, origin) => {
    const rejected = await preflight(origin);
    expect(rejected.status).toBe(403);
    expect(JSON.parse(rejected.body)).toEqual({
      errors: [
        {
          message: `Origin not allowed: add "${origin}" to server.cors.origins to let its pages call Jobyard.`,
          extensions: { code: 'FORBIDDEN' },
        },
      ],
    });
    for (const { headers } of [rejected, await send({ ...query, headers: { ...query.headers, origin } })]) {
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers.vary).toBe('Origin');
    }
  });

  test('without an origin, a file or a sandboxed frame, it learns that no setting lets it in', async () => {
    const { status, body } = await preflight('null');
    expect(status).toBe(403);
    expect(body).toContain("pages without an origin (files, sandboxed frames) can't call Jobyard");
  });
});

test('clients that are no browsers get no CORS headers', async () => {
  const { headers } = await send(query);
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control-') || name === 'vary')).toEqual([]);
});
