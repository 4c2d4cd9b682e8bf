import fastify from 'fastify';
import mercurius, { type MercuriusContext } from 'mercurius';
import { createLoaders } from '../peer/loaders.ts';
import { createResolvers, type JobAccess } from '../peer/resolvers.ts';
import { typeDefs } from '../peer/schema.ts';
import { readSettings } from '../target.ts';

declare module 'mercurius' {
  interface MercuriusContext extends JobAccess {}
}

const resolvers = createResolvers((context: MercuriusContext) => context);
const server = fastify();
server.register(mercurius, { schema: typeDefs, resolvers, context: () => createLoaders() });
await server.listen({ port: readSettings().port, host: '127.0.0.1' });
process.on('SIGTERM', () => process.exit(0));
