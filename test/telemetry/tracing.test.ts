import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { followOverWebSocket } from '../live/clients.ts';
import { post, runJobyard } from '../processes.ts';

test('spans of operations and of their vendor requests go to the collector that the environment names', async () => {
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

  const send = (query: string) =>
    fetch(`${jobyard.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
      body: JSON.stringify({ query, operationName: null }),
    });
  await post(jobyard.origin, 'query Traced { jobs(first: 1) { nodes { id } } }');
  await send('mutation Stop { cancelJobs(input: { ids: ["kylin:x"], reason: "swordfish" }) { results { __typename } } }');
  await send('{ nothing');
  await followOverWebSocket(
    jobyard.origin,
    'subscription Follow { jobsChanged(ids: ["kylin:00000000-0000-4000-8000-000000000000"]) { id } }',
  ).end;
  jobyard.child.kill('SIGTERM');
  expect(await jobyard.exit()).toBe(0);

  const spans = bodies.filter((body) => body.startsWith('/v1/traces '));
  const parsed = spans.flatMap((body) => JSON.parse(body.slice('/v1/traces '.length)).resourceSpans) as {
    scopeSpans: { spans: Span[] }[];
  }[];
  const all = parsed.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  const attributesOf = (span: Span | undefined) =>
    Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, value.stringValue]));
  const named = (name: string): Span | undefined => all.find((span) => span.name === name);

  // By OpenTelemetry's conventions for GraphQL.
  expect(attributesOf(named('query'))).toMatchObject({ 'graphql.operation.type': 'query', 'graphql.operation.name': 'Traced' });
  expect(attributesOf(named('mutation'))).toMatchObject({ 'graphql.operation.type': 'mutation', 'graphql.operation.name': 'Stop' });
  expect(attributesOf(named('subscription'))).toMatchObject({
    'graphql.operation.type': 'subscription',
    'graphql.operation.name': 'Follow',
  });
  expect(attributesOf(named('GraphQL Operation'))).not.toHaveProperty(['graphql.operation.type']);
  for (const name of ['query', 'mutation', 'subscription', 'GraphQL Operation']) expect(named(name)?.kind, name).toBe(2);
  expect(JSON.stringify(bodies)).not.toMatch(/graphql\.document|swordfish/);

  const toKinetica = named('read kinetica');
  expect(toKinetica).toMatchObject({ traceId: named('query')?.traceId, parentSpanId: named('query')?.spanId, kind: 3 });
  expect(named('mutation')).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', parentSpanId: 'b7ad6b7169203331' });
});

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  /** 2: server, 3: client. */
  kind: number;
  attributes: { key: string; value: { stringValue?: string } }[];
}
