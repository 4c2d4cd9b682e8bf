import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { EnvelopArmor } from '@escape.tech/graphql-armor';
import { usePrometheus } from '@graphql-yoga/plugin-prometheus';
import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { pino } from 'pino';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { createAudit } from '../peer/duties/audit-log.ts';
import { findCaller } from '../peer/duties/callers.ts';
import { limits } from '../peer/duties/limits.ts';
import { countVendorRequest, registry } from '../peer/duties/metrics.ts';
import { logRequest, type RequestRecord, requestRecords } from '../peer/duties/request-record.ts';
import { createLoaders } from '../peer/loaders.ts';
import { createResolvers, type JobAccess } from '../peer/resolvers.ts';
import { typeDefs } from '../peer/schema.ts';
import { observeVendorRequests } from '../peer/vendors.ts';
import { readSettings } from '../target.ts';

const { port, auditFile } = readSettings();
const logger = pino();
observeVendorRequests(countVendorRequest);

const armor = new EnvelopArmor({
  maxDepth: { n: limits.depth },
  maxAliases: { n: limits.aliases },
  maxDirectives: { n: limits.directives },
  maxTokens: { n: limits.tokens },
  costLimit: { maxCost: limits.cost },
});
/** Of the plugin's metrics, those that Jobyard has too: responses by status with their duration, and errors. */
const metrics = usePrometheus({
  registry,
  metrics: {
    graphql_yoga_http_duration: true,
    graphql_envelop_error_result: true,
    graphql_envelop_deprecated_field: false,
    graphql_envelop_request: false,
    graphql_envelop_request_duration: false,
    graphql_envelop_request_time_summary: false,
    graphql_envelop_phase_parse: false,
    graphql_envelop_phase_validate: false,
    graphql_envelop_phase_context: false,
    graphql_envelop_phase_execute: false,
    graphql_envelop_phase_subscribe: false,
    graphql_envelop_schema_change: false,
  },
});
const operationName: Plugin = {
  onParams({ params }) {
    const record = requestRecords.getStore();
    if (record) record.operation = params.operationName ?? null;
  },
};

const schema = createSchema<JobAccess>({ typeDefs, resolvers: createResolvers((context: JobAccess) => context, createAudit(auditFile)) });
const yoga = createYoga({ schema, context: () => createLoaders(), plugins: [metrics, operationName, ...armor.protect().plugins] });
const limiter = new RateLimiterMemory({ points: limits.requestsPerMinute, duration: 60 });

/** The caller, or the status with which the request is rejected. */
async function admit({ headers }: IncomingMessage): Promise<string | number> {
  const caller = findCaller(headers.authorization?.replace(/^Bearer /, '') ?? '');
  if (caller === null) return 401;
  if (headers['transfer-encoding'] !== undefined) return 411;
  if (Number(headers['content-length'] ?? 0) > limits.bodyBytes) return 413;
  return limiter.consume(caller).then(
    () => caller,
    () => 429,
  );
}

createServer(async (request, response) => {
  const startedAtMs = performance.now();
  const admitted = await admit(request);
  const record: RequestRecord | null =
    typeof admitted === 'string' ? { requestId: randomUUID(), caller: admitted, operation: null, vendorRequests: 0 } : null;
  response.once('finish', () => logRequest(logger, record, response.statusCode, performance.now() - startedAtMs));
  if (record) requestRecords.run(record, () => yoga(request, response));
  else response.writeHead(Number(admitted)).end();
}).listen(port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
