import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/sandbox-kit/faults.ts';
import { addActionableJob, isCarriedOut } from '../faults/actionable-jobs.ts';
import { type FaultCase, faultCases, type Row, rows } from '../faults/matrix.ts';
import { countSends } from '../faults/named-jobs.ts';
import { readItems, startBulk, startBulkWorld, waitForEnd } from './start-bulk.ts';

interface AnswerFault extends FaultCase {
  by: { way: 'answer'; fault: Fault };
}

const isQuick = (fault: FaultCase): fault is AnswerFault =>
  fault.by.way === 'answer' && fault.by.fault.kind !== 'flood' && fault.retryAfterSeconds === undefined;
const faults = faultCases.filter(isQuick);
const retries = 2;

describe('an item of a bulk operation whose request meets a fault', () => {
  test.each(rows)('$system $action', { timeout: 120_000 }, async (row) => {
    const jobyard = await startBulkWorld({
      bulkRetry: { times: retries, delaySeconds: 0, maxDelaySeconds: 1 },
      change: (config) => ({ ...config, timeoutMs: 1_000 }),
    });
    const { sandboxes } = jobyard;
    // Logs in to Vault, so that the fault meets the action itself.
    await jobyard.query('{ jobSystems { health { status } } }');
    for (const fault of faults) {
      for (const times of [1, 'always'] as const) {
        const vendorId = addActionableJob(sandboxes, row.system, row.action);
        const id = `${row.system}:${vendorId}`;
        sandboxes[row.system].requests.clear();
        sandboxes[row.system].faults.add({ fault: fault.by.fault, ...row.place, times });
        const started = await startBulk(jobyard, { action: row.action.toUpperCase(), filter: { systemIds: [row.system], text: vendorId } });
        await waitForEnd(jobyard, started.id);
        sandboxes[row.system].faults.clear();

        const [item] = await readItems(jobyard, started.id);
        const truth = truthOf(row, fault, times);
        const seen = {
          status: item.status,
          result: item.result.__typename,
          sends: countSends(sandboxes).get(id),
          attempts: item.attempts,
        };
        expect({ fault: fault.name, times, ...seen }).toEqual({ fault: fault.name, times, ...truth.item });
        expect(isCarriedOut(sandboxes, id, row.action)).toBe(truth.isCarriedOut);
      }
    }
  });
});

/** The expected item if the fault meets its first request, or every request. */
function truthOf({ action, safeToRetry, creates }: Row, { proves, code }: FaultCase, times: 1 | 'always') {
  const success = action === 'cancel' ? 'CancelSuccess' : 'JobActionSuccess';
  const unknown = { status: 'UNKNOWN', result: 'OutcomeUnknown' };
  const succeeded = (tries: number) => ({
    item: { status: 'SUCCEEDED', result: success, sends: tries, attempts: tries },
    isCarriedOut: true,
  });
  switch (proves) {
    case 'carried out':
    case 'in doubt, done':
      return succeeded(1);
    case 'not carried out':
      // Only a person can correct the cause, so Jobyard doesn't retry.
      if (code === 'INVALID_VENDOR_RESPONSE')
        return { item: { status: 'FAILED', result: 'SystemUnavailable', sends: 1, attempts: 1 }, isCarriedOut: false };
      if (times === 1) return succeeded(2);
      return { item: { status: 'FAILED', result: 'SystemUnavailable', sends: 1 + retries, attempts: 1 + retries }, isCarriedOut: false };
    case 'in doubt, not done':
      // If a retry could do harm, Jobyard doesn't send the action again, however often it reads the job.
      if (!safeToRetry && !creates) return { item: { ...unknown, sends: 1, attempts: 1 }, isCarriedOut: false };
      if (times === 1) return succeeded(2);
      return { item: { ...unknown, sends: 1 + retries, attempts: 1 + retries }, isCarriedOut: false };
    default:
      throw new Error(`Not brought about by an answer: ${proves}`);
  }
}
