import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { post, runJobyard } from './processes.ts';

test('spans of a request and of its vendor requests go to the collector that the environment names', async () => {
  const bodies: string[] = [];
  const collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push(`${request.url} ${Buffer.concat(chunks).toString('utf8')}`);
    response.end('{}');
  });
  await new Promise<void>((resolve) => {
    collector.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    collector.close();
  });
  const { port } = collector.address() as AddressInfo;
  const jobyard = await runJobyard([], { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });

  await post(jobyard.origin, 'query Traced { jobs(first: 1) { nodes { id } } }');
  jobyard.child.kill('SIGTERM');
  expect(await jobyard.exit()).toBe(0);

  const spans = bodies.filter((body) => body.startsWith('/v1/traces '));
  const parsed = spans.flatMap((body) => JSON.parse(body.slice('/v1/traces '.length)).resourceSpans) as {
    scopeSpans: { spans: { name: string; traceId: string; parentSpanId?: string; spanId: string; attributes: { key: string }[] }[] }[];
  }[];
  const all = parsed.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  const request = all.find(({ name }) => name === 'graphql');
  const toKinetica = all.find(({ name }) => name === 'read kinetica');
  expect(toKinetica?.traceId).toBe(request?.traceId);
  expect(toKinetica?.parentSpanId).toBe(request?.spanId);
  expect(JSON.stringify(request?.attributes)).toContain('Traced');
});
