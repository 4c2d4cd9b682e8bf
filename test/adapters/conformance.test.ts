import { afterAll, beforeAll, describe, test } from 'vitest';
import { vendors } from '../../src/adapters/index.ts';
import type { Subject } from '../../src/conformance/check.ts';
import { checks } from '../../src/conformance/index.ts';
import { createClock } from '../../src/sandbox/clock.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

describe.each(vendors)('the adapter of $title', ({ startSandbox, createAdapter }) => {
  let sandbox: Sandbox;
  let subject: Subject;

  beforeAll(async () => {
    sandbox = await startSandbox({ jobs: 60, clock: createClock({ frozen: true }), switches: { arrivals: false } });
    const transport = { timeoutMs: 5_000, concurrency: 4, maxAnswerBytes: 32 * 1024 * 1024 };
    subject = {
      adapter: createAdapter({ id: 'checked', url: sandbox.url, transport }, sandbox.settings),
      createCall: () => ({ signal: AbortSignal.timeout(10_000), credential: null }),
      secrets: Object.entries(sandbox.settings).flatMap(([key, value]) => (/password|code|token/i.test(key) ? [String(value)] : [])),
    };
  });
  afterAll(async () => {
    await subject.adapter.close();
    await sandbox.close();
  });

  test.each(checks)('$statement ($id)', async ({ run }) => run(subject));
});
