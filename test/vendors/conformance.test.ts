import { afterAll, beforeAll, describe, test } from 'vitest';
import type { OddRows, Subject } from '../../src/conformance/check.ts';
import { checks } from '../../src/conformance/index.ts';
import { createClock } from '../../src/sandbox-kit/clock.ts';
import type { Sandbox } from '../../src/sandbox-kit/sandbox.ts';
import { vendors } from '../../src/vendors/index.ts';

interface OddState {
  addJob(input: { odd: Record<string, unknown> }): string;
}

/** Adds a row for each of these, with the wire's fields as they are given. */
const addOdd = (sandbox: Sandbox, odd: readonly Record<string, unknown>[]) => {
  return odd.map((fields) => (sandbox.state as OddState).addJob({ odd: fields }));
};

/** By vendor: how its sandbox is made to list rows that break the vendor's contract. */
const addOddRows: Record<string, (sandbox: Sandbox) => OddRows> = {
  kinetica(sandbox) {
    addOdd(sandbox, [{ job_id: null }, { job_id: {} }]);
    return { readableIds: addOdd(sandbox, [{ status: null }, { auth_id: {} }, { endpoint_name: 7 }, { time_received: [] }]), withoutId: 2 };
  },
  aodocs(sandbox) {
    addOdd(sandbox, [{ jobId: null }, { jobId: {} }]);
    return { readableIds: addOdd(sandbox, [{ status: null }, { requestor: {} }, { type: 7 }, { startedAt: 'soon' }]), withoutId: 2 };
  },
};

describe.each(vendors)('the adapter of $title', ({ name, startSandbox, createAdapter }) => {
  let sandbox: Sandbox;
  let subject: Subject;

  beforeAll(async () => {
    sandbox = await startSandbox({ jobs: 60, clock: createClock({ frozen: true }), switches: { arrivals: false } });
    const transport = { timeoutMs: 5_000, concurrency: 4, maxResponseBytes: 32 * 1024 * 1024 };
    subject = {
      adapter: createAdapter({ id: 'checked', url: sandbox.url, transport }, sandbox.settings),
      createCall: () => ({ caller: 'test', signal: AbortSignal.timeout(10_000), credential: null }),
      secrets: Object.entries(sandbox.settings).flatMap(([key, value]) => (/password|code|token/i.test(key) ? [String(value)] : [])),
    };
    const addRows = addOddRows[name];
    if (addRows) subject = { ...subject, addOddRows: () => addRows(sandbox) };
  });
  afterAll(async () => {
    await subject.adapter.close();
    await sandbox.close();
  });

  test.each(checks)('$statement ($id)', async ({ run }) => run(subject));
});
