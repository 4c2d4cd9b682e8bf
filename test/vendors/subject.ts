import type { Subject } from '../../src/conformance/check.ts';
import { createClock } from '../../src/sandbox-kit/clock.ts';
import type { Sandbox } from '../../src/sandbox-kit/sandbox.ts';
import type { Vendor } from '../../src/vendors/vendor.ts';

/** The subject of the conformance suite: a vendor's adapter on its sandbox, with a stopped clock. */
export async function startSubject({ startSandbox, createAdapter, secrets }: Vendor): Promise<{ subject: Subject; sandbox: Sandbox }> {
  const sandbox = await startSandbox({ jobs: 60, clock: createClock({ frozen: true }), switches: { arrivals: false } });
  const transport = { timeoutMs: 30_000, concurrency: 4, maxResponseBytes: 32 * 1024 * 1024 };
  const subject: Subject = {
    adapter: createAdapter({ id: 'checked', url: sandbox.url, transport }, sandbox.settings),
    createCall: () => ({ caller: 'test', signal: AbortSignal.timeout(60_000), credential: null }),
    secrets: secrets(sandbox.settings).filter((secret) => secret !== undefined),
    addOddRows: () => sandbox.addOddRows(),
    addJobsFor: (action, count) => sandbox.addJobsFor(action, count),
  };
  return { subject, sandbox };
}
