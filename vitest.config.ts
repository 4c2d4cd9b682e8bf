import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Tests of logic, to which test/no-sockets.ts allows no socket, process or thread. */
const unit = [
  'test/{actions,concurrency,config,job-service,jobs,json,listing,reading,systems}/**/*.test.ts',
  'test/access/{configuration,shares}.test.ts',
  'test/bulk/decide-retry.test.ts',
  'test/crash/judge.test.ts',
  'test/docs/facts.test.ts',
  'test/faults/slow-store.test.ts',
  'test/graphql/{action-turns,events,shared-results}.test.ts',
  'test/history/follow-up.test.ts',
  'test/http/{drain,message-turns}.test.ts',
  'test/idempotency/perform-idempotently.test.ts',
  'test/live/watcher.test.ts',
  'test/process/memory-pressure.test.ts',
  'test/schema/{contract,descriptions,released,shape}.test.ts',
  'test/secrets/{form-index,redacted-rows,redactor,url-secrets}.test.ts',
  'test/store/clocks.test.ts',
  'test/store/pglite/pglite-failure.test.ts',
  'test/transport/{body,read-throttle}.test.ts',
  'test/vendors/*/{map,settings}.test.ts',
];

/** Tests of one part against real servers: the vendors' adapters against their sandboxes, the HTTP client against what it may meet. */
const integration = ['test/{law,output,sandbox-kit,transport,vendors}/**/*.test.ts'];

/** Tests that need a store. Where SQL or a store is the subject, they run on both kinds of it. */
const withStore = ['test/{store,bulk,idempotency}/**/*.test.ts', 'test/history/*.test.ts', 'test/live/replica-channel.test.ts'];

/** Tests of what is built on a store: all that it keeps goes through statements that the tests above prove on both. */
const onPostgresOnly = [
  'test/access/scopes.test.ts',
  'test/bulk/{access,actor,preview,scopes,uncertain}.test.ts',
  'test/docs/operations.test.ts',
  'test/history/{cancellation,limits,secrets}.test.ts',
];

/** Tests that take their time by design: searches at random, browsers, gateways, and each command of the documentation. */
const long = [
  'test/docs/commands.test.ts',
  'test/faults/model.test.ts',
  'test/federation/{example,gateways}.test.ts',
  'test/http/playground.test.ts',
  'test/simulator/simulator.test.ts',
];

/** The same, with a store: processes that are killed, and each fault of each action of each vendor. */
const longWithStore = ['test/bulk/crash.test.ts'];
const longOnPostgresOnly = ['test/bulk/faults.test.ts'];

const elsewhere = [...unit, ...long, ...longWithStore, ...longOnPostgresOnly];

const pglite = { env: { STORE: 'pglite' }, globalSetup: 'test/store/pglite-setup.ts' };
const postgres = { env: { STORE: 'postgres' }, globalSetup: 'test/store/postgres-setup.ts' };

export default defineConfig({
  resolve: {
    // Vite would take graphql's ES modules where Node takes its CommonJS ones, and graphql can't be there twice.
    alias: [{ find: /^graphql$/, replacement: fileURLToPath(new URL('node_modules/graphql/index.js', import.meta.url)) }],
  },
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // More than processors, as tests wait: for a process to start, a vendor's timeout, the next look at a queue.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    sequence: { groupOrder: 1 },
    // To import the server takes longer than most files of tests: a worker does it once, for all files of its project.
    isolate: false,
    projects: [
      // First, for its answer, and with no more workers than can import the server at one time.
      project('unit', unit, [], { setupFiles: 'test/no-sockets.ts', maxWorkers: '100%', sequence: { groupOrder: 0 } }),
      project('integration', integration, elsewhere),
      project('end-to-end', ['test/**/*.test.ts'], [...elsewhere, ...integration, ...withStore, ...onPostgresOnly]),
      project('pglite', withStore, [...elsewhere, ...onPostgresOnly, 'test/store/postgres/**'], pglite),
      project('postgres', [...withStore, ...onPostgresOnly], [...elsewhere, 'test/store/pglite/**'], postgres),
      project('long', long),
      project('long-pglite', longWithStore, [], pglite),
      project('long-postgres', [...longWithStore, ...longOnPostgresOnly], [], postgres),
    ],
  },
});

function project(
  name: string,
  include: string[],
  exclude: string[] = [],
  options: TestProjectInlineConfiguration['test'] = {},
): TestProjectInlineConfiguration {
  return { extends: true, test: { name, include, exclude, ...options } };
}
