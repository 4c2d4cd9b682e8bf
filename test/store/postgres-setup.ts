import type { TestProject } from 'vitest/node';
import { administer, templateDatabase } from './databases.ts';
import { startPostgres } from './embedded-postgres.ts';
import { prepareStore } from './prepare.ts';

/** One server for the run; each store has a database of its own on it, made as a copy of one. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  // embedded-postgres' own listener ends the process with 0, whatever the result of the tests.
  process.prependListener('beforeExit', () => process.exit());
  const server = await startPostgres();
  await administer(server.url, `CREATE DATABASE ${templateDatabase}`);
  await prepareStore({ kind: 'server', url: `${server.url}/${templateDatabase}` });
  project.provide('postgresUrl', server.url);
  return server.remove;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}
