import { randomUUID } from 'node:crypto';
import { costLimitRule } from '@escape.tech/graphql-armor-cost-limit';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import bearerAuth from '@fastify/bearer-auth';
import rateLimit from '@fastify/rate-limit';
import fastify, { LogController } from 'fastify';
import mercurius, { type MercuriusContext } from 'mercurius';
import { createAudit } from '../peer/duties/audit-log.ts';
import { findCaller } from '../peer/duties/callers.ts';
import { limits } from '../peer/duties/limits.ts';
import { countVendorRequest, observeRequest, registry } from '../peer/duties/metrics.ts';
import { logRequest, type RequestRecord, requestRecords } from '../peer/duties/request-record.ts';
import { createLoaders } from '../peer/loaders.ts';
import { createResolvers, type JobAccess } from '../peer/resolvers.ts';
import { typeDefs } from '../peer/schema.ts';
import { observeVendorRequests } from '../peer/vendors.ts';
import { readSettings } from '../target.ts';

declare module 'mercurius' {
  interface MercuriusContext extends JobAccess {}
}
declare module 'fastify' {
  interface FastifyRequest {
    record: RequestRecord | null;
  }
}

const { port, auditFile } = readSettings();
observeVendorRequests(countVendorRequest);

const server = fastify({
  logger: true,
  logController: new LogController({ disableRequestLogging: true }),
  bodyLimit: limits.bodyBytes,
  genReqId: () => randomUUID(),
});
server.decorateRequest('record', null);
await server.register(bearerAuth, {
  keys: [],
  auth(key, request) {
    const caller = findCaller(key);
    if (caller !== null) request.record = { requestId: request.id, caller, operation: null, vendorRequests: 0 };
    return caller !== null;
  },
});
await server.register(rateLimit, {
  max: limits.requestsPerMinute,
  timeWindow: 60_000,
  keyGenerator: ({ record }) => record?.caller ?? '',
});
// After the body was received: its events don't have the context.
server.addHook('preHandler', (request, _reply, done) => {
  const { record, body } = request;
  if (!record) return done();
  record.operation = (body as { operationName?: string } | undefined)?.operationName ?? null;
  requestRecords.run(record, done);
});
server.addHook('onResponse', (request, reply, done) => {
  logRequest(server.log, request.record, reply.statusCode, reply.elapsedTime);
  observeRequest(reply.statusCode, reply.elapsedTime);
  done();
});
server.get('/metrics', async (_request, reply) => {
  reply.type(registry.contentType);
  return registry.metrics();
});

const resolvers = createResolvers((context: MercuriusContext) => context, createAudit(auditFile));
await server.register(mercurius, {
  schema: typeDefs,
  resolvers,
  context: () => createLoaders(),
  queryDepth: limits.depth,
  validationRules: [
    maxAliasesRule({ n: limits.aliases }),
    maxDirectivesRule({ n: limits.directives }),
    costLimitRule({ maxCost: limits.cost }),
  ],
  graphql: { parseOptions: { maxTokens: limits.tokens } },
});
await server.listen({ port, host: '127.0.0.1' });
process.on('SIGTERM', () => process.exit(0));
