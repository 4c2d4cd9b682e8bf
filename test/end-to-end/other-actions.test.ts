import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';
import { act, addEndedJob, addJob, countActions, countRequests, unknownIds } from './jobs.ts';

let jobyard: WithSandboxes;
beforeEach(async () => {
  jobyard = await startWithSandboxes({ jobs: 0 });
});
afterEach(() => jobyard.close());

const actions = ['pause', 'resume', 'restart', 'start'] as const;

describe("an action that a vendor doesn't support", () => {
  const pairs = actions.flatMap((action) =>
    systemNames.filter((system) => !subjects[system].actions[action]).map((system) => ({ action, system })),
  );

  test.each(pairs)(
    '$action on $system: ACTION_NOT_SUPPORTED, also as a dry run, and the vendor is not called',
    async ({ action, system }) => {
      const id = addJob(jobyard, system);
      for (const dryRun of [false, true]) {
        const { results, summary } = await act(jobyard, action, [id], dryRun);
        expect(results).toMatchObject([{ __typename: 'ActionNotAllowed', jobId: id, code: 'ACTION_NOT_SUPPORTED', retryable: false }]);
        expect(summary).toEqual({ requested: 1, succeeded: 0, failed: 1, unknown: 0 });
      }
      expect(countRequests(jobyard, system)).toBe(0);
    },
  );

  test("doesn't affect the same action of another vendor", async () => {
    const ids = systemNames.map((system) => addJob(jobyard, system));
    const paused = { __typename: 'JobActionSuccess', action: 'PAUSE', outcome: 'CONFIRMED', job: { status: 'PAUSED' } };
    const { results } = await act(jobyard, 'pause', [...ids, 'nonsense', 'nobody:1', unknownIds.kylin]);
    expect(results).toMatchObject([
      ...systemNames.map((system) => (subjects[system].actions.pause ? paused : { code: 'ACTION_NOT_SUPPORTED' })),
      { code: 'INVALID_ID' },
      { code: 'SYSTEM_NOT_FOUND' },
      { code: 'JOB_NOT_FOUND' },
    ]);
  });
});

describe('Kylin', () => {
  test('a job is paused, resumed, and restarted, and each result shows it', async () => {
    const id = addJob(jobyard, 'kylin');
    const { state } = jobyard.sandboxes.kylin;
    const truth = () => state.getJob(id.slice('kylin:'.length));
    for (const [action, status, kylinState] of [
      ['pause', 'PAUSED', 'PAUSED'],
      ['resume', 'QUEUED', 'READY'],
    ] as const) {
      const { results } = await act(jobyard, action, [id]);
      expect(results).toMatchObject([{ __typename: 'JobActionSuccess', action: action.toUpperCase(), job: { status } }]);
      expect(truth()?.state).toBe(kylinState);
    }
    state.changeJob(id.slice('kylin:'.length), { state: 'RUNNING', createTime: Date.now() - 60_000 });
    const { results } = await act(jobyard, 'restart', [id]);
    expect(results).toMatchObject([{ __typename: 'JobActionSuccess', action: 'RESTART', job: { status: 'QUEUED' } }]);
    expect(truth()?.createTime).toBeGreaterThan(Date.now() - 30_000);
    expect(countActions(jobyard, 'kylin')).toBe(3);
  });

  test.each([
    ['pause', 'PAUSED', "Can't pause a PAUSED job. Pause requires QUEUED or RUNNING."],
    ['resume', 'RUNNING', "Can't resume a RUNNING job. Resume requires PAUSED or FAILED."],
    ['restart', 'SUCCEED', "Can't restart a SUCCEEDED job. Restart requires RUNNING, PAUSED, or FAILED."],
  ] as const)('%s of a job that is %s: WRONG_STATUS, and nothing is sent', async (action, state, message) => {
    const id = `kylin:${jobyard.sandboxes.kylin.state.addJob({ state })}`;
    const { results } = await act(jobyard, action, [id]);
    expect(results).toMatchObject([{ __typename: 'ActionNotAllowed', code: 'WRONG_STATUS', message }]);
    expect(countActions(jobyard, 'kylin')).toBe(0);
  });

  test.each(['pause', 'restart'] as const)('a dry run of %s sends nothing', async (action) => {
    const { results } = await act(jobyard, action, [addJob(jobyard, 'kylin'), addEndedJob(jobyard, 'kylin')], true);
    expect(results).toMatchObject([
      { __typename: 'JobActionSuccess', action: action.toUpperCase(), outcome: 'DRY_RUN_PASSED', job: { status: 'RUNNING' } },
      { __typename: 'ActionNotAllowed', code: 'WRONG_STATUS' },
    ]);
    expect(countActions(jobyard, 'kylin')).toBe(0);
  });

  test('jobs of several projects are changed with one request per project', async () => {
    const { state } = jobyard.sandboxes.kylin;
    const ids = ['retail', 'sales', 'retail'].map((project) => `kylin:${state.addJob({ state: 'RUNNING', project })}`);
    const { summary } = await act(jobyard, 'pause', ids);
    expect(summary.succeeded).toBe(3);
    expect(countActions(jobyard, 'kylin')).toBe(2);
  });
});

describe('Veeva Vault', () => {
  const addScheduled = () => `veeva-vault:${jobyard.sandboxes['veeva-vault'].state.addJob({ status: 'SCHEDULED' })}`;

  test('a scheduled job is started once', async () => {
    const id = addScheduled();
    const { results, summary } = await act(jobyard, 'start', [id, id]);
    expect(results).toMatchObject([
      { __typename: 'JobActionSuccess', action: 'START', outcome: 'CONFIRMED', job: { status: 'QUEUED' } },
      { jobId: id },
    ]);
    expect(summary).toEqual({ requested: 2, succeeded: 2, failed: 0, unknown: 0 });
    expect(countActions(jobyard, 'veeva-vault')).toBe(1);
  });

  test("a job that isn't scheduled isn't started", async () => {
    const { results } = await act(jobyard, 'start', [addEndedJob(jobyard, 'veeva-vault')]);
    expect(results).toMatchObject([{ __typename: 'ActionNotAllowed', code: 'WRONG_STATUS' }]);
    expect(countActions(jobyard, 'veeva-vault')).toBe(0);
  });

  test('a dry run of a start sends nothing', async () => {
    const { results } = await act(jobyard, 'start', [addScheduled()], true);
    expect(results).toMatchObject([{ __typename: 'JobActionSuccess', outcome: 'DRY_RUN_PASSED', job: { status: 'SCHEDULED' } }]);
    expect(countActions(jobyard, 'veeva-vault')).toBe(0);
  });
});
