import { describe, expect, onTestFinished, test } from 'vitest';
import type { FrontEnd } from '../../src/sandbox-kit/faults.ts';
import { addJob, cancel } from '../end-to-end/jobs.ts';
import { type SystemName, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';

const frontEnds: [string, FrontEnd][] = [
  ['sends interim answers', { informational: [100, 102, 103, 100] }],
  ['puts a byte order mark first', { byteOrderMark: true }],
  ['compresses with deflate, then br', { codings: ['deflate', 'br'] }],
  ['compresses with deflate without its header', { codings: ['deflate-raw'] }],
  ['rejects requests without a user agent', { wantsUserAgent: true }],
  ['does all of it', { informational: [100, 103], byteOrderMark: true, codings: ['gzip'], wantsUserAgent: true }],
];

describe.each(systemNames)('%s behind a front end', (system) => {
  test('behaves as without it, with no more requests', async () => {
    const jobyard = await startWithSandboxes({ jobs: 0 });
    onTestFinished(() => jobyard.close());
    const without = await work(jobyard, system);
    expect(without.cancelled).toBe('CancelSuccess');
    for (const [what, frontEnd] of frontEnds) {
      jobyard.sandboxes[system].faults.add({ fault: { kind: 'front-end', ...frontEnd }, times: 'always' });
      expect({ what, ...(await work(jobyard, system)) }).toEqual({ what, ...without });
      jobyard.sandboxes[system].faults.clear();
    }
  });
});

/** Lists, reads, and cancels a new job. Returns the results and the requests. */
async function work(jobyard: WithSandboxes, system: SystemName) {
  const { requests } = jobyard.sandboxes[system];
  const id = addJob(jobyard, system);
  // Logs in to Vault: its session is not compared.
  await jobyard.query('{ jobSystems { health { status } } }');
  requests.clear();
  const list = await jobyard.query(
    `{ jobs(first: 1, filter: { systemIds: ["${system}"] }) { complete nodes { system { id } steps { name } } } }`,
  );
  const read = await jobyard.query('query ($id: ID!) { job(id: $id) { ... on Job { status stale problem { code } } } }', { id });
  const { results } = await cancel(jobyard, [id]);
  return {
    list: list.data.jobs,
    read: read.data.job,
    cancelled: results[0].__typename,
    requests: Object.fromEntries(['GET', 'POST', 'PUT'].map((method) => [method, requests.count(method)])),
  };
}
