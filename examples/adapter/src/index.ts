import { defineVendor } from 'jobyard/adapter';
import { createAdapter } from './adapter/index.ts';
import { createSettingsSchema, type NightrunSettings } from './adapter/settings.ts';

/** Nightrun, over version 1 of its REST API. Jobs are the runs of all queues. */
export default defineVendor<NightrunSettings>({
  contractVersion: 1,
  name: 'nightrun',
  title: 'Nightrun',
  settings: createSettingsSchema,
  secrets: ({ token }) => [token],
  offersPassthrough: false,
  defaults: { concurrency: 4, timeoutMs: 10_000 },
  createAdapter,
  // Imported only where a sandbox is started.
  startSandbox: async (options) => (await import('./sandbox/index.ts')).startNightrunSandbox(options),
});
