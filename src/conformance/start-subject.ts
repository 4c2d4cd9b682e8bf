import { createClock } from '../sandbox-kit/clock.ts';
import type { RunningSandbox, SandboxOptions } from '../sandbox-kit/sandbox.ts';
import type { Vendor } from '../vendors/vendor.ts';
import type { Subject } from './check.ts';

/** What is needed of a vendor that has a sandbox. */
export interface SubjectVendor<Started extends RunningSandbox> extends Pick<Vendor, 'createAdapter' | 'secrets'> {
  startSandbox(options?: SandboxOptions<unknown>): Promise<Started>;
}

/** A vendor's adapter on its sandbox. Close both after the checks. */
export interface StartedSubject<Started extends RunningSandbox> {
  subject: Subject;
  sandbox: Started;
}

/** Starts a vendor's sandbox with 60 jobs, a stopped clock, and the switch `arrivals` off, and connects the adapter to it. */
export async function startSubject<Started extends RunningSandbox>(vendor: SubjectVendor<Started>): Promise<StartedSubject<Started>> {
  const sandbox = await vendor.startSandbox({ jobs: 60, clock: createClock({ frozen: true }), switches: { arrivals: false } });
  const transport = { timeoutMs: 30_000, concurrency: 4, maxResponseBytes: 32 * 1024 * 1024 };
  const subject: Subject = {
    adapter: vendor.createAdapter({ id: 'checked', url: sandbox.url, transport }, sandbox.settings),
    createCall: () => ({ caller: 'conformance', signal: AbortSignal.timeout(60_000), credential: null }),
    secrets: vendor.secrets(sandbox.settings).filter((secret) => secret !== undefined),
    addJobsFor: (action, count) => sandbox.addJobsFor(action, count),
    ...(sandbox.addOddRows && { addOddRows: () => sandbox.addOddRows?.() ?? { readableIds: [], withoutId: 0 } }),
  };
  return { subject, sandbox };
}
