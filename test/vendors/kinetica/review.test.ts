import { expect, it } from 'vitest';
import { performAction } from '../../../src/actions/perform-action.ts';
import { createSharedActions } from '../../../src/actions/shared-actions.ts';
import { createHealthMonitor } from '../../../src/jobs/health.ts';
import { createKnownRowsStore } from '../../../src/listing/known-rows.ts';
import { createPagePlaces } from '../../../src/listing/list-jobs.ts';
import { createJobReader } from '../../../src/reading/reader.ts';
import { call, connect, list, startServer } from './setup.ts';

const ok = (dataText: string) => JSON.stringify({ status: 'OK', message: '', data_type: 'x', data: '', data_str: dataText });

/** A cluster whose job 7 ends just before the cancel arrives, and which searches the jobs to cancel among the running ones only. */
async function cancelTooLate(listedAfterwards: string) {
  let jobs = '{"job_id":[7],"status":["RUNNING"]}';
  const url = await startServer((request, response) => {
    const isCancel = request.url === '/admin/alter/jobs';
    if (isCancel) jobs = listedAfterwards;
    response.end(ok(isCancel ? '{"job_ids":[7],"action":"cancel","status":["Job 7 not found"],"info":{}}' : jobs));
  });
  const adapter = connect(url, {});
  const reader = createJobReader({ systemId: 'kin', adapter, concurrency: 4, scanLimit: 10_000 });
  const health = createHealthMonitor(adapter);
  const knownRows = createKnownRowsStore();
  const system = {
    id: 'kin',
    vendor: 'kinetica',
    title: 'Kinetica',
    adapter,
    concurrency: 4,
    scanLimit: 10_000,
    reader,
    health,
    pagePlaces: createPagePlaces(4),
    knownRows,
    sharedActions: createSharedActions(),
  };
  const results = await performAction(system, 'CANCEL', ['7'], { dryRun: false }, call);
  return results.get('7');
}

it('reports a job that ended before the cancel arrived as it is listed', async () => {
  expect(await cancelTooLate('{"job_id":[7],"status":["DONE"]}')).toMatchObject({
    outcome: 'ACTION_NOT_ALLOWED',
    problem: { code: 'WRONG_STATUS' },
    job: { status: 'SUCCEEDED' },
  });
  expect(await cancelTooLate('{"job_id":[7],"status":["CANCELLED"]}')).toMatchObject({ outcome: 'ALREADY_DONE' });
  expect(await cancelTooLate('{"job_id":[],"status":[]}')).toMatchObject({ outcome: 'JOB_NOT_FOUND' });
});

it('lists and cancels a job with the smallest signed ID', async () => {
  const bodies: string[] = [];
  const url = await startServer((request, response) => {
    request.on('data', (chunk) => bodies.push(String(chunk)));
    request.on('end', () => {
      const ids = '[-9223372036854775808,-7]';
      response.end(ok(`{"job_id":${ids},"job_ids":${ids},"status":["OK","OK"]}`));
    });
  });
  const adapter = connect(url, {});
  expect((await list(adapter)).map((job) => job.vendorId)).toEqual(['-9223372036854775808', '-7']);
  const answers = await adapter.performAction('CANCEL', [{ vendorId: '-9223372036854775808', job: null }], call);
  expect(answers).toEqual([{ kind: 'accepted', job: null }]);
  expect(bodies.at(-1)).toBe('{"job_ids":[-9223372036854775808],"action":"cancel","options":{}}');
});

it('a column of the wrong type loses only that fact, not the list', async () => {
  const rows = '{"job_id":[7,8],"status":["RUNNING","DONE"],"user_data":[5,"nightly"],"flags":[{},null],"auth_id":[null,"etl"]}';
  const url = await startServer((_request, response) => response.end(ok(rows)));
  expect(await list(connect(url, {}))).toMatchObject([
    { vendorId: '7', name: null, owner: null, status: 'RUNNING' },
    { vendorId: '8', name: 'nightly', owner: 'etl', status: 'SUCCEEDED' },
  ]);
});
