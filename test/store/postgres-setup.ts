import type { TestProject } from 'vitest/node';
import { startPostgres } from './embedded-postgres.ts';

/** One server for the run; each store has a database of its own on it. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  // embedded-postgres' own listener ends the process with 0, whatever came of the tests.
  process.prependListener('beforeExit', () => process.exit());
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return server.remove;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}
