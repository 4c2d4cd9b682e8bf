import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { isCancellable, isEndedStatus, neverRuns, nextStep, type VaultJob } from './job.ts';
import type { VaultSwitches } from './switches.ts';
import { integrationUserId } from './users.ts';

export type JobFields = Partial<Omit<VaultJob, 'id'>>;

/** The jobs of a Vault and what happens to them. `addJob`, `addJobs`, `changeJob`, `removeJob` act behind the API's back. */
export interface VaultJobs {
  /** Adds a job (default: asked for by the integration user, QUEUED now, runs after 10 s for 60 s, ends with SUCCESS); its id. */
  addJob(fields?: JobFields): number;
  addJobs(count: number, fields?: JobFields): number[];
  job(id: number): Readonly<VaultJob> | undefined;
  /** Changes fields; a `status` among them is entered as if it came by itself. */
  changeJob(id: number, fields: JobFields): void;
  removeJob(id: number): void;
  /** Jobs that have not ended, by id. */
  unfinished(): readonly VaultJob[];
  /** Jobs that have ended, by id. */
  ended(): readonly VaultJob[];
  /** Cancel Job. False if its status does not allow it. */
  cancel(id: number, userId: number): boolean;
  /** Start Job. False if it is not SCHEDULED. */
  startNow(id: number, userId: number): boolean;
}

const systemUserId = 1;

/** Where the jobs are: those that have not ended, and those that have, in the order they ended. */
function createShelves(switches: VaultSwitches) {
  const unfinished = new Map<number, VaultJob>();
  const ended = new Map<number, VaultJob>();
  let sortedUnfinished: VaultJob[] | undefined;
  let sortedEnded: VaultJob[] | undefined;

  const forgetOrder = (): void => {
    sortedUnfinished = undefined;
    sortedEnded = undefined;
  };

  return {
    find: (id: number): VaultJob | undefined => unfinished.get(id) ?? ended.get(id),
    place(job: VaultJob): void {
      forgetOrder();
      if (!isEndedStatus(job.status)) {
        ended.delete(job.id);
        unfinished.set(job.id, job);
        return;
      }
      unfinished.delete(job.id);
      ended.set(job.id, job);
      for (const id of ended.keys()) {
        if (ended.size <= switches.endedJobsKept) break;
        ended.delete(id);
      }
    },
    remove(id: number): void {
      unfinished.delete(id);
      ended.delete(id);
      forgetOrder();
    },
    unfinished(): readonly VaultJob[] {
      sortedUnfinished ??= byId(unfinished);
      return sortedUnfinished;
    },
    ended(): readonly VaultJob[] {
      sortedEnded ??= byId(ended);
      return sortedEnded;
    },
  };
}

export function createJobs(parts: { timeline: Timeline; random: Random; switches: VaultSwitches }): VaultJobs {
  const { timeline, random, switches } = parts;
  const { find, place, remove, unfinished, ended } = createShelves(switches);
  /** How often a job has entered a status: what was arranged in an earlier status no longer happens. */
  const turns = new WeakMap<VaultJob, number>();
  let lastId = random.integer(240_000, 280_000);

  function enter(job: VaultJob, status: VaultJob['status'], userId = systemUserId): void {
    noteStatus(job, status, userId, timeline.now());
    place(job);
    if (isEndedStatus(job.status) && job.repeatEveryMs !== undefined) addJob(nextInstance(job, job.repeatEveryMs, timeline.now()));
    arrange(job);
  }

  /** Arranges what happens next to a job that is left alone. */
  function arrange(job: VaultJob): void {
    const turn = (turns.get(job) ?? 0) + 1;
    turns.set(job, turn);
    const next = nextStep(job, timeline.now(), switches);
    if (!next) return;
    timeline.at(next.atMs, () => {
      if (turns.get(job) === turn && find(job.id) === job) enter(job, next.status);
    });
  }

  function addJob(fields: JobFields = {}): number {
    lastId += random.integer(1, 7);
    const job = completeJob(lastId, fields, timeline.now());
    place(job);
    arrange(job);
    return job.id;
  }

  return {
    addJob,
    addJobs: (count, fields) => Array.from({ length: count }, () => addJob(fields)),
    job: find,
    changeJob(id, { status, ...fields }) {
      const job = find(id);
      if (!job) throw new RangeError(`The Vault has no job ${id}`);
      Object.assign(job, fields);
      if (status !== undefined) enter(job, status);
      else arrange(job);
    },
    removeJob: remove,
    unfinished,
    ended,
    cancel(id, userId) {
      const job = find(id);
      if (!job || !isCancellable(job, switches)) return false;
      enter(job, 'CANCELLING', userId);
      return true;
    },
    startNow(id, userId) {
      const job = find(id);
      if (job?.status !== 'SCHEDULED') return false;
      job.plannedStartMs = timeline.now();
      // It does run now, whatever would have become of it at its planned time.
      if (neverRuns(job.outcome)) job.outcome = 'SUCCESS';
      enter(job, 'QUEUEING', userId);
      return true;
    },
  };
}

/** A job enters a status. */
function noteStatus(job: VaultJob, status: VaultJob['status'], userId: number, nowMs: number): void {
  job.status = status;
  job.modifiedBy = userId;
  job.modifiedAtMs = nowMs;
  if (status === 'RUNNING') job.startedAtMs = nowMs;
  if (status === 'QUEUEING' || status === 'QUEUED') job.queuedAtMs ??= nowMs;
  job.endedAtMs = isEndedStatus(job.status) ? nowMs : undefined;
}

/** The next instance of a recurring job that has ended. */
function nextInstance(job: VaultJob, everyMs: number, nowMs: number): JobFields {
  const missed = Math.max(1, Math.floor((nowMs - job.slotMs) / everyMs) + 1);
  const slotMs = job.slotMs + missed * everyMs;
  const { title, type, waitMs, durationMs, cancellableWhileRunning, taskIds, createdBy, held } = job;
  const same = { title, type, waitMs, durationMs, cancellableWhileRunning, taskIds, createdBy, held };
  return { ...same, status: 'SCHEDULED', method: undefined, plannedStartMs: slotMs, slotMs, repeatEveryMs: everyMs };
}

function completeJob(id: number, fields: JobFields, nowMs: number): VaultJob {
  const status = fields.status ?? 'QUEUED';
  const isEnded = isEndedStatus(status);
  const createdAtMs = fields.createdAtMs ?? fields.startedAtMs ?? fields.endedAtMs ?? nowMs;
  const createdBy = fields.createdBy ?? integrationUserId;
  const plannedStartMs = fields.plannedStartMs ?? (status === 'SCHEDULED' ? nowMs + 3_600_000 : createdAtMs);
  return {
    id,
    title: 'Export Documents',
    method: 'POST',
    modifiedBy: createdBy,
    modifiedAtMs: nowMs,
    waitMs: 10_000,
    durationMs: 60_000,
    outcome: 'SUCCESS',
    cancellableWhileRunning: false,
    taskIds: [],
    repeatEveryMs: undefined,
    slotMs: plannedStartMs,
    held: false,
    odd: {},
    type: typeOf(fields),
    startedAtMs: isEnded ? createdAtMs : status === 'RUNNING' ? nowMs : undefined,
    queuedAtMs: status === 'SCHEDULED' ? undefined : queuedAt(fields, createdAtMs),
    endedAtMs: isEnded ? nowMs : undefined,
    ...fields,
    status,
    createdBy,
    createdAtMs,
    plannedStartMs,
  };
}

/** SDK jobs are the ones that have tasks; the words for other kinds are undocumented. */
function typeOf({ taskIds = [], title = 'Export Documents' }: JobFields): string {
  return taskIds.length > 0 ? 'sdk_job' : title.toLowerCase().replace(/\W+/g, '_');
}

/** It waited right before it started, if it did. */
function queuedAt({ startedAtMs, endedAtMs, waitMs = 0 }: JobFields, createdAtMs: number): number | undefined {
  if (startedAtMs !== undefined) return Math.max(createdAtMs, startedAtMs - waitMs);
  return endedAtMs === undefined ? createdAtMs : undefined;
}

function byId(jobs: Map<number, VaultJob>): VaultJob[] {
  return [...jobs.values()].sort((one, other) => one.id - other.id);
}
