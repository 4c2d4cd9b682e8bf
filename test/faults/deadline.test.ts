import { readFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../src/transport/http-client.ts';
import type { HttpResult } from '../../src/transport/http-request.ts';
import { addJob, countActions, countRequests, failAction } from '../end-to-end/jobs.ts';
import { readOneByOne, type SystemName, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';
import { post } from './abandonable.ts';
import { countAtOneTime, isCarriedOut } from './actionable-jobs.ts';
import { startTap, type Tap } from './tap.ts';

const hang = { fault: { kind: 'hang', applied: false }, times: 'always' } as const;
const readByIds = 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename ... on JobError { code message } } }';
const cancelThem = 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { summary { succeeded } } }';

/** A Jobyard that speaks to one of its sandboxes through a tap; logged in. */
async function startTapped(system: SystemName, deadlineMs: number): Promise<{ jobyard: WithSandboxes; tap: Tap }> {
  const target: { port: number | null } = { port: null };
  const tap = await startTap(target);
  const jobyard = await startWithSandboxes({
    jobs: 0,
    deadlineMs,
    change(config) {
      if (config.id !== system) return config;
      const url = new URL(config.url);
      target.port = Number(url.port);
      url.port = String(tap.port);
      // Job by job, so that there are several requests.
      return readOneByOne({ ...config, url: url.href.replace(/\/$/, ''), timeoutMs: 120_000 });
    },
  });
  onTestFinished(() => {
    // The log-out too would hang.
    jobyard.sandboxes[system].faults.clear();
    return jobyard.close();
  });
  await jobyard.query('{ jobSystems { health { status } } }');
  jobyard.sandboxes[system].requests.clear();
  return { jobyard, tap };
}

describe.each(systemNames)('%s', (system) => {
  test('aborts vendor requests when the deadline passes', async () => {
    const { jobyard, tap } = await startTapped(system, 700);
    jobyard.sandboxes[system].faults.add(hang);
    const reading = jobyard.query(readByIds, { ids: [addJob(jobyard, system)] });
    await expect.poll(() => countRequests(jobyard, system)).toBe(1);
    const connections = tap.open();
    const { data } = await reading;
    expect(data.jobsByIds).toMatchObject([{ __typename: 'SystemUnavailable', code: 'TIMED_OUT' }]);
    expect(data.jobsByIds[0].message).toMatch(/before the deadline/);
    // Another one may be there, unused, from the login.
    await expect.poll(tap.open, { timeout: 5000 }).toBe(connections - 1);
    expect(countRequests(jobyard, system)).toBe(1);
  });

  test('aborts reads when the client disconnects, and sends no more', async () => {
    const { jobyard, tap } = await startTapped(system, 60_000);
    jobyard.sandboxes[system].faults.add(hang);
    const { leave } = post(
      jobyard,
      readByIds,
      Array.from({ length: 30 }, () => addJob(jobyard, system)),
    );
    const most = countAtOneTime(system);
    await expect.poll(() => countRequests(jobyard, system)).toBe(most);
    const connections = tap.open();
    await leave();
    await expect.poll(tap.open, { timeout: 5000 }).toBe(connections - most);
    jobyard.sandboxes[system].faults.clear();
    // What had waited would be sent before this.
    const { data } = await jobyard.query(readByIds, { ids: [addJob(jobyard, system)] });
    expect(data.jobsByIds).toMatchObject([{ __typename: 'Job' }]);
    expect(countRequests(jobyard, system)).toBe(most + 1);
  });

  test('finishes and audits a cancel in flight when the client disconnects', async () => {
    const { jobyard } = await startTapped(system, 60_000);
    failAction(jobyard, system, { kind: 'slow', ms: 300 });
    const id = addJob(jobyard, system);
    const { leave } = post(jobyard, cancelThem, [id]);
    await expect.poll(() => countActions(jobyard, system)).toBe(1);
    await leave();
    const audit = async (): Promise<string[]> => {
      const lines = (await readFile(jobyard.auditFile, 'utf8')).trim().split('\n');
      return lines
        .map((line) => JSON.parse(line))
        .map(({ audit: event, results = [] }) => [event, ...results.map((each: { outcome: string }) => each.outcome)].join(' '));
    };
    await expect.poll(audit).toHaveLength(3);
    expect(await audit()).toEqual(['intent', 'sent', `outcome ${subjects[system].actions.cancel.outcome}`]);
    expect(isCarriedOut(jobyard.sandboxes, id, 'cancel')).toBe(true);
    expect(countActions(jobyard, system)).toBe(1);
  });
});

test('if one of two callers that share a read of a Vault job disconnects, the other gets the result of the one request', async () => {
  const { jobyard } = await startTapped('veeva-vault', 60_000);
  const { faults, requests } = jobyard.sandboxes['veeva-vault'];
  faults.add({ fault: { kind: 'slow', ms: 500 } });
  const ids = [addJob(jobyard, 'veeva-vault')];
  const first = post(jobyard, readByIds, ids);
  await expect.poll(() => requests.count()).toBe(1);
  const second = post(jobyard, readByIds, ids);
  // The response to a third one shows that the second has been accepted.
  await jobyard.query('{ __typename }');
  await first.leave();
  expect((await second.answer).data.jobsByIds).toMatchObject([{ __typename: 'Job' }]);
  expect(requests.count()).toBe(1);
});

describe('responds at the deadline to a call that still waits, and never sends it', () => {
  /** A client of a server that accepts connections and never responds. */
  async function connectToSilence(concurrency: number) {
    const tap = await startTap({ port: null });
    const client = createHttpClient({
      systemId: 'silent',
      baseUrl: `http://127.0.0.1:${tap.port}`,
      transport: { timeoutMs: 60_000, concurrency, maxResponseBytes: 1000 },
      judgeCredentials: () => 'unknown',
    });
    onTestFinished(() => client.close());
    let sent = 0;
    const send = (signal: AbortSignal, credential: string | null): Promise<HttpResult> =>
      client.send(
        { method: 'GET', path: '/', purpose: 'action' },
        {
          caller: 'test',
          signal,
          credential,
          onRoundTrip: () => {
            sent += 1;
          },
        },
      );
    return { send, countSent: () => sent };
  }

  test.each([
    ['for its turn to show the credentials right', 4, null],
    ['for a free place', 1, 'of the caller'],
  ])('%s', async (_what, concurrency, credential) => {
    const { send, countSent } = await connectToSilence(concurrency);
    const ahead = send(new AbortController().signal, credential);
    ahead.catch(() => {});
    const stop = new AbortController();
    const waiting = send(stop.signal, credential);
    await expect.poll(countSent).toBe(1);
    stop.abort();
    expect(await waiting).toMatchObject({ answered: false, mayHaveArrived: false, problem: { code: 'NOT_ATTEMPTED' } });
    expect(countSent()).toBe(1);
  });
});
