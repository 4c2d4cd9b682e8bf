import { defineVendor } from '../vendor.ts';
import { createAdapter } from './adapter/index.ts';
import { createSettingsSchema, type VaultSettings } from './adapter/settings.ts';

/** One Veeva Vault, over its REST API. Jobs are job instances: scheduled, queued, running, and ended ones. */
export const veevaVault = defineVendor<VaultSettings>({
  contractVersion: 1,
  name: 'veeva-vault',
  title: 'Veeva Vault',
  settings: createSettingsSchema,
  // Jobyard adds a session's ID when it opens the session.
  secrets: ({ password }) => [password],
  offersPassthrough: true,
  // A Vault over its burst limit responds late, but responds. Of an operation's 25 s, the re-read needs some too.
  defaults: { concurrency: 8, timeoutMs: 20_000 },
  createAdapter,
  startSandbox: async (options) => (await import('./sandbox/index.ts')).startVeevaVaultSandbox(options),
});
