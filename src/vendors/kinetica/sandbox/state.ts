import type { Timeline } from '../../../sandbox-kit/clock.ts';
import { createRandom } from '../../../sandbox-kit/random.ts';
import { type Account, defaultAccounts } from './authentication.ts';
import { canBeCancelled, type KineticaJob, progressOf } from './job.ts';
import type { KineticaSwitches } from './switches.ts';

/** A job to add; what is left out gets an ordinary value, and an async job a tag of its own. */
export interface JobInput extends Partial<KineticaJob> {
  /** For WAITING: starts after this long. Default: never. */
  waitsMs?: number;
  /** Ends this long from now or, if it waits, from its start. Default: never. */
  runsMs?: number;
}

export interface KineticaState {
  /** Who may call. Can be changed. */
  readonly accounts: Account[];
  /** All jobs held, in the order they were added; ended sync ones too, although the API no longer shows them. */
  jobs(): Iterable<Readonly<KineticaJob>>;
  /** The truth about a job. */
  job(id: string): Readonly<KineticaJob> | undefined;
  /** The last job with this tag. */
  jobOfTag(tag: string): Readonly<KineticaJob> | undefined;
  /** Default: an async RUNNING job that never ends. Returns its id. Throws on an id that is taken. */
  addJob(input?: JobInput): string;
  /** Changes a job behind the API's back. A new status also sets `running`, unless that is given. Throws on an unknown id. */
  changeJob(id: string, change: Partial<Omit<KineticaJob, 'id' | 'kind' | 'tag'>>): void;
  removeJob(id: string): void;
  /** Asks a job to stop, as /admin/alter/jobs does; false if it can't be cancelled now. */
  cancelJob(id: string): boolean;
  /** Forgets the oldest ended jobs beyond this many. */
  dropEndedJobs(kept: number): void;
}

interface StateParts {
  timeline: Timeline;
  switches: KineticaSwitches;
  seed: number;
}

export function createState({ timeline, switches, seed }: StateParts): KineticaState {
  const jobs = new Map<string, KineticaJob>();
  const idsByTag = new Map<string, string>();
  const tagRandom = createRandom(seed + (switches.cluster === 'backup' ? 1_000_004 : 1_000_003));
  const nextId = createIds(switches, seed);

  function addJob(input: JobInput = {}): string {
    const { waitsMs, runsMs, id = nextFreeId(), ...given } = input;
    if (jobs.has(id)) throw new RangeError(`There is a job ${id} already`);
    const nowMs = timeline.now();
    const kind = given.kind ?? 'async';
    const status = given.status ?? 'RUNNING';
    const receivedAtMs = given.receivedAtMs ?? nowMs;
    const job: KineticaJob = {
      id,
      kind,
      tag: kind === 'async' ? tagRandom.uuid() : '',
      endpoint: '/execute/sql',
      status,
      running: status === 'WAITING' || status === 'RUNNING',
      receivedAtMs,
      startedAtMs: status === 'WAITING' ? undefined : receivedAtMs,
      endsAtMs: status === 'RUNNING' && runsMs !== undefined ? nowMs + runsMs : undefined,
      outcome: 'DONE',
      progress: 40,
      authId: 'etl_fleet',
      sourceIp: '10.20.0.14',
      queryText: '',
      userData: '',
      flags: '',
      errorMessage: 'Internal_Error: Worker rank 2 ran out of memory (S/SDc:1513)',
      responseEncoding: 'json',
      response: '{"count_affected":0,"status":"OK"}',
      listStatus: undefined,
      odd: {},
      ignoresCancel: false,
      ...given,
    };
    jobs.set(job.id, job);
    if (job.tag !== '') idsByTag.set(job.tag, job.id);
    if (job.status === 'WAITING' && waitsMs !== undefined) timeline.at(nowMs + waitsMs, () => start(job, runsMs));
    scheduleEnd(job);
    return job.id;
  }

  function nextFreeId(): string {
    let id = nextId();
    while (jobs.has(id)) id = nextId();
    return id;
  }

  function start(job: KineticaJob, runsMs: number | undefined): void {
    if (job.status !== 'WAITING') return;
    job.status = 'RUNNING';
    job.startedAtMs = timeline.now();
    if (runsMs !== undefined) job.endsAtMs = timeline.now() + runsMs;
    scheduleEnd(job);
  }

  function scheduleEnd(job: KineticaJob): void {
    const { endsAtMs } = job;
    if (job.status !== 'RUNNING' || endsAtMs === undefined) return;
    timeline.at(endsAtMs, () => {
      // The job may have been cancelled, or changed behind the API's back, in the meantime.
      if (job.status !== 'RUNNING' || job.endsAtMs !== endsAtMs) return;
      job.progress = job.outcome === 'ERROR' ? 72 : 100;
      job.status = job.outcome;
      job.running = false;
    });
  }

  function cancelJob(id: string): boolean {
    const job = jobs.get(id);
    if (job?.status === 'CANCELLED' && switches.repeatedCancel === 'accepted') return true;
    if (!job || job.status === 'CANCELLED' || !canBeCancelled(job)) return false;
    if (job.ignoresCancel) return true;
    const stopMs = job.status === 'WAITING' ? 0 : switches.stopMs;
    job.progress = progressOf(job, timeline.now());
    job.status = 'CANCELLED';
    job.running = stopMs > 0;
    if (stopMs > 0) {
      timeline.at(timeline.now() + stopMs, () => {
        if (job.status === 'CANCELLED') job.running = false;
      });
    }
    return true;
  }

  function removeJob(id: string): void {
    const job = jobs.get(id);
    if (!job) return;
    jobs.delete(id);
    if (idsByTag.get(job.tag) === id) idsByTag.delete(job.tag);
  }

  return {
    accounts: defaultAccounts(),
    jobs: () => jobs.values(),
    job: (id) => jobs.get(id),
    jobOfTag: (tag) => jobs.get(idsByTag.get(tag) ?? ''),
    addJob,
    changeJob(id, change) {
      const job = jobs.get(id);
      if (!job) throw new RangeError(`No job ${id}`);
      const running = change.status === undefined ? job.running : change.status === 'WAITING' || change.status === 'RUNNING';
      Object.assign(job, { running }, change);
      if (change.endsAtMs !== undefined) scheduleEnd(job);
    },
    removeJob,
    cancelJob,
    dropEndedJobs(kept) {
      const ended = [...jobs.values()].filter((job) => !job.running);
      for (const job of ended.slice(0, Math.max(0, ended.length - kept))) removeJob(job.id);
    },
  };
}

/** Ids as a cluster gives them out. They depend on nothing but the seed, so that both clusters of a pair use the same ones. */
function createIds({ idBase, version }: KineticaSwitches, seed: number): () => string {
  const random = createRandom(seed + 2_000_003);
  const huge = idBase === 'huge' && version !== '6.2';
  let next = huge ? 9007199254740993n : BigInt(970_000 + random.integer(0, 4999));
  return () => {
    const id = next;
    // Most ids go to requests too short to be seen. Huge ones follow each other, so that a rounded id names a neighbour.
    next += huge ? 1n : BigInt(random.integer(1, 9));
    return String(id);
  };
}
