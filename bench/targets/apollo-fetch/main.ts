import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { oneByOne } from '../peer/one-by-one.ts';
import { createResolvers } from '../peer/resolvers.ts';
import { typeDefs } from '../peer/schema.ts';
import { readSettings } from '../target.ts';

const server = new ApolloServer({ typeDefs, resolvers: createResolvers(() => oneByOne) });
await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: readSettings().port } });
process.on('SIGTERM', () => process.exit(0));
