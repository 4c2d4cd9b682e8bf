import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Subject, Violation } from '../../src/conformance/check.ts';
import { checks } from '../../src/conformance/index.ts';
import type { JobSystemAdapter } from '../../src/jobs/adapter.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { kinetica } from '../../src/vendors/kinetica/index.ts';
import { veevaVault } from '../../src/vendors/veeva-vault/index.ts';
import { startSubject } from '../vendors/subject.ts';

let clusters: Awaited<ReturnType<typeof startSubject>>;
let vaults: Awaited<ReturnType<typeof startSubject>>;

beforeAll(async () => {
  [clusters, vaults] = await Promise.all([startSubject(kinetica), startSubject(veevaVault)]);
});
afterAll(async () => {
  for (const { subject, sandbox } of [clusters, vaults]) {
    await subject.adapter.close();
    await sandbox.close();
  }
});

/** Runs one check on this adapter with some of it changed. */
async function check(id: string, subject: Subject, change: (honest: JobSystemAdapter) => Partial<JobSystemAdapter>): Promise<void> {
  const { run } = checks.find((candidate) => candidate.id === id) ?? {};
  if (!run) throw new Error(`No check ${id}`);
  await run({ ...subject, adapter: { ...subject.adapter, ...change(subject.adapter) } });
}

describe('an adapter fails the suite if it', () => {
  test('accepts an action and sends nothing', async () => {
    const lie = check('act.effect', clusters.subject, () => ({
      performAction: async (_action, targets) => targets.map(() => ({ kind: 'accepted', job: null })),
    }));
    await expect(lie).rejects.toThrow(/^CANCEL of \d+: accepted without effect; the job was QUEUED and is QUEUED$/);
    await expect(lie).rejects.toBeInstanceOf(Violation);
  });

  test('accepts an action for all jobs but sends it for some', async () => {
    const lie = check('act.effect', clusters.subject, ({ performAction }) => ({
      async performAction(action, targets, call) {
        const [first, ...responses] = await performAction(action, targets.slice(1), call);
        return first ? [first, first, ...responses] : [];
      },
    }));
    await expect(lie).rejects.toThrow(/accepted without effect/);
  });

  test('reports an effect that only its own response shows', async () => {
    const lie = check('act.effect', clusters.subject, () => ({
      async performAction(_action, targets) {
        return targets.map(({ job }) => ({ kind: 'accepted', job: job && { ...job, status: 'CANCELLED' } }));
      },
    }));
    await expect(lie).rejects.toThrow(/accepted without effect/);
  });

  test('names more jobs in a request than the vendor accepts', async () => {
    const boast = check('act.limit', vaults.subject, ({ actions }) => ({
      actions: { ...actions, CANCEL: { ...actions.CANCEL, maxBatchSize: 501, requestSize: 501 } },
    }));
    await expect(boast).rejects.toThrow(/^CANCEL of \d+, 501 in one call: (?:batchR|r)ejected: /);
  });

  test("declares an action on jobs that its vendor doesn't have", async () => {
    const boast = check('act.effect', clusters.subject, ({ actions }) => ({ actions: { ...actions, PAUSE: actions.CANCEL } }));
    await expect(boast).rejects.toThrow('PAUSE: supported, but the sandbox has 0 jobs for it');
  });

  test('declares counts that its responses lack', async () => {
    const boast = check('list.counts', clusters.subject, ({ listJobs }) => ({
      listJobs: (query) => listJobs(query).map((list) => ({ ...list, counts: true })),
    }));
    await expect(boast).rejects.toThrow(/^jobs, \{"statuses":null\}: counts null jobs and lists \d+$/);
  });

  test('reads fewer jobs in a call than it declares', async () => {
    const problem = createProblem('INVALID_VENDOR_RESPONSE', 'Too many.');
    const boast = check('get.limit', clusters.subject, ({ getJobs }) => ({
      getJobs: async (ids, call) =>
        ids.length > 100 ? ids.map(() => ({ kind: 'problem', problem })) : ((await getJobs?.(ids, call)) ?? []),
    }));
    await expect(boast).rejects.toThrow(/^\d+ in one call: Too many\.$/);
  });
});

const readChecks = checks.filter(({ id }) => id.startsWith('get.') || id === 'act.effect');

test.each(readChecks)('an adapter of a vendor without reads by id passes $id', async ({ run }) => {
  const { getJobs: _none, ...adapter } = clusters.subject.adapter;
  await run({ ...clusters.subject, adapter });
});
