import { defineVendor } from '../vendor.ts';
import { createAdapter } from './adapter/index.ts';
import { type AirflowSettings, createSettingsSchema } from './adapter/settings.ts';

/** Apache Airflow 3, over its public REST API v2. Jobs are the runs of all DAGs. */
export const airflow = defineVendor<AirflowSettings>({
  contractVersion: 1,
  name: 'airflow',
  title: 'Apache Airflow',
  settings: createSettingsSchema,
  // Jobyard adds a login's token when it gets it.
  secrets: ({ password, token }) => [password, token],
  offersPassthrough: true,
  defaults: { concurrency: 4, timeoutMs: 15_000 },
  createAdapter,
  startSandbox: async (options) => (await import('./sandbox/index.ts')).startAirflowSandbox(options),
});
