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

/** Tests that take their time by design: searches at random, worlds of faults, crashes, browsers and gateways. */
const long = [
  'test/faults/model.test.ts',
  'test/federation/{example,gateways}.test.ts',
  'test/http/playground.test.ts',
  'test/simulator/simulator.test.ts',
];

/** The same, with a store. */
const longWithStore = ['test/bulk/crash.test.ts'];

/** Tests that need a store. Where SQL or a store is the subject, they run on both kinds of it. */
const withStore = ['test/{store,bulk,idempotency}/**/*.test.ts', 'test/history/*.test.ts', 'test/live/replica-channel.test.ts'];

/** Tests of what is built on a store: all that it keeps goes through statements that the tests above prove on both. */
const onPostgresOnly = [
  'test/access/scopes.test.ts',
  'test/bulk/{access,actor,faults,preview,scopes,uncertain}.test.ts',
  'test/docs/operations.test.ts',
  'test/history/{cancellation,limits,secrets}.test.ts',
];

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
    // Vitest leaves one processor free, which of two is half.
    maxWorkers: '100%',
    // To import the server takes longer than most files of tests: a worker does it once, for all files of its project.
    isolate: false,
    projects: [
      project('unit', unit, [], { setupFiles: 'test/no-sockets.ts' }),
      project('integration', integration, unit),
      project('end-to-end', ['test/**/*.test.ts'], [...unit, ...integration, ...withStore, ...onPostgresOnly, ...long, ...longWithStore]),
      project('pglite', withStore, [...unit, ...longWithStore, ...onPostgresOnly, 'test/store/postgres/**'], pglite),
      project('postgres', [...withStore, ...onPostgresOnly], [...unit, 'test/store/pglite/**'], postgres),
      project('long', long),
      project('long-pglite', longWithStore, [], pglite),
      project('long-postgres', longWithStore, [], postgres),
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
