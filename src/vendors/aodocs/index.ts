import { defineVendor } from '../vendor.ts';
import { createAdapter } from './adapter/index.ts';
import { type AodocsSettings, createSettingsSchema } from './adapter/settings.ts';

/** AODocs, over the Job API of its REST API (job:v1). Jobs belong to libraries; Jobyard lists the configured ones. */
export const aodocs = defineVendor<AodocsSettings>({
  contractVersion: 1,
  name: 'aodocs',
  title: 'AODocs',
  settings: createSettingsSchema,
  secrets: ({ securityCode, token }) => [securityCode, token],
  offersPassthrough: true,
  // AODocs publishes no quota, so this is a cautious assumption.
  defaults: { concurrency: 4, timeoutMs: 15_000 },
  createAdapter,
  startSandbox: async (options) => (await import('./sandbox/index.ts')).startAodocsSandbox(options),
});
