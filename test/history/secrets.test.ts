import { expect, onTestFinished, test } from 'vitest';
import { startBulk, waitForEnd } from '../bulk/start-bulk.ts';
import { startEchoingVendors } from '../secrets/echoing-vendors.ts';
import { encodings, formsIn } from '../secrets/forms-of-secrets.ts';
import { startWithSandboxes } from '../start.ts';
import { openTestStore } from '../store.ts';

const secret = 'p"ä+ss/w%rd & more\\';

test('secrets that vendors repeat are stored neither in events nor in bulk operations', async () => {
  const forms = Object.values(encodings).map((encode) => encode(secret));
  let count = 0;
  const words = (): string => {
    count += 1;
    return `no ${forms[count % forms.length]} here`;
  };
  const vendors = await startEchoingVendors({ mode: 'jobs', words, headerWords: () => 'none' });
  const store = openTestStore();
  const jobyard = await startWithSandboxes({
    jobs: 0,
    store,
    change: (system) => ({
      ...system,
      url: `${vendors[system.id as keyof typeof vendors].origin}/api`,
      settings:
        system.id === 'aodocs'
          ? { securityCode: 'code-of-aodocs', libraries: ['first'] }
          : { ...(system.settings as object), username: 'ada', password: secret },
    }),
  });
  onTestFinished(() => jobyard.close());
  const cancel = `mutation { cancelJobs(input: { ids: ["kinetica:11", "veeva-vault:101"] }) { results { __typename ... on JobError { message } } } }`;
  await jobyard.query(cancel);
  // The store may still be opening.
  await expect
    .poll(async () => (await startBulk(jobyard, { filter: { owners: ['nobody'] } })).code, { timeout: 60_000 })
    .not.toBe('STORE_UNAVAILABLE');
  await jobyard.query(cancel);
  const started = await startBulk(jobyard, { filter: { systemIds: ['kinetica', 'veeva-vault'] }, allowIncomplete: true });
  expect(started.__typename).toBe('BulkOperation');
  await waitForEnd(jobyard, started.id);
  const events = '{ jobEvents(first: 100) { nodes { jobId outcome message vendorStatus vendorCode } } }';
  await expect.poll(async () => JSON.stringify(await jobyard.query(events)), { timeout: 20_000 }).toContain('veeva-vault:101');

  const tables = await store.query<{ name: string }>(
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  let stored = '';
  for (const { name } of tables) {
    const rows = await store.query<{ row: string }>(`SELECT row_to_json(stored)::text AS row FROM ${name} stored`);
    stored += rows.map(({ row }) => `${row}\n`).join('');
  }
  expect(stored).toContain('veeva-vault:101');
  expect(stored).toContain('…');
  expect(formsIn(stored, secret)).toEqual([]);
});
