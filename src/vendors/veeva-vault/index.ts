import { defineVendor } from '../vendor.ts';
import { createAdapter } from './adapter/index.ts';
import { createSettingsSchema, type VaultSettings } from './adapter/settings.ts';

/** One Veeva Vault, over its REST API. Jobs are job instances: scheduled, queued, running and ended ones. */
export const veevaVault = defineVendor<VaultSettings>({
  name: 'veeva-vault',
  title: 'Veeva Vault',
  settings: createSettingsSchema,
  // A session's ID is learned when it opens.
  secrets: ({ password }) => [password],
  offersPassthrough: true,
  // A Vault whose burst limit is used up answers late, not never; of the 25 s of an operation a re-read needs some too.
  defaults: { concurrency: 8, timeoutMs: 20_000 },
  createAdapter,
  startSandbox: async (options) => (await import('./sandbox/index.ts')).startVeevaVaultSandbox(options),
});
