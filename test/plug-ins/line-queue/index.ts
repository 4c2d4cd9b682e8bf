import { defineVendor } from 'jobyard/adapter';
import { z } from 'zod';
import { createAdapter } from './adapter.ts';
import { startQueueServer } from './server.ts';

/** A plug-in that speaks no HTTP: commands are lines over TCP. */
export default defineVendor<{ token: string }>({
  contractVersion: 1,
  name: 'line-queue',
  title: 'Line Queue',
  settings: (secret) => z.strictObject({ token: secret }),
  secrets: ({ token }) => [token],
  offersPassthrough: false,
  urlSchemes: ['line'],
  defaults: { concurrency: 4, timeoutMs: 1_000 },
  createAdapter,
  async startSandbox({ jobs = 120 } = {}) {
    const server = await startQueueServer({ jobs });
    return {
      vendor: 'line-queue',
      url: server.url,
      settings: { token: server.token },
      addJobsFor: (action, count) => (action === 'CANCEL' ? Array.from({ length: count }, () => server.add('mail')) : []),
      close: server.close,
    };
  },
});
