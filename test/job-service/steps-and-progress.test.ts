import { describe, expect, test } from 'vitest';
import { createJob } from '../../src/jobs/create-job.ts';
import type { JobStep } from '../../src/jobs/job.ts';
import { createProblem, succeed } from '../../src/jobs/problem.ts';
import { jobFields } from '../jobs/memory-adapter.ts';
import { begin, connect } from './begin.ts';

describe('steps and progress', () => {
  const job = createJob('a', jobFields('1', { progress: undefined }), new Date(0));

  test('are read once for each job, and fail alone', async () => {
    const asked: string[] = [];
    const problem = createProblem('RATE_LIMITED', 'Later.');
    const a = connect(
      'a',
      {},
      {
        getSteps: async ({ vendorId }) => {
          asked.push(vendorId);
          return vendorId === '1' ? succeed([]) : { ok: false, problem };
        },
      },
    );
    const { loadSteps } = begin([a.system]);
    const other = createJob('a', jobFields('2'), new Date(0));
    expect(await Promise.all([loadSteps(job), loadSteps(other), loadSteps(job)])).toEqual([
      succeed([]),
      { ok: false, problem },
      succeed([]),
    ]);
    expect(asked).toEqual(['1', '2']);
  });

  test('are null if the vendor has none', async () => {
    const { loadSteps, loadProgress } = begin([connect('a', {}).system]);
    expect(await loadSteps(job)).toEqual(succeed(null));
    expect(await loadProgress(job)).toEqual(succeed(null));
  });

  test('are bounded, whatever the vendor returns', async () => {
    const times = { startedAt: null, finishedAt: null, durationSeconds: null, waitSeconds: null };
    const step = {
      id: '1',
      name: 'a\ud83d',
      status: 'FAILED',
      vendorStatus: null,
      ...times,
      failureCode: null,
      advice: null,
      substeps: [],
      links: [],
    } as const;
    const a = connect(
      'a',
      {},
      {
        getSteps: async () => succeed([{ ...step, message: 'x'.repeat(3000) }]),
        getProgress: async () => succeed({ fraction: 2, succeededTasks: -1, failedTasks: 0, remainingTasks: 2 ** 40 }),
        getFailure: async () => succeed({ message: `${'x'.repeat(298)}😀😀`, code: 'a\ud83d', advice: 'y'.repeat(3000), step: null }),
      },
    );
    const { loadSteps, loadProgress, loadFailure } = begin([a.system]);
    expect(await loadSteps(job)).toEqual(succeed([{ ...step, name: 'a\ufffd', message: `${'x'.repeat(1999)}…` }]));
    expect(await loadProgress(job)).toEqual(succeed({ fraction: 1, succeededTasks: null, failedTasks: 0, remainingTasks: null }));
    const failure = { message: `${'x'.repeat(298)}…`, code: 'a\ufffd', advice: `${'y'.repeat(1999)}…`, step: null };
    expect(await loadFailure({ ...job, status: 'FAILED' })).toEqual(succeed(failure));
  });

  test('of a failure are one line, and are read for FAILED jobs only', async () => {
    const asked: string[] = [];
    const a = connect(
      'a',
      {},
      {
        getFailure: async ({ vendorId }) => {
          asked.push(vendorId);
          return succeed({ message: vendorId === '1' ? ` a\n\tb${'x'.repeat(400)}` : ' \n', code: 'E1', advice: null, step: null });
        },
      },
    );
    const { loadFailure } = begin([a.system]);
    expect(await loadFailure(job)).toEqual(succeed(null));
    const failed = { ...job, vendorId: '1', status: 'FAILED' } as const;
    const failure = succeed({ message: `a b${'x'.repeat(296)}…`, code: 'E1', advice: null, step: null });
    expect(await Promise.all([loadFailure(failed), loadFailure(failed)])).toEqual([failure, failure]);
    expect(await loadFailure({ ...failed, vendorId: '2' })).toEqual(succeed(null));
    expect(asked).toEqual(['1', '2']);
    expect(await begin([connect('a', {}).system]).loadFailure(failed)).toEqual(succeed(null));
  });

  test('of a failure from steps name the innermost step that explains it', async () => {
    const step = (id: string, fields: Partial<JobStep> = {}): JobStep => ({
      id,
      name: id,
      status: 'FAILED',
      vendorStatus: null,
      startedAt: null,
      finishedAt: null,
      durationSeconds: null,
      waitSeconds: null,
      message: null,
      failureCode: null,
      advice: null,
      substeps: [],
      links: [],
      ...fields,
    });
    const inner = step('2.1', { message: 'no space', failureCode: 'E2', advice: 'buy a disk' });
    const warning = step('0', { status: 'SUCCEEDED', message: 'skipped' });
    const failing = step('2', { message: 'no space', substeps: [step('2.0'), inner, warning] });
    const stepsById: Record<string, JobStep[]> = {
      '1': [step('1', { message: 'old' }), failing, step('3'), warning],
      '2': [step('1')],
      '3': [step('1'), warning],
    };
    const a = connect('a', {}, { getSteps: async ({ vendorId }) => succeed(stepsById[vendorId] ?? null), getFailure: 'fromSteps' });
    const { loadFailure } = begin([a.system]);
    const failed = { ...job, vendorId: '1', status: 'FAILED' } as const;
    expect(await loadFailure(failed)).toEqual(succeed({ message: 'no space', code: 'E2', advice: 'buy a disk', step: inner }));
    expect(await loadFailure({ ...failed, vendorId: '2' })).toEqual(succeed(null));
    expect(await loadFailure({ ...failed, vendorId: '3' })).toMatchObject(succeed({ message: 'skipped', step: warning }));
  });

  test('of a failure that the copy has send no vendor request', async () => {
    const a = connect('a', {}, { getFailure: () => Promise.reject(new Error('The copy has it')) });
    const { loadFailure } = begin([a.system]);
    const failure = { message: 'no\nspace', code: 'E2', advice: null, step: null };
    expect(await loadFailure({ ...job, status: 'FAILED', failure })).toEqual(succeed({ ...failure, message: 'no space' }));
    expect(await loadFailure({ ...job, status: 'FAILED', failure: null })).toEqual(succeed(null));
  });

  test('of known progress send no vendor request', async () => {
    const progress = { fraction: 0.5, succeededTasks: null, failedTasks: null, remainingTasks: null };
    let asked = 0;
    const a = connect(
      'a',
      {},
      {
        getProgress: async () => {
          asked += 1;
          return succeed({ ...progress, fraction: 1 });
        },
      },
    );
    const { loadProgress } = begin([a.system]);
    expect(await loadProgress({ ...job, progress })).toEqual(succeed(progress));
    expect(await loadProgress({ ...job, progress: null })).toEqual(succeed(null));
    expect(asked).toBe(0);
    expect(await loadProgress(job)).toEqual(succeed({ ...progress, fraction: 1 }));
  });
});
