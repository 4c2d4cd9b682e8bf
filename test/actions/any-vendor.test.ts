import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { performAction } from '../../src/actions/perform-action.ts';
import type { ActionResponse } from '../../src/jobs/adapter.ts';
import type { JobStatus } from '../../src/jobs/job.ts';
import { callOf, down, jobFields } from '../jobs/memory-adapter.ts';
import { batchSupport, connect, refusal, together } from './statuses-vendor.ts';

describe('for any behavior of a vendor', () => {
  const kinds = ['accepted', 'lost before', 'lost after', 'refused', 'refused though done', 'together', 'absent', 'not sent'] as const;
  const supports = fc.record({
    requestSize: fc.integer({ min: 1, max: 4 }),
    readBeforeAction: fc.boolean(),
    unchangedOutcome: fc.constantFrom('ACCEPTED' as const, 'VENDOR_REJECTED' as const),
  });
  const statuses = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,2}$/),
    fc.constantFrom<JobStatus[]>('RUNNING', 'QUEUED', 'SUCCEEDED', 'CANCELLED', 'CANCELLING', 'FAILED'),
    {
      maxKeys: 8,
      noNullPrototype: true,
    },
  );
  const plans = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 8 });
  const readFailures = fc.uniqueArray(fc.nat({ max: 20 }), { maxLength: 4 });

  test('each job has one true result, and is sent once, or twice after a rejected batch', async () => {
    await fc.assert(
      fc.asyncProperty(
        statuses,
        supports,
        plans,
        readFailures,
        fc.integer({ min: 1, max: 3 }),
        async (initial, overrides, plan, failing, concurrency) => {
          let turn = 0;
          let readCount = 0;
          let stopped = false;
          let sentAfterStop = 0;
          const innocent = new Set<string>();
          const vendor = connect(
            initial,
            { ...batchSupport, ...overrides },
            {
              concurrency,
              answerRead: (id) => {
                if (failing.includes(readCount++)) return { kind: 'problem', problem: down };
                const status = vendor.jobs.get(id);
                return status ? { kind: 'job', job: jobFields(id, { status }) } : { kind: 'notFound' };
              },
              answerAction: async (_action, targets): Promise<ActionResponse[]> => {
                if (stopped) sentAfterStop += 1;
                const kind = plan[turn++ % plan.length];
                // A vendor cancels only unfinished jobs.
                const done = () => {
                  for (const { vendorId } of targets) {
                    if (['RUNNING', 'QUEUED'].includes(vendor.jobs.get(vendorId) ?? '')) vendor.jobs.set(vendorId, 'CANCELLED');
                  }
                };
                await Promise.resolve();
                return targets.map(({ vendorId }): ActionResponse => {
                  switch (kind) {
                    case 'accepted':
                      done();
                      return { kind: 'accepted', job: null };
                    case 'lost after':
                      done();
                      return { kind: 'inconclusive', problem: down };
                    case 'lost before':
                      return { kind: 'inconclusive', problem: down };
                    case 'refused though done':
                      done();
                      return { kind: 'rejected', problem: refusal, vendorCode: null };
                    case 'together':
                      innocent.add(vendorId);
                      return targets.length > 1 ? together : { kind: 'rejected', problem: refusal, vendorCode: null };
                    case 'absent':
                      return vendor.jobs.has(vendorId) ? { kind: 'rejected', problem: refusal, vendorCode: null } : { kind: 'notFound' };
                    case 'not sent':
                      stopped = true;
                      return { kind: 'notSent', problem: down };
                    default:
                      return { kind: 'rejected', problem: refusal, vendorCode: null };
                  }
                });
              },
            },
          );
          const ids = [...Object.keys(initial), 'missing', 'missing too'];
          const results = await performAction(vendor.system, 'CANCEL', ids, { dryRun: false }, callOf());

          expect([...results.keys()].sort()).toEqual([...ids].sort());
          const times = new Map<string, number>();
          for (const id of vendor.sent.flat()) times.set(id, (times.get(id) ?? 0) + 1);
          for (const [id, count] of times) expect(count).toBeLessThanOrEqual(innocent.has(id) ? 2 : 1);
          for (const ofRequest of vendor.sent) expect(ofRequest.length).toBeLessThanOrEqual(overrides.requestSize);
          if (concurrency === 1) expect(sentAfterStop).toBe(0);
          for (const [id, result] of results) {
            const now = vendor.jobs.get(id);
            if (result.outcome === 'CONFIRMED') expect(now).toBe('CANCELLED');
            if (result.outcome === 'ALREADY_DONE') expect(now).toBe('CANCELLED');
            if (result.outcome === 'JOB_GONE') expect(now).toBeUndefined();
            if (result.outcome === 'ACCEPTED' && overrides.unchangedOutcome === 'VENDOR_REJECTED') expect(now).toBe('CANCELLING');
            if (result.outcome === 'JOB_NOT_FOUND') expect(now).toBeUndefined();
            if (result.outcome === 'ACTION_NOT_ALLOWED') expect(['SUCCEEDED', 'FAILED']).toContain(now);
            if (result.outcome === 'NOT_ATTEMPTED' || result.outcome === 'SYSTEM_UNAVAILABLE') expect(now).toBe(initial[id]);
            if (result.outcome === 'NOT_ATTEMPTED' && !innocent.has(id)) expect(times.has(id)).toBe(false);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
