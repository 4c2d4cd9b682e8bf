import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { startGateway } from '../../examples/federation/gateway.ts';

export interface Gateway {
  url: string;
  close(): Promise<void>;
}

/** Starts the gateway on a composed schema; rejects if the gateway rejects the schema. Each passes `authorization` on to the subgraphs. */
export const gateways: { gateway: string; start(supergraphSdl: string): Promise<Gateway> }[] = [
  { gateway: '@apollo/gateway', start: startApolloGateway },
  { gateway: 'Hive gateway', start: (supergraphSdl) => startGateway(supergraphSdl, 0, { logs: false }) },
];

interface CallerContext {
  authorization?: string | undefined;
}

class ForwardingSource extends RemoteGraphQLDataSource<CallerContext> {
  override willSendRequest({ request, context }: Parameters<NonNullable<RemoteGraphQLDataSource<CallerContext>['willSendRequest']>>[0]) {
    // Absent while the gateway starts.
    if (context.authorization) request.http?.headers.set('authorization', context.authorization);
  }
}

async function startApolloGateway(supergraphSdl: string): Promise<Gateway> {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const server = new ApolloServer<CallerContext>({
    gateway: new ApolloGateway({ supergraphSdl, logger: silent, buildService: ({ url = '' }) => new ForwardingSource({ url }) }),
    logger: silent,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: async ({ req }) => ({ authorization: req.headers.authorization }),
  });
  return { url, close: () => server.stop() };
}

/** What a gateway sent to a subgraph. */
export interface SentOperation {
  query: string;
  variables?: Record<string, unknown>;
}

/** A proxy to a subgraph that records the operations. */
export async function startTap(target: string) {
  const operations: SentOperation[] = [];
  const server = createServer(async (request, response) => {
    const operation: SentOperation = JSON.parse(await text(request));
    operations.push(operation);
    const { authorization } = request.headers;
    const answer = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify(operation),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The tap listens on no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    operations,
    /** Every reference that was sent, by whatever name its variable has. */
    representations: () =>
      operations.flatMap(({ variables = {} }) =>
        Object.entries(variables).flatMap(([name, value]) => (name.endsWith('representations') && Array.isArray(value) ? value : [])),
      ),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
