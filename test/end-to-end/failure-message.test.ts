import { expect, onTestFinished, test } from 'vitest';
import { type Sandboxes, type SystemName, startWithSandboxes, type WithSandboxes } from '../start.ts';
import { addEndedJob, addJob, countRequests, failReads, systemNames } from './jobs.ts';

async function start(): Promise<WithSandboxes> {
  const jobyard = await startWithSandboxes({ jobs: 0 });
  onTestFinished(() => jobyard.close());
  return jobyard;
}

const addFailedJob: Record<SystemName, (sandboxes: Sandboxes) => string | number> = {
  kinetica: ({ kinetica }) => kinetica.state.addJob({ status: 'ERROR', running: false }),
  'veeva-vault': ({ 'veeva-vault': vault }) => vault.state.addJob({ status: 'ERRORS_ENCOUNTERED' }),
  kylin: ({ kylin }) => kylin.state.addJob({ state: 'ERROR' }),
  aodocs: ({ aodocs }) => {
    const id = aodocs.state.addJob({ status: 'FAILED' });
    aodocs.state.addEvent(id, { severity: 'ERROR', message: 'Document 17 could not be\nimported' });
    aodocs.state.addEvent(id, { severity: 'INFO', message: 'Job ended' });
    return id;
  },
};

async function read(jobyard: WithSandboxes, id: string, select = 'status failureMessage') {
  const { data, errors } = await jobyard.query(`query ($id: ID!) { job(id: $id) { ... on Job { ${select} } } }`, { id });
  return { job: data.job, errors };
}

test.each<[SystemName, unknown]>([
  ['kinetica', 'Internal_Error: Worker rank 2 ran out of memory (S/SDc:1513)'],
  ['veeva-vault', null],
  ['kylin', expect.stringMatching(/^(org|java)\.\S+: .+$/)],
  ['aodocs', 'Document 17 could not be imported'],
])('%s: a failed job has its reason, on one line', async (system, failureMessage) => {
  const jobyard = await start();
  const id = `${system}:${addFailedJob[system](jobyard.sandboxes)}`;
  expect(await read(jobyard, id)).toEqual({ job: { status: 'FAILED', failureMessage }, errors: undefined });
});

test.each(systemNames)('%s: the reason takes at most one request, only if selected and only for failed jobs', async (system) => {
  const jobyard = await start();
  const ids = [`${system}:${addFailedJob[system](jobyard.sandboxes)}`, addJob(jobyard, system), addEndedJob(jobyard, system)];
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
  const own = system === 'veeva-vault' ? 0 : 1;
  expect(await requestsFor('failureMessage again: failureMessage')).toBe(without + own);
  // Kylin's comes from the steps, which are requested once.
  if (system === 'kylin') expect(await requestsFor('failureMessage steps { message }')).toBe(await requestsFor('steps { message }'));
});

test("if it can't be read, the job stays and the error has the reason", async () => {
  const jobyard = await start();
  const id = `kylin:${addFailedJob.kylin(jobyard.sandboxes)}`;
  await read(jobyard, id);
  jobyard.sandboxes.kylin.faults.add({ fault: { kind: 'answer', status: 404, applied: false }, path: '/detail', times: 'always' });
  const { job, errors } = await read(jobyard, id);
  expect(job).toEqual({ status: 'FAILED', failureMessage: null });
  expect(errors).toMatchObject([{ path: ['job', 'failureMessage'], extensions: { code: 'INVALID_VENDOR_RESPONSE' } }]);
  failReads(jobyard, 'kylin', { kind: 'reset', applied: false });
  expect((await read(jobyard, id, 'status')).errors).toBeUndefined();
});
