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

async function look(id: string): Promise<Answer> {
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

/** Polls the events alone, which reads no job: what settles the action is the follower. */
async function settlements(id: string): Promise<Answer[]> {
  const { data } = await jobyard.query(
    'query ($ids: [ID!]!) { jobEvents(filter: { jobIds: $ids, kind: FOLLOW_UP }) { nodes { outcome vendorStatus code message sent caller reason } } }',
    { ids: [id] },
  );
  return data.jobEvents.nodes;
}
const untilSettled = (id: string, count = 1) => expect.poll(() => settlements(id), { timeout: 15_000, interval: 100 }).toHaveLength(count);

const kineticaState = () => jobyard.sandboxes.kinetica.state;
const vendorIdOf = (id: string) => id.slice(id.indexOf(':') + 1);

/** A job that says yes to a cancel and goes on; its id. */
const addStubbornJob = () => `kinetica:${kineticaState().addJob({ ignoresCancel: true })}`;

test('a job without a cancel has none', async () => {
  expect(await look(addJob(jobyard, 'kinetica'))).toMatchObject({ cancellation: null, events: { nodes: [] } });
});

test('is resolved at once, without a follow-up, if the system confirmed it at once', async () => {
  const id = addJob(jobyard, 'kylin');
  await cancel(jobyard, [id]);
  const { cancellation } = await look(id);
  expect(cancellation).toMatchObject({ requestedBy: 'anonymous', reason: null, overdue: false, contradictingStatus: null });
  expect(Date.parse(cancellation.resolvedAt)).toBeGreaterThanOrEqual(Date.parse(cancellation.requestedAt));
});

describe('one that was accepted is followed', () => {
  test('until the job is cancelled', async () => {
    const id = addStubbornJob();
    await cancel(jobyard, [id]);
    expect(await look(id)).toMatchObject({
      status: 'RUNNING',
      cancellation: { resolvedAt: null, overdue: false, contradictingStatus: null },
    });
    kineticaState().changeJob(vendorIdOf(id), { status: 'CANCELLED' });
    await untilSettled(id);
    expect(await settlements(id)).toEqual([
      { outcome: 'CONFIRMED', vendorStatus: 'CANCELLED', code: null, message: null, sent: true, caller: 'anonymous', reason: null },
    ]);
    const { cancellation, events } = await look(id);
    expect(cancellation).toMatchObject({ resolvedAt: expect.any(String), overdue: false, contradictingStatus: null });
    expect(events.nodes.map(({ kind }: Answer) => kind)).toEqual(['FOLLOW_UP', 'ACTION']);
  });

  test('until the job ends otherwise, which contradicts it', async () => {
    const id = addStubbornJob();
    await cancel(jobyard, [id]);
    kineticaState().changeJob(vendorIdOf(id), { status: 'DONE' });
    await untilSettled(id);
    expect(await settlements(id)).toMatchObject([
      { outcome: 'CONTRADICTED', code: 'WRONG_STATUS', message: 'kinetica accepted the cancel, but the job ended as SUCCEEDED.' },
    ]);
    expect(await look(id)).toMatchObject({
      cancellation: { resolvedAt: expect.any(String), overdue: false, contradictingStatus: 'SUCCEEDED' },
    });
  });

  test('after its time limit: is overdue, is contradicted by a job that continues, and is resolved when the job ends', async () => {
    const id = addStubbornJob();
    await cancel(jobyard, [id]);
    await untilSettled(id);
    expect(await settlements(id)).toMatchObject([
      { outcome: 'CONTRADICTED', code: 'VENDOR_REJECTED', message: 'kinetica accepted the cancel, but the job is still RUNNING.' },
    ]);
    expect(await look(id)).toMatchObject({ cancellation: { resolvedAt: null, overdue: true, contradictingStatus: 'RUNNING' } });
    kineticaState().changeJob(vendorIdOf(id), { status: 'CANCELLED' });
    await untilSettled(id, 2);
    expect(await look(id)).toMatchObject({ cancellation: { resolvedAt: expect.any(String), overdue: false, contradictingStatus: null } });
  });

  test('on Veeva Vault: a job that never leaves CANCELLING is overdue, however often it is read', async () => {
    const { switches } = jobyard.sandboxes['veeva-vault'];
    switches.cancellingMs = 3_600_000;
    const id = addJob(jobyard, 'veeva-vault');
    await cancel(jobyard, [id]);
    await expect.poll(async () => (await look(id)).cancellation.overdue, { timeout: 15_000, interval: 100 }).toBe(true);
    expect(await look(id)).toMatchObject({ status: 'CANCELLING', cancellation: { resolvedAt: null, contradictingStatus: null } });
    expect(await settlements(id)).toEqual([]);
  });
});

describe('one that was not sent, as the job was being cancelled already, is followed, too', () => {
  beforeAll(() => {
    jobyard.sandboxes.kinetica.switches.stoppingWord = 'CANCELLING';
  });
  const addStoppingJob = () => `kinetica:${kineticaState().addJob({ status: 'CANCELLED', running: true })}`;

  test('until the job is cancelled', async () => {
    const id = addStoppingJob();
    await cancel(jobyard, [id]);
    expect((await look(id)).events.nodes).toMatchObject([{ kind: 'ACTION', outcome: 'ACCEPTED', sent: false }]);
    kineticaState().changeJob(vendorIdOf(id), { status: 'CANCELLED', running: false });
    await untilSettled(id);
    expect(await settlements(id)).toMatchObject([{ outcome: 'CONFIRMED', sent: false }]);
  });

  test('until the job ends otherwise', async () => {
    const id = addStoppingJob();
    await cancel(jobyard, [id]);
    kineticaState().changeJob(vendorIdOf(id), { status: 'DONE', running: false });
    await untilSettled(id);
    expect(await settlements(id)).toMatchObject([{ outcome: 'CONTRADICTED', sent: false }]);
    // Nothing of it reached the vendor.
    expect((await look(id)).cancellation).toBeNull();
  });
});

test('uses the copy in the same response, which may be newer than the events', async () => {
  const id = addStubbornJob();
  await cancel(jobyard, [id]);
  kineticaState().changeJob(vendorIdOf(id), { status: 'DONE' });
  const { status, cancellation, events } = await look(id);
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
    expect(await settlements(id)).toEqual([]);
    return id;
  }

  test('is resolved when the job is observed to be canceled', async () => {
    const id = await cancelWithoutAnswer();
    jobyard.sandboxes.aodocs.state.changeJob(vendorIdOf(id), { status: 'CANCELLED' });
    jobyard.sandboxes.aodocs.faults.clear();
    await untilSettled(id);
    expect(await look(id)).toMatchObject({
      cancellation: { resolvedAt: expect.any(String), overdue: false, contradictingStatus: null },
      events: { nodes: [{ outcome: 'CONFIRMED' }, { outcome: 'OUTCOME_UNKNOWN', sent: true }] },
    });
  });

  test('is overdue if the job was observed to be stopping and never stops', async () => {
    const { switches, state } = jobyard.sandboxes['veeva-vault'];
    switches.cancellingMs = 3_600_000;
    const id = `veeva-vault:${state.addJob({ frozen: true })}`;
    failAction(jobyard, 'veeva-vault', { kind: 'reset', applied: true });
    failReads(jobyard, 'veeva-vault', { kind: 'reset', applied: false });
    expect((await cancel(jobyard, [id])).results).toMatchObject([{ __typename: 'OutcomeUnknown' }]);
    jobyard.sandboxes['veeva-vault'].faults.clear();
    expect(await look(id)).toMatchObject({ status: 'CANCELLING', cancellation: { resolvedAt: null, overdue: false } });
    await expect.poll(async () => (await look(id)).cancellation.overdue, { timeout: 10_000, interval: 200 }).toBe(true);
  });

  test('is resolved without a contradiction if the job ends otherwise', async () => {
    const id = await cancelWithoutAnswer();
    jobyard.sandboxes.aodocs.state.changeJob(vendorIdOf(id), { status: 'COMPLETED' });
    jobyard.sandboxes.aodocs.faults.clear();
    await untilSettled(id);
    expect(await look(id)).toMatchObject({
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
  const before = (await look(id)).cancellation;
  await cancel(jobyard, [id]);
  await cancel(jobyard, [id], { dryRun: true });
  const { cancellation, events } = await look(id);
  expect(events.nodes.map(({ outcome }: Answer) => outcome)).toEqual(['ALREADY_DONE', 'CONFIRMED']);
  expect(cancellation).toEqual(before);
});
