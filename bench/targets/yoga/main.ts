import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { createLoaders } from '../peer/loaders.ts';
import { createResolvers, type JobAccess } from '../peer/resolvers.ts';
import { typeDefs } from '../peer/schema.ts';
import { readSettings } from '../target.ts';

const schema = createSchema<JobAccess>({ typeDefs, resolvers: createResolvers((context: JobAccess) => context) });
const yoga = createYoga({ schema, context: () => createLoaders() });
createServer(yoga).listen(readSettings().port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
