import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 0 });
});
afterAll(() => jobyard.close());

const odd = `\ud83d${'x'.repeat(5_000_000)}`;
const fit = `\ufffd${'x'.repeat(998)}…`;
const farAwayMs = Date.UTC(200_000, 0);

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

test.each(systemNames.filter((system) => subjects[system].jobs.addUnfit))(
  "the job's values from %s have whole characters, are bounded, and are in the range of their fields",
  async (system) => {
    const unfit = subjects[system].jobs.addUnfit?.(jobyard.sandboxes[system], odd, farAwayMs);
    const shown = { ...valuesOf(unfit?.texts, fit), ...valuesOf(unfit?.times, null) };
    const fields = 'id name type scope owner vendorStatus createdAt startedAt finishedAt durationSeconds progress { remainingTasks } raw';
    // Vault returns a job's title in its lists only.
    const { data, errors } = await jobyard.query(`{ jobs(filter: { systemIds: ["${system}"] }) { nodes { ${fields} } } }`);
    expect(errors).toBeUndefined();
    expect(data.jobs.nodes).toMatchObject([
      {
        id: `${system}:${unfit?.vendorId}`,
        ...shown,
        raw: expect.stringMatching(/^\(not shown: \d+ characters of JSON; the maximum is 65536\)$/),
      },
    ]);
    expect(data.jobs.nodes[0].progress?.remainingTasks ?? null).toBeNull();
    expect(JSON.stringify(data).isWellFormed()).toBe(true);
    expect(JSON.stringify(data)).not.toMatch(/\\ud[89a-f]/);
  },
);

function valuesOf(names: readonly string[] = [], value: unknown): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, value]));
}
