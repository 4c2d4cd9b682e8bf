import { expect, onTestFinished, test } from 'vitest';
import type { Fault } from '../../src/sandbox-kit/faults.ts';
import { cancel } from '../end-to-end/jobs.ts';
import { startWithSandboxes } from '../start.ts';
import { addActionableJob, factsOf, isCarriedOut } from './actionable-jobs.ts';
import { countSends, namedJobs } from './named-jobs.ts';
import { onArrival } from './on-arrival.ts';

test.each<[string, Fault]>([
  ['fails', { kind: 'answer', status: 429, applied: false }],
  ['takes the rest of the time', { kind: 'hang', applied: false }],
])(
  'jobs of a rejected batch are recorded as sent even if they are not sent once more because the first such request %s',
  async (_what, fault) => {
    const jobyard = await startWithSandboxes({
      jobs: 0,
      deadlineMs: 1500,
      change: (config) => ({ ...config, concurrency: 1, timeoutMs: 10_000 }),
    });
    onTestFinished(() => jobyard.close());
    const { sandboxes } = jobyard;
    // Two projects, so two requests; one job of each vanishes when its request arrives, which Kylin then rejects.
    const addTo = (otherProject: boolean): string => `kylin:${addActionableJob(sandboxes, 'kylin', 'cancel', otherProject)}`;
    const [first, firstLost, second, secondLost] = [addTo(false), addTo(false), addTo(true), addTo(true)];
    onArrival(sandboxes.kylin, (request) => {
      for (const id of namedJobs('kylin', request)) {
        if (id === firstLost || id === secondLost) sandboxes.kylin.state.removeJob(id.slice('kylin:'.length));
      }
    });
    sandboxes.kylin.faults.add({ fault, ...factsOf('kylin', 'cancel').place, skip: 2 });

    const { results } = await cancel(jobyard, [first, firstLost, second, secondLost]);
    const sends = countSends(sandboxes);
    expect([first, second].map((id) => sends.get(id))).toEqual([2, 1]);
    expect(results).toMatchObject([
      { __typename: fault.kind === 'hang' ? 'OutcomeUnknown' : 'SystemUnavailable' },
      { __typename: 'JobNotFound' },
      { __typename: 'SystemUnavailable', code: 'SYSTEM_UNAVAILABLE', message: expect.stringContaining('Rejected as part of a batch') },
      { __typename: 'JobNotFound' },
    ]);
    for (const id of [first, second]) expect(isCarriedOut(sandboxes, id, 'cancel')).toBe(false);
  },
);
