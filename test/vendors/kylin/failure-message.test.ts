import { expect, test } from 'vitest';
import { call, read, start } from './setup.ts';

test('the failure of a job is that of its step, in one line', async () => {
  const { sandbox, adapter } = await start();
  expect(adapter.getFailure).toBe('fromSteps');
  const job = await read(adapter, sandbox.state.addJob({ state: 'ERROR' }));
  const steps = await adapter.getSteps?.(job, call);
  const messages = steps?.ok ? steps.value?.flatMap(({ message, status }) => (message ? [[status, message]] : [])) : null;
  expect(messages).toEqual([['FAILED', expect.stringMatching(/^\S+: .+$/)]]);
});
