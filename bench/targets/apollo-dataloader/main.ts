import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createLoaders } from '../peer/loaders.ts';
import { createResolvers, type JobAccess } from '../peer/resolvers.ts';
import { typeDefs } from '../peer/schema.ts';
import { readSettings } from '../target.ts';

const server = new ApolloServer<JobAccess>({ typeDefs, resolvers: createResolvers((context: JobAccess) => context) });
await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: readSettings().port },
  context: async () => createLoaders(),
});
process.on('SIGTERM', () => process.exit(0));
