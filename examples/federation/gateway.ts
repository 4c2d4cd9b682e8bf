import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { query } from './query.ts';

export interface Subgraph {
  name: string;
  url: string;
}

/** Composes the subgraphs' schemas. In production, a schema registry does this. */
export async function compose(subgraphs: readonly Subgraph[]): Promise<string> {
  const services = await Promise.all(
    subgraphs.map(async ({ name, url }) => {
      const { _service: service } = await query<{ _service: { sdl: string } }>(url, '{ _service { sdl } }');
      return { name, url, typeDefs: parse(service.sdl) };
    }),
  );
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(`The subgraphs can't be composed:\n${errors?.map(({ message }) => message).join('\n')}`);
  return supergraphSdl;
}

/** Serves the supergraph, and forwards callers' credentials to the subgraphs: Jobyard checks them itself. */
export async function startGateway(supergraph: string, port: number, { logs } = { logs: true }) {
  const gateway = createGatewayRuntime({
    supergraph,
    logging: logs && 'error',
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => {
        const authorization = request.headers.get('authorization');
        return authorization ? { authorization } : {};
      },
    },
  });
  const server = createServer(gateway);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The gateway listens on no port');
  return {
    url: `http://127.0.0.1:${address.port}/graphql`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await gateway[Symbol.asyncDispose]();
    },
  };
}
