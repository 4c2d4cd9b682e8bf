import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SystemName } from '../start.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 0 });
});
afterAll(() => jobyard.close());

const odd = `\ud83d${'x'.repeat(5_000_000)}`;
const fit = `\ufffd${'x'.repeat(998)}…`;
const farAwayMs = Date.UTC(200_000, 0);

const jobs: Record<SystemName, { add(): string; shown: object }> = {
  kinetica: {
    add: () => jobyard.sandboxes.kinetica.state.addJob({ userData: odd, authId: odd, receivedAtMs: farAwayMs }),
    shown: { name: fit, owner: fit, createdAt: null },
  },
  kylin: {
    add: () => jobyard.sandboxes.kylin.state.addJob({ subject: odd, submitter: odd, project: odd, type: 'INDEX_BUILD', state: 'SUCCEED' }),
    shown: { name: fit, owner: fit, scope: fit },
  },
  'veeva-vault': {
    add: () => String(jobyard.sandboxes['veeva-vault'].state.addJob({ title: odd, status: 'RUNNING', frozen: true })),
    shown: { name: fit },
  },
  aodocs: {
    add: () => jobyard.sandboxes.aodocs.state.addJob({ requestor: odd, type: odd, startedAtMs: farAwayMs, remainingTasks: 2 ** 40 }),
    shown: { owner: fit, type: fit, createdAt: null, progress: { remainingTasks: null } },
  },
};

test.each([
  ['query ($text: String!) { jobs(filter: { vendors: [$text] }) { nodes { id } } }', `${'x'.repeat(99)}😀`],
  ['query ($text: ID!) { jobEvents(filter: { systemIds: [$text] }) { nodes { id } } }', odd.slice(0, 10_000)],
  ['query ($text: Int) { jobs(first: $text) { nodes { id } } }', odd.slice(0, 10_000)],
])("an error repeats the caller's text in whole characters, truncated: %s", async (query, text) => {
  const { errors: [error] = [] } = await jobyard.query(query, { text });
  expect(error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  expect(error?.message.isWellFormed()).toBe(true);
  expect(error?.message.length).toBeLessThanOrEqual(2000);
});

test.each(Object.entries(jobs))(
  "the job's values from %s have whole characters, are bounded, and are in the range of their fields",
  async (system, { add, shown }) => {
    const id = `${system}:${add()}`;
    const fields = 'id name type scope owner vendorStatus createdAt startedAt finishedAt durationSeconds progress { remainingTasks } raw';
    // Vault returns a job's title in its lists only.
    const { data, errors } = await jobyard.query(`{ jobs(filter: { systemIds: ["${system}"] }) { nodes { ${fields} } } }`);
    expect(errors).toBeUndefined();
    expect(data.jobs.nodes).toMatchObject([
      { id, ...shown, raw: expect.stringMatching(/^\(not shown: \d+ characters of JSON; the maximum is 65536\)$/) },
    ]);
    expect(JSON.stringify(data).isWellFormed()).toBe(true);
    expect(JSON.stringify(data)).not.toMatch(/\\ud[89a-f]/);
  },
);
