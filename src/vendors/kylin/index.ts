import { defineVendor } from '../vendor.ts';
import { createAdapter } from './adapter/index.ts';
import { createSettingsSchema, type KylinSettings } from './adapter/settings.ts';

/** Apache Kylin 5, over its public REST API. Jobs are builds, refreshes, merges and samplings of all projects. */
export const kylin = defineVendor<KylinSettings>({
  contractVersion: 1,
  name: 'kylin',
  title: 'Apache Kylin',
  settings: createSettingsSchema,
  secrets: ({ username, password }) => [password, `${username}:${password}`],
  offersPassthrough: false,
  // Kylin stops Spark applications before it responds to a pause, restart, or discard. Of an operation's 25 s, the re-read needs some too.
  defaults: { concurrency: 4, timeoutMs: 20_000 },
  createAdapter,
  startSandbox: async (options) => (await import('./sandbox/index.ts')).startKylinSandbox(options),
});
