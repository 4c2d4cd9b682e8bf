import { defineVendor } from 'jobyard/adapter';
import { createAdapter } from './adapter/index.ts';
import { type BullmqSettings, createSettingsSchema } from './adapter/settings.ts';

/** BullMQ on one Redis server, database, and prefix. Jobs are those of all its queues, or of the configured ones. */
export default defineVendor<BullmqSettings>({
  contractVersion: 1,
  name: 'bullmq',
  title: 'BullMQ',
  settings: createSettingsSchema,
  secrets: ({ password }) => [password],
  offersPassthrough: false,
  urlSchemes: ['redis', 'rediss'],
  defaults: { concurrency: 4, timeoutMs: 5_000 },
  createAdapter,
});
