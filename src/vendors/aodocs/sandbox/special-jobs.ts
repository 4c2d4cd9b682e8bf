import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import type { Access } from './access.ts';
import { startedEvent } from './events.ts';
import type { JobFields } from './job.ts';
import { unpublishedType } from './job-types.ts';
import { createId, type Jobs } from './jobs.ts';
import type { LifeCycle } from './life-cycle.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

interface SpecialJobsParts {
  jobs: Jobs;
  access: Access;
  lifeCycle: LifeCycle;
  timeline: Timeline;
}

/** Adds at most `count` jobs that are easy to misread. Returns their IDs. */
export function addSpecialJobs({ jobs, access, lifeCycle, timeline }: SpecialJobsParts, count: number, random: Random): string[] {
  const nowMs = timeline.now();
  const libraries = access.libraries.slice(0, 3);
  const [service, dana, noah] = access.people.map((person) => person.email);
  const idInTwoCases = createId(random).replace(/.$/, 'k');
  const runawayId = createId(random);
  const specials = [
    ...unevenJobs(runawayId, libraries, nowMs),
    ...jobsOfTwoCases(idInTwoCases, libraries, nowMs),
    ...incompleteJobs(libraries, nowMs),
  ];

  const requestors = [dana, noah, service].filter((email) => email !== undefined);
  const ids = specials.slice(0, count).map((special) => {
    const fields = { jobId: createId(random), requestor: random.pick(requestors), type: 'IMPORT', ...special };
    const tasks = (special.remainingTasks ?? 0) + (special.succeededTasks ?? 0) + (special.failedTasks ?? 0);
    return jobs.add({ ...fields, events: [{ atMs: special.startedAtMs ?? nowMs, ...startedEvent(fields, tasks) }] });
  });
  lifeCycle.run(runawayId, { random, stepMs: 30_000, tasksPerStep: 60, failureRate: 0.002, growthRate: 1, fails: false }, 10_000);
  return ids;
}

type Libraries = readonly (string | undefined)[];

/** Jobs whose counters show more than their status. */
function unevenJobs(runawayId: string, [first, second]: Libraries, nowMs: number): Partial<JobFields>[] {
  return [
    // Grows faster than it works: the one to cancel in an incident.
    {
      jobId: runawayId,
      libraryId: first ?? null,
      type: 'DRIVE_SCAN',
      remainingTasks: 6_120,
      succeededTasks: 48_311,
      taskRetries: 912,
      startedAtMs: nowMs - dayMs,
      lastActivityAtMs: nowMs - minuteMs,
    },
    // Nothing has moved for two days.
    {
      libraryId: second ?? null,
      type: 'LIBRARY_COPY_CONTENT',
      remainingTasks: 311,
      succeededTasks: 94,
      startedAtMs: nowMs - 3 * dayMs,
      lastActivityAtMs: nowMs - 2 * dayMs,
    },
    // Completed although tasks failed.
    {
      libraryId: first ?? null,
      type: 'IMPORT',
      status: 'COMPLETED',
      succeededTasks: 386,
      failedTasks: 14,
      taskRetries: 37,
      startedAtMs: nowMs - 5 * minuteMs,
      lastActivityAtMs: nowMs - 2 * minuteMs,
    },
  ];
}

function jobsOfTwoCases(idInTwoCases: string, [first]: Libraries, nowMs: number): Partial<JobFields>[] {
  return [
    // Two IDs that differ only by letter case.
    {
      jobId: idInTwoCases,
      libraryId: first ?? null,
      type: 'MOVE_FOLDER',
      status: 'COMPLETED',
      succeededTasks: 52,
      startedAtMs: nowMs - 2 * dayMs,
      lastActivityAtMs: nowMs - 2 * dayMs + minuteMs,
    },
    {
      jobId: idInTwoCases.replace(/.$/, 'K'),
      libraryId: first ?? null,
      type: 'DELETE_FOLDER',
      status: 'FAILED',
      succeededTasks: 3,
      failedTasks: 1,
      startedAtMs: nowMs - dayMs,
      lastActivityAtMs: nowMs - dayMs + minuteMs,
    },
  ];
}

/** Jobs without fields that other jobs have. */
function incompleteJobs([, second, third]: Libraries, nowMs: number): Partial<JobFields>[] {
  return [
    // A job of the domain, which no library lists.
    {
      libraryId: null,
      type: 'UPDATE_GROUP_MEMBERSHIP_CACHE',
      status: 'COMPLETED',
      succeededTasks: 240,
      startedAtMs: nowMs - 7 * minuteMs,
      lastActivityAtMs: nowMs - 6 * minuteMs,
    },
    // No counters.
    {
      libraryId: third ?? null,
      type: 'REFRESH_INDEX_STAT',
      status: 'COMPLETED',
      startedAtMs: nowMs - 40 * minuteMs,
      lastActivityAtMs: nowMs - 39 * minuteMs,
      absent: ['remainingTasks', 'succeededTasks', 'failedTasks', 'taskRetries'],
    },
    // No task at all.
    {
      libraryId: third ?? null,
      type: 'CLEAN_CATEGORY',
      status: 'COMPLETED',
      succeededTasks: 0,
      startedAtMs: nowMs - 50 * minuteMs,
      lastActivityAtMs: nowMs - 50 * minuteMs,
    },
    // A type that is not published.
    {
      libraryId: second ?? null,
      type: unpublishedType,
      status: 'COMPLETED',
      succeededTasks: 17,
      startedAtMs: nowMs - 90 * minuteMs,
      lastActivityAtMs: nowMs - 88 * minuteMs,
    },
    // Canceled after its last task: no task remains, so it counts as completed.
    {
      libraryId: second ?? null,
      type: 'EXPORT_FOLDER',
      status: 'CANCELLED',
      succeededTasks: 75,
      startedAtMs: nowMs - 70 * minuteMs,
      lastActivityAtMs: nowMs - 61 * minuteMs,
    },
  ];
}
