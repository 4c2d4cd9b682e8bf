import { expect, onTestFinished, test } from 'vitest';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';
import { addEndedJob, addJob, countRequests, failReads } from './jobs.ts';

async function start(): Promise<WithSandboxes> {
  const jobyard = await startWithSandboxes({ jobs: 0 });
  onTestFinished(() => jobyard.close());
  return jobyard;
}

async function read(jobyard: WithSandboxes, id: string, select = 'status failureMessage') {
  const { data, errors } = await jobyard.query(`query ($id: ID!) { job(id: $id) { ... on Job { ${select} } } }`, { id });
  return { job: data.job, errors };
}

test.each(systemNames)('%s: a failed job has its reason, on one line', async (system) => {
  const jobyard = await start();
  const id = addEndedJob(jobyard, system, 'FAILED');
  const { failureMessage } = subjects[system].reads;
  expect(await read(jobyard, id)).toEqual({ job: { status: 'FAILED', failureMessage }, errors: undefined });
});

const requestsOfFailure = { nothing: 0, request: 1, twoRequests: 2, steps: 1 };

test.each(systemNames)('%s: the reason takes at most two requests, only if selected and only for failed jobs', async (system) => {
  const jobyard = await start();
  const ids = [addEndedJob(jobyard, system, 'FAILED'), addJob(jobyard, system), addEndedJob(jobyard, system)];
  const requestsFor = async (select: string): Promise<number> => {
    // A Vault job that was just read causes no request: the list contains them all.
    const before = countRequests(jobyard, system);
    const { data, errors } = await jobyard.query(`{ jobs { nodes { id status ${select} } } }`);
    expect(errors).toBeUndefined();
    expect(data.jobs.nodes.map(({ id }: { id: string }) => id).sort()).toEqual([...ids].sort());
    return countRequests(jobyard, system) - before;
  };
  await requestsFor('');
  const without = await requestsFor('');
  const { failureTakes } = subjects[system].reads;
  expect(await requestsFor('failureMessage again: failureMessage')).toBe(without + requestsOfFailure[failureTakes]);
  if (failureTakes === 'steps') expect(await requestsFor('failureMessage steps { message }')).toBe(await requestsFor('steps { message }'));
});

test("if it can't be read, the job stays and the error has the reason", async () => {
  const jobyard = await start();
  const id = addEndedJob(jobyard, 'kylin', 'FAILED');
  await read(jobyard, id);
  jobyard.sandboxes.kylin.faults.add({ fault: { kind: 'answer', status: 404, applied: false }, path: '/detail', times: 'always' });
  const { job, errors } = await read(jobyard, id);
  expect(job).toEqual({ status: 'FAILED', failureMessage: null });
  expect(errors).toMatchObject([{ path: ['job', 'failureMessage'], extensions: { code: 'INVALID_VENDOR_RESPONSE' } }]);
  failReads(jobyard, 'kylin', { kind: 'reset', applied: false });
  expect((await read(jobyard, id, 'status')).errors).toBeUndefined();
});
