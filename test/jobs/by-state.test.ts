import { expect, test } from 'vitest';
import type { ActionSupport, PriorState } from '../../src/jobs/adapter.ts';
import { isAsynchronous, valueFor } from '../../src/jobs/by-state.ts';
import type { JobStatus } from '../../src/jobs/job.ts';
import { cancelSupport } from './memory-adapter.ts';

const inStatus = (status: JobStatus): PriorState => ({ status, createdAt: null, startedAt: null, finishedAt: null });

test('a value is for all jobs, and a function decides by the state before the action', () => {
  const state = { status: 'CANCELLED', vendorStatus: 'removed' } as const;
  expect(valueFor(state, inStatus('RUNNING'))).toBe(state);
  const byState = (before: PriorState | null) => (before?.status === 'QUEUED' ? state : null);
  expect([inStatus('QUEUED'), inStatus('RUNNING'), null].map((before) => valueFor(byState, before))).toEqual([state, null, null]);
});

test.each<[ActionSupport['asynchronous'], boolean]>([
  [true, true],
  [false, false],
  [(before) => before?.status === 'RUNNING', true],
  [(before) => before?.status === 'PAUSED', false],
])('an action is asynchronous if it is in an allowed status: %s', (asynchronous, expected) => {
  expect(isAsynchronous({ ...cancelSupport, allowedStatuses: ['QUEUED', 'RUNNING'], asynchronous })).toBe(expected);
});
