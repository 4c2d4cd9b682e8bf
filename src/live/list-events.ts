import type { Job } from '../jobs/job.ts';
import type { JobPage } from '../listing/list-jobs.ts';
import { type LeftReason, stateOf } from './polled-list.ts';

/** What a subscriber of a live list receives: the page, then its changes. */
export type JobListEvent =
  | { kind: 'page'; page: JobPage }
  | ({ kind: 'entered' } & PlacedJob)
  | ({ kind: 'changed' } & PlacedJob)
  | { kind: 'left'; jobId: string; reason: LeftReason }
  | { kind: 'systems'; page: Pick<JobPage, 'complete' | 'systems'> };

export interface PlacedJob {
  job: Job;
  /** The job before it on the page. Null: it is the first one. */
  afterId: string | null;
}

/** The page as the subscriber has it. */
export interface ShownPage {
  /** The state of each job, by ID. */
  states: ReadonlyMap<string, string>;
  /** The problems of the systems. */
  problems: string;
}

export function toShown({ jobs, systems }: JobPage): ShownPage {
  return {
    states: new Map(jobs.map((job) => [job.id, stateOf(job)])),
    problems: JSON.stringify(systems.map(({ system, problem }) => [system.id, problem?.code ?? null])),
  };
}

/** The events that turn the page that a subscriber has into the current one. Jobs leave first, so that the page never has too many. */
export function toEvents(shown: ShownPage, page: JobPage, reasonOf: (id: string) => LeftReason): JobListEvent[] {
  const now = toShown(page);
  const left = Array.from(shown.states.keys()).filter((id) => !now.states.has(id));
  const events: JobListEvent[] = left.map((jobId) => ({ kind: 'left', jobId, reason: reasonOf(jobId) }));
  const isUnchanged = (job: Job): boolean => shown.states.get(job.id) === now.states.get(job.id);
  // The jobs that need no event, unless their place changes, too: in an order by duration, say, which isn't part of a job's state.
  const places = Array.from(shown.states.keys()).filter((id) => shown.states.get(id) === now.states.get(id));
  for (const [index, job] of page.jobs.entries()) {
    if (isUnchanged(job) && places[index] === job.id) continue;
    if (isUnchanged(job)) places.splice(places.indexOf(job.id), 1);
    places.splice(index, 0, job.id);
    events.push({ kind: shown.states.has(job.id) ? 'changed' : 'entered', job, afterId: page.jobs[index - 1]?.id ?? null });
  }
  if (now.problems !== shown.problems) events.push({ kind: 'systems', page });
  return events;
}
