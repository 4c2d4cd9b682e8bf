import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createConsoleFiles } from '../../src/http/console.ts';
import type { PageFiles } from '../../src/http/page-files.ts';
import { startWithSandboxes } from '../start.ts';

const script = 'console.log("a script that is long enough to be worth its compression, as it says the same again and again and again")';

async function createFolder(): Promise<URL> {
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await mkdir(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Jobyard</title>');
  writeFileSync(join(folder, 'notes.txt'), 'not served');
  writeFileSync(join(folder, 'assets/index-abc.js'), script);
  writeFileSync(join(folder, 'assets/index-abc.js.gz'), gzipSync(script));
  writeFileSync(join(folder, 'assets/index-abc.js.br'), brotliCompressSync(script));
  return pathToFileURL(`${folder}/`);
}

async function serve(files: PageFiles) {
  const server = createServer((incoming, outgoing) => void files.respond(incoming.url ?? '', incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  /** Without the headers that `fetch` adds. */
  return (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
      const sent = request({ port, host: '127.0.0.1', path, headers, method }, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
      sent.on('error', reject);
      sent.end();
    });
}

describe('the console', () => {
  test.each([
    ['/console', 'console/overview'],
    ['/console/', 'overview'],
  ])('%s leads to the overview, by a relative address', async (path, location) => {
    const get = await serve(createConsoleFiles({ folder: await createFolder(), isEnabled: true }));
    expect(await get(path)).toMatchObject({ status: 308, headers: { location } });
  });

  test.each(['overview', 'jobs', 'job', 'bulk', 'systems', 'audit'])(
    'serves the page %s, which is asked for again each time',
    async (page) => {
      const get = await serve(createConsoleFiles({ folder: await createFolder(), isEnabled: true }));
      const { status, headers, body } = await get(`/console/${page}`);
      expect({ status, body: body.toString() }).toEqual({ status: 200, body: '<!doctype html><title>Jobyard</title>' });
      expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' });
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self'; .*require-trusted-types-for 'script'/,
      );
      expect(headers['content-security-policy']).not.toContain('unsafe');
    },
  );

  test('compresses only for who takes it, with a tag for each form, and keeps assets forever', async () => {
    const get = await serve(createConsoleFiles({ folder: await createFolder(), isEnabled: true }));
    const path = '/console/assets/index-abc.js';
    const plain = await get(path);
    expect(plain.body.toString()).toBe(script);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.headers).toMatchObject({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' });
    expect((await get(path, { 'accept-encoding': 'gzip, deflate, br' })).headers['content-encoding']).toBe('br');
    expect((await get(path, { 'accept-encoding': 'gzip, br;q=0' })).headers['content-encoding']).toBe('gzip');
    expect((await get(path, { 'accept-encoding': 'identity, *;q=0' })).headers['content-encoding']).toBeUndefined();
    const zipped = await get(path, { 'accept-encoding': 'gzip' });
    expect(zipped.body).toEqual(gzipSync(script));
    expect(zipped.headers.etag).not.toBe(plain.headers.etag);
  });

  test('sends nothing again to who has it', async () => {
    const get = await serve(createConsoleFiles({ folder: await createFolder(), isEnabled: true }));
    const { headers } = await get('/console/jobs');
    expect(await get('/console/jobs', { 'if-none-match': `"other", W/${headers.etag}` })).toMatchObject({ status: 304, body: Buffer.of() });
    expect(await get('/console/jobs', { 'if-none-match': '"other"' })).toMatchObject({ status: 200 });
  });

  test.each(['/console/notes.txt', '/console/../package.json', '/console/..%2fpackage.json', '/console/a/b', '/console/assets/'])(
    'has nothing else: %s',
    async (path) => {
      const get = await serve(createConsoleFiles({ folder: await createFolder(), isEnabled: true }));
      const { status, body } = await get(path);
      expect(status).toBe(404);
      expect(JSON.parse(body.toString()).errors[0].extensions.code).toBe('NOT_FOUND');
    },
  );

  test('takes only GET and HEAD', async () => {
    const get = await serve(createConsoleFiles({ folder: await createFolder(), isEnabled: true }));
    expect(await get('/console/jobs', {}, 'HEAD')).toMatchObject({ status: 200, body: Buffer.of() });
    expect(await get('/console/jobs', {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  test('that is not built says how to build it', async () => {
    const files = createConsoleFiles({ folder: pathToFileURL('/nowhere/'), isEnabled: true });
    expect(files.missing).toMatch(/npm run build:console/);
    const get = await serve(files);
    const { status, body } = await get('/console/jobs');
    expect(status).toBe(404);
    expect(body.toString()).toContain('npm run build:console');
  });

  test('that is turned off is gone, and nothing warns of it', async () => {
    const jobyard = await startWithSandboxes({ jobs: 1, server: { console: false } });
    onTestFinished(() => jobyard.close());
    for (const path of ['/console', '/console/jobs']) {
      const response = await fetch(jobyard.origin + path, { redirect: 'manual' });
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('server.console');
    }
    expect(createConsoleFiles({ folder: pathToFileURL('/nowhere/'), isEnabled: false }).missing).toBeNull();
  });
});
