import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addJob, cancel, failAction, failReads } from '../end-to-end/jobs.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';

const overdueAfterMs = 2_500;
let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 5, store: openEmptyStore(), audit: { overdueAfterMs } });
});
afterAll(() => jobyard.close());
beforeEach(() => {
  for (const sandbox of Object.values(jobyard.sandboxes)) sandbox.faults.clear();
});

// biome-ignore lint/suspicious/noExplicitAny: the shape of the selection
type Answer = any;

async function readJob(id: string): Promise<Answer> {
  const { data, errors } = await jobyard.query(
    `query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job {
      status vendorStatus cancellation { requestedAt requestedBy reason resolvedAt overdue contradictingStatus }
      events { nodes { id kind caller reason sent outcome vendorStatus code message } }
    } } }`,
    { ids: [id] },
  );
  expect(errors).toBeUndefined();
  return data.jobsByIds[0];
}

/** Polls only the events, which reads no job: the action is resolved by tracking. */
async function readFollowUps(id: string): Promise<Answer[]> {
  const { data } = await jobyard.query(
    'query ($ids: [ID!]!) { jobEvents(filter: { jobIds: $ids, kind: FOLLOW_UP }) { nodes { outcome vendorStatus code message sent caller reason } } }',
    { ids: [id] },
  );
  return data.jobEvents.nodes;
}
const untilResolved = (id: string, count = 1) =>
  expect.poll(() => readFollowUps(id), { timeout: 15_000, interval: 100 }).toHaveLength(count);

const kineticaState = () => jobyard.sandboxes.kinetica.state;
const vendorIdOf = (id: string) => id.slice(id.indexOf(':') + 1);

/** The ID of a new job that accepts a cancel but continues to run. */
const addStubbornJob = () => `kinetica:${kineticaState().addJob({ ignoresCancel: true })}`;

test('is null for a job without a cancel', async () => {
  expect(await readJob(addJob(jobyard, 'kinetica'))).toMatchObject({ cancellation: null, events: { nodes: [] } });
});

test('is resolved at once, without a follow-up, if the system confirmed it at once', async () => {
  const id = addJob(jobyard, 'kylin');
  await cancel(jobyard, [id]);
  const { cancellation } = await readJob(id);
  expect(cancellation).toMatchObject({ requestedBy: 'anonymous', reason: null, overdue: false, contradictingStatus: null });
  expect(Date.parse(cancellation.resolvedAt)).toBeGreaterThanOrEqual(Date.parse(cancellation.requestedAt));
});

describe('an accepted cancel is tracked', () => {
  test('until the job is canceled', async () => {
    const id = addStubbornJob();
    await cancel(jobyard, [id]);
    expect(await readJob(id)).toMatchObject({
      status: 'RUNNING',
      cancellation: { resolvedAt: null, overdue: false, contradictingStatus: null },
    });
    kineticaState().changeJob(vendorIdOf(id), { status: 'CANCELLED' });
    await untilResolved(id);
    expect(await readFollowUps(id)).toEqual([
      { outcome: 'CONFIRMED', vendorStatus: 'CANCELLED', code: null, message: null, sent: true, caller: 'anonymous', reason: null },
    ]);
    const { cancellation, events } = await readJob(id);
    expect(cancellation).toMatchObject({ resolvedAt: expect.any(String), overdue: false, contradictingStatus: null });
    expect(events.nodes.map(({ kind }: Answer) => kind)).toEqual(['FOLLOW_UP', 'ACTION']);
  });

  test('until the job ends otherwise, which contradicts it', async () => {
    const id = addStubbornJob();
    await cancel(jobyard, [id]);
    kineticaState().changeJob(vendorIdOf(id), { status: 'DONE' });
    await untilResolved(id);
    expect(await readFollowUps(id)).toMatchObject([
      { outcome: 'CONTRADICTED', code: 'WRONG_STATUS', message: 'kinetica accepted the cancellation, but the job ended as SUCCEEDED.' },
    ]);
    expect(await readJob(id)).toMatchObject({
      cancellation: { resolvedAt: expect.any(String), overdue: false, contradictingStatus: 'SUCCEEDED' },
    });
  });

  test('after its time limit: is overdue, is contradicted by a job that continues, and is resolved when the job ends', async () => {
    const id = addStubbornJob();
    await cancel(jobyard, [id]);
    await untilResolved(id);
    expect(await readFollowUps(id)).toMatchObject([
      { outcome: 'CONTRADICTED', code: 'VENDOR_REJECTED', message: 'kinetica accepted the cancellation, but the job is still RUNNING.' },
    ]);
    expect(await readJob(id)).toMatchObject({ cancellation: { resolvedAt: null, overdue: true, contradictingStatus: 'RUNNING' } });
    kineticaState().changeJob(vendorIdOf(id), { status: 'CANCELLED' });
    await untilResolved(id, 2);
    expect(await readJob(id)).toMatchObject({
      cancellation: { resolvedAt: expect.any(String), overdue: false, contradictingStatus: null },
    });
  });

  test('on Veeva Vault: a job that never leaves CANCELLING is overdue, however often it is read', async () => {
    const { switches } = jobyard.sandboxes['veeva-vault'];
    switches.cancellingMs = 3_600_000;
    const id = addJob(jobyard, 'veeva-vault');
    await cancel(jobyard, [id]);
    await expect.poll(async () => (await readJob(id)).cancellation.overdue, { timeout: 15_000, interval: 100 }).toBe(true);
    expect(await readJob(id)).toMatchObject({ status: 'CANCELLING', cancellation: { resolvedAt: null, contradictingStatus: null } });
    expect(await readFollowUps(id)).toEqual([]);
  });
});

describe('a cancel that was not sent because the job was stopping already is tracked', () => {
  beforeAll(() => {
    jobyard.sandboxes.kinetica.switches.stoppingWord = 'CANCELLING';
  });
  const addStoppingJob = () => `kinetica:${kineticaState().addJob({ status: 'CANCELLED', running: true })}`;

  test('until the job is canceled', async () => {
    const id = addStoppingJob();
    await cancel(jobyard, [id]);
    expect((await readJob(id)).events.nodes).toMatchObject([{ kind: 'ACTION', outcome: 'ACCEPTED', sent: false }]);
    kineticaState().changeJob(vendorIdOf(id), { status: 'CANCELLED', running: false });
    await untilResolved(id);
    expect(await readFollowUps(id)).toMatchObject([{ outcome: 'CONFIRMED', sent: false }]);
  });

  test('until the job ends otherwise', async () => {
    const id = addStoppingJob();
    await cancel(jobyard, [id]);
    kineticaState().changeJob(vendorIdOf(id), { status: 'DONE', running: false });
    await untilResolved(id);
    expect(await readFollowUps(id)).toMatchObject([{ outcome: 'CONTRADICTED', sent: false }]);
    // The cancel never reached the vendor.
    expect((await readJob(id)).cancellation).toBeNull();
  });
});

test('uses the copy in the same response, which may be newer than the events', async () => {
  const id = addStubbornJob();
  await cancel(jobyard, [id]);
  kineticaState().changeJob(vendorIdOf(id), { status: 'DONE' });
  const { status, cancellation, events } = await readJob(id);
  expect(status).toBe('SUCCEEDED');
  expect(cancellation).toMatchObject({ resolvedAt: expect.any(String), overdue: false, contradictingStatus: 'SUCCEEDED' });
  expect(events.nodes).toMatchObject([{ kind: 'ACTION' }]);
});

describe('a cancel with an unknown outcome', () => {
  async function cancelWithoutAnswer(): Promise<string> {
    const id = addJob(jobyard, 'aodocs');
    failAction(jobyard, 'aodocs', { kind: 'reset', applied: false });
    failReads(jobyard, 'aodocs', { kind: 'reset', applied: false });
    expect((await cancel(jobyard, [id])).results).toMatchObject([{ __typename: 'OutcomeUnknown' }]);
    expect(await readFollowUps(id)).toEqual([]);
    return id;
  }

  test('is resolved when the job is observed to be canceled', async () => {
    const id = await cancelWithoutAnswer();
    jobyard.sandboxes.aodocs.state.changeJob(vendorIdOf(id), { status: 'CANCELLED' });
    jobyard.sandboxes.aodocs.faults.clear();
    await untilResolved(id);
    expect(await readJob(id)).toMatchObject({
      cancellation: { resolvedAt: expect.any(String), overdue: false, contradictingStatus: null },
      events: { nodes: [{ outcome: 'CONFIRMED' }, { outcome: 'OUTCOME_UNKNOWN', sent: true }] },
    });
  });

  test('stays unknown, and is not resolved, if the system no longer lists the job', async () => {
    const id = await cancelWithoutAnswer();
    jobyard.sandboxes.aodocs.faults.clear();
    const body = JSON.stringify({ error: { code: 404, errors: [{ reason: 'notFound' }] } });
    failReads(jobyard, 'aodocs', { kind: 'answer', status: 404, body, applied: false });
    await untilResolved(id);
    expect(await readFollowUps(id)).toMatchObject([{ outcome: 'OUTCOME_UNKNOWN', message: expect.stringMatching(/list the job\.$/) }]);
    jobyard.sandboxes.aodocs.faults.clear();
    expect(await readJob(id)).toMatchObject({ cancellation: { resolvedAt: null, overdue: false, contradictingStatus: null } });
  });

  test('is overdue if the job was observed to be stopping and never stops', async () => {
    const { switches, state } = jobyard.sandboxes['veeva-vault'];
    switches.cancellingMs = 3_600_000;
    const id = `veeva-vault:${state.addJob({ frozen: true })}`;
    failAction(jobyard, 'veeva-vault', { kind: 'reset', applied: true });
    failReads(jobyard, 'veeva-vault', { kind: 'reset', applied: false });
    expect((await cancel(jobyard, [id])).results).toMatchObject([{ __typename: 'OutcomeUnknown' }]);
    jobyard.sandboxes['veeva-vault'].faults.clear();
    expect(await readJob(id)).toMatchObject({ status: 'CANCELLING', cancellation: { resolvedAt: null, overdue: false } });
    await expect.poll(async () => (await readJob(id)).cancellation.overdue, { timeout: 10_000, interval: 200 }).toBe(true);
  });

  test('is resolved without a contradiction if the job ends otherwise', async () => {
    const id = await cancelWithoutAnswer();
    jobyard.sandboxes.aodocs.state.changeJob(vendorIdOf(id), { status: 'COMPLETED' });
    jobyard.sandboxes.aodocs.faults.clear();
    await untilResolved(id);
    expect(await readJob(id)).toMatchObject({
      cancellation: { resolvedAt: expect.any(String), overdue: false, contradictingStatus: null },
      events: {
        nodes: [
          { outcome: 'ACTION_NOT_ALLOWED', message: expect.stringMatching(/^The job ended as SUCCEEDED before \w+ could cancel it\.$/) },
          { outcome: 'OUTCOME_UNKNOWN' },
        ],
      },
    });
  });
});

test('uses the last cancel that may have reached the vendor, not later rejections or dry runs', async () => {
  const id = addJob(jobyard, 'kylin');
  await cancel(jobyard, [id]);
  const before = (await readJob(id)).cancellation;
  await cancel(jobyard, [id]);
  await cancel(jobyard, [id], { dryRun: true });
  const { cancellation, events } = await readJob(id);
  expect(events.nodes.map(({ outcome }: Answer) => outcome)).toEqual(['ALREADY_DONE', 'CONFIRMED']);
  expect(cancellation).toEqual(before);
});
