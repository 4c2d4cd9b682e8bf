import { describe, expect, onTestFinished, test } from 'vitest';
import { act, addJob, cancel, countActions, failReads } from '../end-to-end/jobs.ts';
import { readOneByOne, type StartOptions, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { factsOf, isCarriedOut } from './actionable-jobs.ts';
import { endJob } from './world.ts';

async function start(options: StartOptions = {}): Promise<WithSandboxes> {
  const jobyard = await startWithSandboxes({ jobs: 0, ...options });
  onTestFinished(() => jobyard.close());
  return jobyard;
}

async function read(jobyard: WithSandboxes, id: string) {
  const query = 'query ($id: ID!) { job(id: $id) { ... on Job { status stale observedAt problem { code systemId } } } }';
  return (await jobyard.query(query, { id })).data.job;
}

describe.each(systemNames)('%s is unavailable', (system) => {
  test('its jobs are shown as last read, with their age and the reason', async () => {
    const jobyard = await start();
    const id = addJob(jobyard, system);
    const { data } = await jobyard.query(`{ jobs(filter: { systemIds: ["${system}"] }) { nodes { id status stale observedAt } } }`);
    const [{ status, observedAt, stale }] = data.jobs.nodes;
    expect(stale).toBe(false);
    endJob(jobyard.sandboxes, id);
    failReads(jobyard, system, { kind: 'reset', applied: false });
    expect(await read(jobyard, id)).toEqual({ status, stale: true, observedAt, problem: { code: 'SYSTEM_UNAVAILABLE', systemId: system } });
  });

  test("a cancel doesn't trust a cached copy with the status RUNNING", async () => {
    const jobyard = await start();
    const id = addJob(jobyard, system);
    expect(await read(jobyard, id)).toMatchObject({ stale: false });
    failReads(jobyard, system, { kind: 'reset', applied: false });
    // A vendor that reports each job's result gets the action immediately, without a copy.
    const asksFirst = factsOf(system, 'cancel').readsFirst;
    const { results } = await cancel(jobyard, [id]);
    expect(countActions(jobyard, system)).toBe(asksFirst ? 0 : 1);
    if (asksFirst) expect(results).toMatchObject([{ __typename: 'SystemUnavailable', code: 'SYSTEM_UNAVAILABLE' }]);
    expect(isCarriedOut(jobyard.sandboxes, id, 'cancel')).toBe(!asksFirst);
  });

  test("a cancel doesn't trust a cached copy with a final status", async () => {
    const jobyard = await start();
    const id = addJob(jobyard, system);
    endJob(jobyard.sandboxes, id);
    expect(await read(jobyard, id)).toMatchObject({ stale: false });
    failReads(jobyard, system, { kind: 'reset', applied: false });
    const [result] = (await cancel(jobyard, [id])).results;
    // The vendor's own no, or none: never one that was made of the copy.
    expect(result).toMatchObject({ __typename: factsOf(system, 'cancel').readsFirst ? 'SystemUnavailable' : 'VendorRejected' });
  });
});

test('within the 10 seconds in which Vault rejects a second read, an action uses the lists and not the cached copy', async () => {
  const jobyard = await start({ change: readOneByOne });
  const { state } = jobyard.sandboxes['veeva-vault'];
  const vendorId = state.addJob({ status: 'SCHEDULED', frozen: true });
  const id = `veeva-vault:${vendorId}`;
  expect(await read(jobyard, id)).toMatchObject({ status: 'SCHEDULED', stale: false });
  state.changeJob(vendorId, { status: 'RUNNING' });
  expect(await read(jobyard, id)).toMatchObject({ status: 'SCHEDULED', stale: true });
  expect((await act(jobyard, 'start', [id])).results).toMatchObject([{ __typename: 'ActionNotAllowed', code: 'WRONG_STATUS' }]);
  expect(countActions(jobyard, 'veeva-vault')).toBe(0);
});
