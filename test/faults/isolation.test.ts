import { expect, onTestFinished, test } from 'vitest';
import { addJob, cancel, countRequests } from '../end-to-end/jobs.ts';
import { readOneByOne, type SystemName, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { type Abandonable, post } from './abandonable.ts';
import { countAtOneTime, isCarriedOut } from './actionable-jobs.ts';

const readByIds = 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename } }';
const cancelThem = 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { summary { succeeded } } }';

/** A Jobyard, logged in, one of whose systems then stops answering. */
async function startHanging(system: SystemName): Promise<WithSandboxes> {
  // Job by job, so that there are many requests.
  const jobyard = await startWithSandboxes({ jobs: 0, change: readOneByOne });
  onTestFinished(async () => {
    // What hangs would be waited for until its deadline, and the log-out would hang too.
    await jobyard.sandboxes[system].close();
    await jobyard.close();
  });
  await jobyard.query('{ jobSystems { health { status } } }');
  for (const each of systemNames) jobyard.sandboxes[each].requests.clear();
  jobyard.sandboxes[system].faults.add({ fault: { kind: 'hang', applied: false }, times: 'always' });
  return jobyard;
}

function addJobs(jobyard: WithSandboxes, system: SystemName, count: number): string[] {
  return Array.from({ length: count }, () => addJob(jobyard, system));
}

function postUntilEnd(jobyard: WithSandboxes, query: string, ids: string[]): Abandonable {
  const operation = post(jobyard, query, ids);
  onTestFinished(operation.leave);
  return operation;
}

test.each(systemNames)("while %s hangs, the other systems' jobs are read and canceled as usual", async (system) => {
  const jobyard = await startHanging(system);
  const hanging = postUntilEnd(jobyard, readByIds, addJobs(jobyard, system, 30));
  await expect.poll(() => countRequests(jobyard, system)).toBeGreaterThan(0);
  for (const other of systemNames) {
    if (other === system) continue;
    const ids = addJobs(jobyard, other, 10);
    const { data } = await jobyard.query(readByIds, { ids });
    expect(data.jobsByIds).toEqual(ids.map(() => ({ __typename: 'Job' })));
    expect((await cancel(jobyard, ids)).summary.succeeded).toBe(10);
  }
  expect(hanging.isOver()).toBe(false);
});

test.each(systemNames)("a mutation over all systems performs the others' part while %s hangs", async (system) => {
  const jobyard = await startHanging(system);
  const ids = systemNames.map((each) => addJob(jobyard, each));
  const hanging = postUntilEnd(jobyard, cancelThem, ids);
  const others = ids.filter((id) => !id.startsWith(`${system}:`));
  await expect.poll(() => others.every((id) => isCarriedOut(jobyard.sandboxes, id, 'cancel'))).toBe(true);
  expect(hanging.isOver()).toBe(false);
});

test.each(systemNames.filter((system) => countAtOneTime(system) > 1).map((system) => [system, countAtOneTime(system)] as const))(
  '%s has never more than %i requests at one time, from however many operations',
  async (system, most) => {
    const jobyard = await startHanging(system);
    for (let each = 0; each < 5; each += 1) postUntilEnd(jobyard, readByIds, addJobs(jobyard, system, 5));
    await expect.poll(() => countRequests(jobyard, system)).toBe(most);
    // A round through Jobyard and another system: what was on its way has come by then.
    await jobyard.query(readByIds, { ids: addJobs(jobyard, 'kinetica', 1) });
    expect(countRequests(jobyard, system)).toBe(most);
  },
);
