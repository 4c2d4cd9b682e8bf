const adapterModule = new URL('../../src/exports/adapter.ts', import.meta.url).href;
const zod = import.meta.resolve('zod');

/**
 * The text of a module with a vendor, for a process of this checkout: its systems have no `url`, and their jobs are named in their settings.
 * `changes`: JavaScript that replaces parts of the definition.
 */
export function writePlugIn(changes = ''): string {
  return `import { defineVendor, toListedJob, unsupportedAction } from '${adapterModule}';
import { z } from '${zod}';

const toRow = (vendorId) => toListedJob({
  vendorId, name: null, type: null, status: 'SUCCEEDED', vendorStatus: 'done', owner: null, createdAt: null, startedAt: null, finishedAt: null,
  durationSeconds: null, progress: null, scope: null, waitSeconds: null, dataRange: null, raw: () => null,
});

export default defineVendor({
  contractVersion: 1,
  name: 'memo',
  title: 'Memo',
  settings: () => z.strictObject({ names: z.array(z.string()).default([]) }),
  secrets: () => [],
  offersPassthrough: false,
  urlSchemes: [],
  defaults: { concurrency: 1, timeoutMs: 1_000 },
  createAdapter: (_system, { names }) => ({
    actions: Object.fromEntries(['CANCEL', 'PAUSE', 'RESUME', 'RESTART', 'START'].map((action) => [action, unsupportedAction])),
    reads: { maxBatchSize: null, minIntervalMs: 0, scanFrom: null },
    hasScopes: false,
    checkVendorId: () => null,
    listJobs: () => [{
      name: 'all',
      order: { by: 'FIXED' },
      exact: false,
      numbered: false,
      readPage: async () => ({
        ok: true,
        value: { rows: names.map(toRow), firstRow: 0, limit: null, total: null, nextPart: null, frontier: null },
      }),
    }],
    performAction: async () => [],
    checkHealth: async () => null,
    close: async () => {},
  }),
  ${changes}
});
`;
}
