import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Access } from './access.ts';
import type { Hooks } from './hooks.ts';
import type { Job } from './job.ts';
import type { Jobs } from './jobs.ts';

/** What tests prepare and inspect behind the API's back. Whatever is due by the clock has happened before each of these. */
export interface AodocsState
  extends Pick<Access, 'libraries' | 'people' | 'addLibrary' | 'addPerson' | 'expireSecurityCode' | 'issueToken'>,
    Pick<Hooks, 'rejectNext' | 'beforeNextCancel'> {
  addJob: Jobs['add'];
  /** The job as it truly is, or undefined. A copy: it does not change any more. */
  job(jobId: string): Readonly<Job> | undefined;
  /** Copies of all jobs. */
  jobs(): readonly Readonly<Job>[];
  changeJob: Jobs['change'];
  removeJob: Jobs['remove'];
  addEvent: Jobs['addEvent'];
}

export function createState(parts: { jobs: Jobs; access: Access; hooks: Hooks; timeline: Timeline }): AodocsState {
  const { jobs, access, hooks, timeline } = parts;
  const upToDate = <Arguments extends unknown[], Result>(act: (...values: Arguments) => Result) => {
    return (...values: Arguments): Result => {
      timeline.runDue();
      return act(...values);
    };
  };
  return {
    libraries: access.libraries,
    people: access.people,
    addLibrary: access.addLibrary,
    addPerson: access.addPerson,
    expireSecurityCode: access.expireSecurityCode,
    issueToken: access.issueToken,
    rejectNext: hooks.rejectNext,
    beforeNextCancel: hooks.beforeNextCancel,
    addJob: upToDate(jobs.add),
    job: upToDate((jobId) => copy(jobs.get(jobId))),
    jobs: upToDate(() => jobs.all().map((job) => copy(job) ?? job)),
    changeJob: upToDate(jobs.change),
    removeJob: upToDate(jobs.remove),
    addEvent: upToDate(jobs.addEvent),
  };
}

function copy(job: Job | undefined): Job | undefined {
  return job && { ...job, events: [...job.events] };
}
