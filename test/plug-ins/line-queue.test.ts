import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startJobyard } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { checks } from '../../src/conformance/index.ts';
import { type StartedSubject, startSubject } from '../../src/conformance/start-subject.ts';
import type { RunningSandbox } from '../../src/sandbox-kit/sandbox.ts';
import { writeTemporaryFile } from '../config/load.ts';
import { followOverEventStream } from '../live/clients.ts';
import { post } from '../processes.ts';
import { createUnavailableStore } from '../unavailable-store.ts';
import lineQueue from './line-queue/index.ts';
import { type QueueServer, startQueueServer } from './line-queue/server.ts';

describe('an adapter of a protocol that is not HTTP', () => {
  let started: StartedSubject<RunningSandbox>;
  beforeAll(async () => {
    const { startSandbox } = lineQueue;
    if (!startSandbox) throw new Error('No sandbox');
    started = await startSubject({ ...lineQueue, startSandbox });
  });
  afterAll(async () => {
    await started.subject.adapter.close();
    await started.sandbox.close();
  });

  test.each(checks)('$statement ($id)', async ({ run }) => run(started.subject));
});

describe('Jobyard with such a plug-in', () => {
  let server: QueueServer;
  let origin: string;
  beforeEach(async () => {
    server = await startQueueServer();
    const plugIn = fileURLToPath(new URL('line-queue/index.ts', import.meta.url));
    const file = writeTemporaryFile(
      `systems: [{ id: queue, vendor: ${plugIn}, url: "${server.url}", timeoutMs: 200, token: { env: TOKEN } }]\naudit: { file: ${writeTemporaryFile('', 'audit.jsonl')} }`,
    );
    const config = await loadConfig(['--config', file, '--port', '0'], { TOKEN: server.token });
    if ('errors' in config) throw new Error(config.errors.join('\n'));
    const jobyard = await startJobyard(
      { ...config, systems: config.systems ?? [], store: createUnavailableStore() },
      pino({ level: 'silent' }),
    );
    ({ origin } = jobyard);
    onTestFinished(async () => {
      await jobyard.close();
      await server.close();
    });
  });

  const cancel = async (id: string) => {
    const results =
      '{ __typename ... on CancelSuccess { outcome job { status } } ... on JobError { code } ... on OutcomeUnknown { safeToRetry } }';
    const { data } = await post(origin, `mutation { cancelJobs(input: { ids: ["queue:${id}"] }) { results ${results} } }`);
    return data.cancelJobs.results[0];
  };

  test('lists the jobs of queues that it finds, with failures that cost no request', async () => {
    server.add('mail', { state: 'failed', reason: 'The mailbox is full.' });
    server.add('video');
    const query = '{ jobs(first: 10) { nodes { id scope status failure { message } system { vendor } } complete } }';
    expect((await post(origin, query)).data.jobs).toEqual({
      complete: true,
      nodes: [
        { id: 'queue:video:2', scope: 'video', status: 'QUEUED', failure: null, system: { vendor: 'line-queue' } },
        {
          id: 'queue:mail:1',
          scope: 'mail',
          status: 'FAILED',
          failure: { message: 'The mailbox is full.' },
          system: { vendor: 'line-queue' },
        },
      ],
    });
    expect(server.commands.map((command) => command.split(' ')[0]).toSorted()).toEqual(['LIST', 'LIST', 'LIST', 'QUEUES']);
  });

  test('cancels a waiting job at once, and an active one later', async () => {
    expect(await cancel(server.add('mail'))).toEqual({ __typename: 'CancelSuccess', outcome: 'CONFIRMED', job: { status: 'CANCELLED' } });
    expect(server.commands.map((command) => command.split(' ')[0])).toEqual(['GET', 'CANCEL']);
    expect(await cancel(server.add('mail', { state: 'active' }))).toMatchObject({ outcome: 'ACCEPTED', job: { status: 'CANCELLING' } });
  });

  test('says that the cancellation is asynchronous', async () => {
    const { data } = await post(origin, '{ jobSystems { vendor capabilities { action asynchronous } } }');
    expect(data.jobSystems).toMatchObject([{ vendor: 'line-queue' }]);
    expect(data.jobSystems[0].capabilities).toContainEqual({ action: 'CANCEL', asynchronous: true });
  });

  test('finds in its events what became of a job that a lost cancellation removed', async () => {
    server.switches.forgetsCanceled = true;
    server.loseNext('CANCEL');
    expect(await cancel(server.add('mail'))).toMatchObject({ __typename: 'CancelSuccess', outcome: 'JOB_GONE' });
    expect(server.commands.map((command) => command.split(' ')[0])).toEqual(['GET', 'CANCEL', 'GET', 'CANCELED']);
  });

  test('returns an unknown outcome if nothing shows it, with safeToRetry by the state of the job', async () => {
    server.ignoreNext('CANCEL');
    expect(await cancel(server.add('mail'))).toEqual({ __typename: 'OutcomeUnknown', code: 'OUTCOME_UNKNOWN', safeToRetry: true });
    server.ignoreNext('CANCEL');
    expect(await cancel(server.add('mail', { state: 'active' }))).toMatchObject({ __typename: 'OutcomeUnknown', safeToRetry: false });
  });

  describe('whose adapter throws on one job', () => {
    const message = "The adapter of queue failed on job mail:2. This is a bug in it: see Jobyard's log.";
    const unread = { id: 'queue:mail:2', status: 'UNKNOWN', problem: { code: 'INVALID_VENDOR_RESPONSE', message } };
    const ofRead = { code: 'INVALID_VENDOR_RESPONSE', message: "The adapter of queue failed. This is a bug in it: see Jobyard's log." };
    beforeEach(() => {
      server.add('mail');
      server.add('mail', { state: 'haunted' });
      server.add('mail');
    });

    test('lists it with the problem', async () => {
      const query = '{ jobs(first: 10) { nodes { id status problem { code message } } complete } }';
      expect((await post(origin, query)).data.jobs).toEqual({
        complete: true,
        nodes: [{ id: 'queue:mail:3', status: 'QUEUED', problem: null }, unread, { id: 'queue:mail:1', status: 'QUEUED', problem: null }],
      });
    });

    test('lists it last in an order that only Jobyard has', async () => {
      const query = '{ jobs(first: 10, orderBy: { field: STATUS, direction: ASC }) { nodes { id status problem { code message } } } }';
      expect((await post(origin, query)).data.jobs.nodes).toMatchObject([{ status: 'QUEUED' }, { status: 'QUEUED' }, unread]);
    });

    test('lists the others that match a filter, and reports that the list is incomplete', async () => {
      const query = '{ jobs(first: 10, filter: { statuses: [QUEUED] }) { nodes { id } complete systems { problem { code message } } } }';
      expect((await post(origin, query)).data.jobs).toEqual({
        nodes: [{ id: 'queue:mail:3' }, { id: 'queue:mail:1' }],
        complete: false,
        systems: [{ problem: { code: 'INCOMPLETE_LIST', message } }],
      });
    });

    test('counts it as UNKNOWN, and reports that the counts are incomplete', async () => {
      const query = '{ jobCounts(top: 2) { buckets { status count } complete systems { problem { message } } } }';
      const { data } = await post(origin, query);
      expect(data.jobCounts).toEqual({
        buckets: [
          { status: 'QUEUED', count: 2 },
          { status: 'UNKNOWN', count: 1 },
        ],
        complete: false,
        systems: [{ problem: { message } }],
      });
    });

    test('reads the others by ID in the same query', async () => {
      const select = '... on Job { id status } ... on JobError { jobId code message }';
      const query = `{ jobsByIds(ids: ["queue:mail:1", "queue:mail:2", "queue:mail:3"]) { ${select} } }`;
      expect((await post(origin, query)).data.jobsByIds).toEqual([
        { id: 'queue:mail:1', status: 'QUEUED' },
        { jobId: 'queue:mail:2', ...ofRead },
        { id: 'queue:mail:3', status: 'QUEUED' },
      ]);
    });

    test('cancels the others in the same mutation', async () => {
      const select = '__typename ... on CancelSuccess { outcome } ... on JobError { code message }';
      const ids = '["queue:mail:1", "queue:mail:2", "queue:mail:3"]';
      const { data } = await post(origin, `mutation { cancelJobs(input: { ids: ${ids} }) { results { ${select} } } }`);
      const canceled = { __typename: 'CancelSuccess', outcome: 'CONFIRMED' };
      expect(data.cancelJobs.results).toEqual([canceled, { __typename: 'SystemUnavailable', ...ofRead }, canceled]);
      expect(server.commands.filter((command) => command.startsWith('CANCEL '))).toHaveLength(2);
    });

    test('has it in a live list', async () => {
      const page = '... on JobListPage { page { nodes { id status problem { code message } } complete } }';
      const following = followOverEventStream(origin, `subscription { jobListChanged(first: 10) { ${page} } }`);
      onTestFinished(following.stop);
      const { data } = await following.answer(1);
      expect(data?.jobListChanged.page).toMatchObject({ complete: true, nodes: [{ status: 'QUEUED' }, unread, { status: 'QUEUED' }] });
    });
  });
});
