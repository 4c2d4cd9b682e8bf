import { defineVendor } from '../vendor.ts';
import { createAdapter } from './adapter/index.ts';
import { createSettingsSchema, type KineticaSettings } from './adapter/settings.ts';

/** Kinetica 6.2 to 7.2, over JSON to its head rank. Jobs are the requests in flight, and asynchronous jobs even after they end. */
export const kinetica = defineVendor<KineticaSettings>({
  contractVersion: 1,
  name: 'kinetica',
  title: 'Kinetica',
  settings: createSettingsSchema,
  secrets: ({ username, password, token }) => [password, password === undefined ? undefined : `${username}:${password}`, token],
  offersPassthrough: false,
  defaults: { concurrency: 4, timeoutMs: 15_000 },
  createAdapter,
  startSandbox: async (options) => (await import('./sandbox/index.ts')).startKineticaSandbox(options),
});
