import { expect, test } from 'vitest';
import type { JobSystemAdapter } from '../../src/jobs/adapter.ts';
import { createRedactor } from '../../src/secrets/redactor.ts';
import { airflow } from '../../src/vendors/airflow/index.ts';
import { kylin } from '../../src/vendors/kylin/index.ts';
import { startServer } from '../transport/start-server.ts';

const token = 'F00DFACE.0123456789ABCDEF.0123456789';
const transport = { timeoutMs: 5_000, concurrency: 4, maxResponseBytes: 100_000 };
const check = (adapter: JobSystemAdapter) =>
  adapter.checkHealth({ caller: 'test', signal: new AbortController().signal, credential: null });

test('a session in use is redacted, however many cookies this system and others have set since', async () => {
  const redactor = createRedactor();
  const setCookie = (count: number) => ({ 'content-type': 'application/json', 'set-cookie': `SESSION=0123456789abcdef-${count}` });
  const flow = await startServer(({ url = '' }, response, index) => {
    if (url.endsWith('/auth/token')) response.writeHead(201, setCookie(index)).end(JSON.stringify({ access_token: token }));
    else response.writeHead(422, setCookie(index)).end(JSON.stringify({ detail: `no ${token} here` }));
  });
  const cubes = await startServer((_request, response, index) => {
    response.writeHead(200, setCookie(-index)).end(JSON.stringify({ code: '000', data: { value: [], total_size: 0 } }));
  });
  const ofFlow = airflow.createAdapter(
    { id: 'flow', url: flow.origin, transport, redactor },
    { username: 'ada', password: 'correct horse', cancellationNotes: true },
  );
  const ofCubes = kylin.createAdapter(
    { id: 'cubes', url: cubes.origin, transport, redactor },
    { username: 'ada', password: 'battery', projects: ['a'] },
  );
  const message = 'flow rejected the request (HTTP 422): "no … here".';
  expect(await check(ofFlow)).toMatchObject({ message });
  for (let count = 0; count < 150; count += 1) {
    expect(await check(ofCubes)).toBeNull();
    await check(ofFlow);
  }
  expect(await check(ofFlow)).toMatchObject({ message });
  await Promise.all([ofFlow.close(), ofCubes.close()]);
});
