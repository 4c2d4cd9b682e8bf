import type { TestProject } from 'vitest/node';
import { startPostgres } from './embedded-postgres.ts';

/** One server for the run; each store has a database of its own on it. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return server.remove;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}
