import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Subject } from '../../src/conformance/check.ts';
import { checks } from '../../src/conformance/index.ts';
import { createClock } from '../../src/sandbox-kit/clock.ts';
import type { Sandbox } from '../../src/sandbox-kit/sandbox.ts';
import { vendors } from '../../src/vendors/index.ts';

describe.each(vendors)('the adapter of $title', ({ startSandbox, createAdapter, secrets }) => {
  let sandbox: Sandbox;
  let subject: Subject;

  beforeAll(async () => {
    sandbox = await startSandbox({ jobs: 60, clock: createClock({ frozen: true }), switches: { arrivals: false } });
    const transport = { timeoutMs: 5_000, concurrency: 4, maxResponseBytes: 32 * 1024 * 1024 };
    subject = {
      adapter: createAdapter({ id: 'checked', url: sandbox.url, transport }, sandbox.settings),
      createCall: () => ({ caller: 'test', signal: AbortSignal.timeout(10_000), credential: null }),
      secrets: secrets(sandbox.settings).filter((secret) => secret !== undefined),
      addOddRows: () => sandbox.addOddRows(),
    };
  });
  afterAll(async () => {
    await subject.adapter.close();
    await sandbox.close();
  });

  test.each(checks)('$statement ($id)', async ({ run }) => run(subject));
});
