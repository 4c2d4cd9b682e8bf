import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createJob } from '../../src/jobs/create-job.ts';
import type { Job, JobStatus } from '../../src/jobs/job.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import type { JobPage } from '../../src/listing/list-jobs.ts';
import type { SystemPage } from '../../src/listing/system-page.ts';
import { type JobListEvent, toEvents, toShown } from '../../src/live/list-events.ts';
import { connectMemory, down, jobFields } from '../jobs/memory-adapter.ts';

const { system } = connectMemory();

function pageOf(jobs: Job[], problem: SystemPage['problem'] = null): JobPage {
  const state: SystemPage = { system, status: 'OK', returnedCount: jobs.length, totalCount: null, problem };
  return {
    ...{ filter: {}, jobs, hasNextPage: false, hasPreviousPage: false, complete: problem === null, systems: [state] },
    cursorAt: () => '',
    startCursor: () => null,
    endCursor: () => null,
  };
}

/** What a client does with the events. */
function apply(shown: readonly Job[], events: readonly JobListEvent[]): Job[] {
  const jobs = [...shown];
  for (const event of events) {
    const id = event.kind === 'left' ? event.jobId : event.kind === 'entered' || event.kind === 'changed' ? event.job.id : null;
    const index = jobs.findIndex((job) => job.id === id);
    if (index >= 0) jobs.splice(index, 1);
    if (event.kind === 'entered' || event.kind === 'changed')
      jobs.splice(jobs.findIndex((job) => job.id === event.afterId) + 1, 0, event.job);
  }
  return jobs;
}

const jobs = fc
  .uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 8 }),
      minute: fc.integer({ min: 1, max: 5 }),
      status: fc.constantFrom<JobStatus>('RUNNING', 'FAILED'),
    }),
    { selector: ({ id }) => id },
  )
  .map((rows) =>
    rows
      .sort((a, b) => b.minute - a.minute || a.id - b.id)
      .map(({ id, minute, status }) =>
        createJob('memory', jobFields(String(id), { startedAt: new Date(minute * 60_000), status }), new Date(0)),
      ),
  );

test('a client that applies the events has the current page, and gets no event without a change', () => {
  fc.assert(
    fc.property(jobs, jobs, fc.boolean(), (before, sorted, isReversed) => {
      const after = isReversed ? sorted.toReversed() : sorted;
      const events = toEvents(toShown(pageOf(before)), pageOf(after), () => 'GONE');
      const stateOf = ({ id, status, startedAt }: Job) => [id, status, startedAt];
      expect(apply(before, events).map(stateOf)).toEqual(after.map(stateOf));
      const isShown = (job: Job) => before.some(({ id }) => id === job.id);
      for (const event of events) if ('job' in event) expect(event.kind).toBe(isShown(event.job) ? 'changed' : 'entered');
      expect(toEvents(toShown(pageOf(after)), pageOf(after), () => 'GONE')).toEqual([]);
    }),
  );
});

test('a job whose place alone changes is an event', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((id) => createJob('memory', jobFields(id, { startedAt: new Date(0) }), new Date(0)));
  if (!a || !b || !c) throw new Error('No job');
  const events = toEvents(toShown(pageOf([a, b, c])), pageOf([c, a, b]), () => 'GONE');
  expect(events).toEqual([{ kind: 'changed', job: c, afterId: null }]);
  expect(apply([a, b, c], events)).toEqual([c, a, b]);
});

test('a problem of a system is an event, and its end is another one; another message is none', () => {
  const failed = pageOf([], down);
  const kindsOf = (before: JobPage, after: JobPage) => toEvents(toShown(before), after, () => 'GONE').map(({ kind }) => kind);
  expect(kindsOf(pageOf([]), failed)).toEqual(['systems']);
  expect(kindsOf(failed, pageOf([], createProblem(down.code, 'It is still down.')))).toEqual([]);
  expect(kindsOf(failed, pageOf([]))).toEqual(['systems']);
});
