import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Subject } from '../../../src/conformance/check.ts';
import { checks } from '../../../src/conformance/index.ts';
import type { JobAction } from '../../../src/jobs/job.ts';
import { airflow } from '../../../src/vendors/airflow/index.ts';
import { connectToAirflow, whyNot } from './client.ts';
import { password, username } from './start.ts';

/** Two checks perform each action, on one job each, and a third one those that create jobs. */
const runsPerAction = 3;

describe.skipIf(whyNot !== null)(`the adapter of a real Airflow (${whyNot ?? '3.3.2'})`, () => {
  let subject: Subject;

  beforeAll(async () => {
    const client = await connectToAirflow();
    const running = await client.triggerMany('sleeps', runsPerAction);
    const succeeded = await client.triggerMany('maps', runsPerAction);
    const startable = await client.triggerMany('succeeds', runsPerAction);
    const failed = await client.triggerMany('fails', runsPerAction);
    const paused = await client.triggerMany('paused', runsPerAction);
    await Promise.all([
      ...running.map((id) => client.untilState(id, 'running')),
      ...[...succeeded, ...startable].map((id) => client.untilState(id, 'success')),
      ...failed.map((id) => client.untilState(id, 'failed')),
      ...paused.map((id) => client.untilState(id, 'queued')),
    ]);
    const pools: Partial<Record<JobAction, string[]>> = { CANCEL: running, RESTART: succeeded, RESUME: failed, START: startable };
    const settings = { username, password, cancellationNotes: true };
    const transport = { timeoutMs: 30_000, concurrency: 4, maxResponseBytes: 32 * 1024 * 1024 };
    subject = {
      adapter: airflow.createAdapter({ id: 'checked', url: client.url, transport }, settings),
      createCall: () => ({ caller: 'test', signal: AbortSignal.timeout(60_000), credential: null }),
      secrets: [password],
      addJobsFor: (action, count) => pools[action]?.splice(0, count) ?? [],
    };
  });
  afterAll(() => subject?.adapter.close());

  test.each(checks)('$statement ($id)', async ({ run }) => run(subject));
});
