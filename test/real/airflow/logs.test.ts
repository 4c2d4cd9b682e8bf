import { beforeAll, describe, expect, it } from 'vitest';
import { createJob } from '../../../src/jobs/create-job.ts';
import { call, connect, minuteMs, read } from '../../vendors/airflow/setup.ts';
import { createReadLog, readMessages } from '../../vendors/read-log.ts';
import type { ReadableAdapter } from '../../vendors/readable-adapter.ts';
import { connectToAirflow, type RealClient, until, whyNot } from './client.ts';
import { password, username } from './start.ts';

describe.skipIf(whyNot !== null)(`logs, outputs, and tags of a real Airflow (${whyNot ?? '3.3.2'})`, { timeout: 3 * minuteMs }, () => {
  let client: RealClient;
  const start = (): ReadableAdapter => connect(client.url, { username, password, cancellationNotes: true });

  beforeAll(async () => {
    client = await connectToAirflow();
  });

  it('have the exception of a task with its stack trace, and no lines about files', async () => {
    const id = await client.trigger('fails');
    await client.untilState(id, 'failed');
    const readLog = createReadLog(start());
    const page = await readLog(id, { first: 500 });
    expect(page).toMatchObject({ problem: null, hasNextPage: false });
    const messages = (page?.lines ?? []).map(({ message }) => message);
    expect(messages.filter((message) => /^::(?:end)?group::|\.log$/.test(message))).toEqual([]);
    const errors = (await readLog(id, { minSeverity: 'ERROR' }))?.lines ?? [];
    expect(errors).toContainEqual(
      expect.objectContaining({
        severity: 'ERROR',
        stepId: 'load',
        loggedAt: expect.any(Date),
        message: expect.stringMatching(/^Traceback \(most recent call last\):\n[\s\S]*^ValueError: column total is missing$/m),
      }),
    );
    for (const first of [1, 3]) expect(await readMessages(readLog, id, { first })).toEqual(messages);
  });

  it('have all tries of a task', async () => {
    const id = await client.trigger('retries');
    await client.untilState(id, 'success');
    const messages = await readMessages(createReadLog(start()), id, { stepId: 'again', first: 7 });
    expect(messages.filter((message) => message.includes('RuntimeError: first try'))).toHaveLength(1);
    // The last try, and that alone.
    expect(await readMessages(createReadLog(start()), id)).not.toContainEqual(expect.stringContaining('first try'));
  });

  it('of a running task end for now, and continue later without gap or repeat', async () => {
    const id = await client.trigger('sleeps', { seconds: 8 });
    await client.untilTask(id, 'rest', 'running');
    const readLog = createReadLog(start());
    await until('the first lines', async () => ((await readLog(id))?.lines.length ? true : null));
    const first = await readLog(id);
    expect(first?.hasNextPage).toBe(false);
    await client.untilState(id, 'success');
    const rest = await readMessages(readLog, id, { after: first?.endCursor() ?? null });
    const whole = await readMessages(readLog, id);
    expect([...(first?.lines ?? []).map(({ message }) => message), ...rest]).toEqual(whole);
  });

  it('of a task that has not started are null', async () => {
    expect(await createReadLog(start())(await client.trigger('paused'), { stepId: 'never' })).toBeNull();
  });

  it('have the return values of tasks as outputs', async () => {
    const id = await client.trigger('succeeds');
    const mapped = await client.trigger('maps');
    await client.untilState(id, 'success');
    await client.untilState(mapped, 'success');
    const adapter = start();
    const outputsOf = async (vendorId: string) => {
      const job = createJob('flow', await read(adapter, vendorId), new Date());
      const outputs = await adapter.getOutputs?.(job, call);
      return outputs?.ok ? outputs.value : outputs;
    };
    expect(await outputsOf(id)).toEqual([{ name: 'return_value', stepId: 'copy', value: 'copied' }]);
    expect(await outputsOf(mapped)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((value, index) => ({ name: 'return_value', stepId: `part/${index}`, value })),
    );
  });

  it('have the tags of the DAG', async () => {
    const adapter = start();
    const job = createJob('flow', await read(adapter, await client.trigger('paused')), new Date());
    expect(await adapter.readLeftOut?.([job], call)).toMatchObject([{ kind: 'job', job: { tags: ['stopped'] } }]);
  });
});
