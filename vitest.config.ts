import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { replaceGraphqlTags } from './test/clients/relay/graphql-tags.ts';

/** Tests of logic, to which test/no-sockets.ts allows no socket, process or thread. */
const unit = [
  'test/{actions,concurrency,config,counting,job-service,jobs,json,listing,reading,systems}/**/*.test.ts',
  'test/access/{configuration,shares}.test.ts',
  'test/bulk/decide-{next,retry}.test.ts',
  'test/clients/recipes.test.ts',
  'test/crash/judge.test.ts',
  'test/console/{address,cancellation-progress,count,csv,followed-page,format,group,merge,newest-first,recent-failures,shown-counts}.test.ts',
  'test/docs/{clients,facts}.test.ts',
  'test/faults/slow-store.test.ts',
  'test/graphql/{action-turns,events,lifted-strings,shared-results}.test.ts',
  'test/history/follow-up.test.ts',
  'test/http/{drain,message-turns}.test.ts',
  'test/idempotency/perform-idempotently.test.ts',
  'test/live/{list-events,list-watcher,system-watcher,watcher}.test.ts',
  'test/schema/{contract,descriptions,released,shape}.test.ts',
  'test/secrets/{form-index,redacted-rows,redactor,url-secrets}.test.ts',
  'test/store/clocks.test.ts',
  'test/store/pglite/pglite-failure.test.ts',
  'test/transport/{body,call-policy,read-throttle}.test.ts',
  'test/vendors/*/{map,settings}.test.ts',
  'packages/*/test/*.test.ts',
];

/** Tests of one part against real servers: the vendors' adapters against their sandboxes, the HTTP client against what it may meet. */
const integration = ['test/{complete-lists,output,plug-ins,sandbox-kit,transport,vendors}/**/*.test.ts'];

/** Tests that need a store. `npm test` runs them on PostgreSQL, CI on the embedded store too: where SQL or a store is the subject. */
const onBothStores = ['test/{store,bulk,idempotency}/**/*.test.ts', 'test/history/*.test.ts', 'test/live/replica-channel.test.ts'];

/** Tests of what is built on a store: all that it keeps goes through statements that the tests above prove on both. */
const onPostgresOnly = [
  'test/access/scopes.test.ts',
  'test/bulk/{access,actor,kept-preview,preview,scopes,uncertain}.test.ts',
  'test/clients/warnings.test.ts',
  'test/docs/operations.test.ts',
  'test/graphql/node.test.ts',
  'test/history/{cancellation,limits,secrets}.test.ts',
];

/** What every store must do: `npm test` runs it on both. */
const stores = ['test/store/*.test.ts'];

/**
 * Tests that take their time by design, for CI: searches at random, browsers, gateways, compilers, each command of the documentation,
 * each fault of each action, time limits, and processes that are stopped under load or started again and again.
 */
const long = [
  'test/bench/allocations.test.ts',
  'test/canary.test.ts',
  'test/clients/codegen/cancel-all.test.ts',
  'test/console/{documents,prefix,size}.test.ts',
  'test/deploy/{image,proxy}.test.ts',
  'test/docs/{commands,generators,samples}.test.ts',
  'test/faults/{matrix,model,stop}.test.ts',
  'test/federation/{compose,example,gateways}.test.ts',
  'test/graphql/prepared-operations.test.ts',
  'test/http/{other-origins,stalled,stopping}.test.ts',
  'test/package/*.test.ts',
  'test/playground/*.test.ts',
  'test/process/reload.test.ts',
  'test/simulator/simulator.test.ts',
];

/** The same, with a store: processes that are killed, folders and servers that fail, and each fault of each action of each vendor. */
const longOnPglite = [
  'test/bulk/crash.test.ts',
  'test/console/{jobs,keyboard,pages,sign-in}.test.ts',
  'test/store/pglite/*.test.ts',
  'test/http/playground.test.ts',
];
const longOnPostgres = ['test/bulk/{crash,faults}.test.ts', 'test/store/postgres/{pooler,server,newer-beside-older}.test.ts'];

/** Tests against the real systems. `npm run test:real` runs them; without what they need, they say what that is. */
const real = ['test/real/**/*.test.ts', 'packages/*/test/adapter/*.test.ts'];

const elsewhere = [...unit, ...long, ...longOnPglite, ...longOnPostgres, ...real];
const notOnPglite = [...unit, ...stores, ...onPostgresOnly, 'test/bulk/faults.test.ts', 'test/store/postgres/**'];

const pglite = { env: { STORE: 'pglite' }, globalSetup: 'test/store/pglite-setup.ts' };
const postgres = { env: { STORE: 'postgres' }, globalSetup: 'test/store/postgres-setup.ts' };

export default defineConfig({
  plugins: [replaceGraphqlTags()],
  resolve: {
    // Vite would take graphql's ES modules where Node takes its CommonJS ones, and graphql can't be there twice.
    alias: [
      { find: /^graphql$/, replacement: fileURLToPath(new URL('node_modules/graphql/index.js', import.meta.url)) },
      // For examples/adapter, which imports the package.
      { find: /^jobyard\/(\w+)$/, replacement: fileURLToPath(new URL('src/exports/$1.ts', import.meta.url)) },
    ],
  },
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // More than processors, as tests wait: for a process to start, a vendor's timeout, the next read of a queue.
    maxWorkers: availableParallelism() * 2,
    sequence: { groupOrder: 1 },
    // To import the server takes longer than most files of tests: a worker does it once, for all files of its project.
    isolate: false,
    // `npm run coverage`: the core, which is what Jobyard exists for.
    coverage: {
      include: ['src/{jobs,reading,listing,actions,job-service,history,idempotency,bulk,live}/**/*.ts'],
      reporter: ['text'],
    },
    projects: [
      // First, for its answer, and with no more workers than can import the server at one time.
      project('unit', unit, [], { setupFiles: 'test/no-sockets.ts', maxWorkers: '100%', sequence: { groupOrder: 0 } }),
      project('integration', integration, elsewhere),
      project('end-to-end', ['test/**/*.test.ts'], [...elsewhere, ...integration, ...onBothStores, ...onPostgresOnly]),
      project('pglite', stores, elsewhere, pglite),
      project('postgres', [...onBothStores, ...onPostgresOnly], elsewhere, postgres),
      project('long', long),
      project('long-pglite', [...longOnPglite, ...onBothStores], notOnPglite, pglite),
      project('long-postgres', longOnPostgres, [], postgres),
      // One file at a time: a list that another file adds runs to differs from its next reading.
      project('real', real, [], {
        globalSetup: 'test/real/airflow-setup.ts',
        hookTimeout: 240_000,
        maxWorkers: 1,
        sequence: { groupOrder: 2 },
      }),
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
