import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallContext } from 'jobyard/adapter';
import vendor from '../src/index.ts';
import { startNightrunSandbox } from '../src/sandbox/index.ts';

const call: CallContext = { caller: 'test', signal: AbortSignal.timeout(30_000), credential: null };

/** The adapter on a sandbox without jobs. */
async function start() {
  const sandbox = await startNightrunSandbox({ jobs: 0, switches: { arrivals: false } });
  const transport = { timeoutMs: 1_000, concurrency: 4, maxResponseBytes: 1_000_000 };
  const adapter = vendor.createAdapter({ id: 'nightrun', url: sandbox.url, transport }, sandbox.settings);
  const stop = async (vendorId: string) => (await adapter.performAction('CANCEL', [{ vendorId, job: null }], call))[0];
  const close = async () => {
    await adapter.close();
    await sandbox.close();
  };
  return { sandbox, stop, close };
}

test('a waiting run is stopped at once, a running one later', async () => {
  const { sandbox, stop, close } = await start();
  const waiting = await stop(sandbox.state.add({ state: 'waiting' }));
  assert.equal(waiting?.kind === 'accepted' && waiting.job?.status, 'CANCELLED');
  const running = await stop(sandbox.state.add({ state: 'running' }));
  assert.equal(running?.kind === 'accepted' && running.job?.status, 'CANCELLING');
  await close();
});

test('a run that has ended is rejected, and a run that does not exist is not found', async () => {
  const { sandbox, stop, close } = await start();
  const ended = await stop(sandbox.state.add({ state: 'done', endedAtMs: Date.now() }));
  assert.deepEqual(ended, {
    kind: 'rejected',
    vendorCode: 'not_stoppable',
    problem: {
      code: 'VENDOR_REJECTED',
      message: 'nightrun rejected the request (HTTP 409): "The run is done.".',
      retryable: false,
      retryAfterSeconds: null,
    },
  });
  assert.deepEqual(await stop('run-7'), { kind: 'notFound' });
  await close();
});

test('a lost response is inconclusive, and a full server has performed nothing', async () => {
  const { sandbox, stop, close } = await start();
  const id = sandbox.state.add({ state: 'running' });
  sandbox.faults.add({ fault: { kind: 'reset', applied: true } });
  assert.equal((await stop(id))?.kind, 'inconclusive');
  sandbox.faults.add({ fault: { kind: 'answer', status: 429, applied: false } });
  assert.equal((await stop(id))?.kind, 'notSent');
  await close();
});
