import { randomUUID } from 'node:crypto';
import type { Clock } from '../concurrency/clock.ts';
import type { Job } from '../jobs/job.ts';
import { formatJobId, type JobId, parseJobId } from '../jobs/job-id.ts';
import { toShownRaw } from '../jobs/vendor-facts.ts';
import type { Store } from '../store/store.ts';

/** What the replicas tell each other of the jobs that they poll, so that one of them does it for all. Nothing here is needed: without it each polls. */
export interface ReplicaChannel {
  /** From now on others are heard. To be called when there is something to hear of. */
  begin(): void;
  /** A job that was just polled. Gathered for a moment, and lost where the store can't be reached. */
  publish(job: Job, fingerprint: string, changed: boolean): void;
  /** `comesFirst`: the other replica, in an order that all of them agree on. */
  onHeard(hear: (id: JobId, job: HeardJob, fingerprint: string, comesFirst: boolean) => void): void;
  /** Whoever knows the job well is to say how it stands. False: the others can't be reached now, as far as is known. */
  request(id: JobId): boolean;
  /** `find`: what this replica has to say of a job; null: nothing. */
  onAsked(find: (id: JobId) => Job | null): void;
  onAnswered(learn: (id: JobId, job: Job) => void): void;
  stop(): Promise<void>;
}

/** `unchanged`: as the copy with that fingerprint. `tooLarge`: it has changed, and is more than a message holds. */
export type HeardJob = Job | 'unchanged' | 'tooLarge';

const channel = 'jobyard_job';
/** What a notification holds without the frame around the entries. */
const maxEntryBytes = 7_450;
const gatherMs = 20;
const listenAgainMs = 10_000;

/** What is told of one job: its id, its fingerprint and, where it has changed, its fields; null: they are too large. */
type Told = [id: string, fingerprint: string, fields?: JobAsJson | null];

interface Message {
  from: string;
  /** Polled just now. */
  jobs?: Told[];
  /** Ids of jobs of which more is to be known. */
  asks?: string[];
  /** Answers to that. */
  known?: JobAsJson[];
}

type Part = Exclude<keyof Message, 'from'>;

export function createReplicaChannel(
  store: Pick<Store, 'listen' | 'notify'>,
  clock: Clock,
  onTrouble: (error: unknown) => void,
): ReplicaChannel {
  const self = randomUUID().slice(0, 8);
  let hear: Parameters<ReplicaChannel['onHeard']>[0] = () => {};
  let find: Parameters<ReplicaChannel['onAsked']>[0] = () => null;
  let learn: Parameters<ReplicaChannel['onAnswered']>[0] = () => {};
  let gathered: [part: Part, entry: string][] = [];
  let callOff: (() => void) | null = null;
  let callOffListening: (() => void) | null = null;
  let stopListening: (() => Promise<void>) | null = null;
  let listening: Promise<void> | null = null;
  let stopped = false;
  let isTroubled = false;

  // Told once, not at every poll.
  const report = (error: unknown): void => {
    if (!isTroubled) onTrouble(error);
    isTroubled = true;
  };

  const send = async (part: Part, entries: readonly string[]): Promise<void> => {
    try {
      // An answer that came before could not be heard.
      if (part === 'asks') await listening;
      await store.notify(channel, `{"from":"${self}","${part}":[${entries.join()}]}`);
      isTroubled = false;
    } catch (error) {
      report(error);
    }
  };

  const gather = (part: Part, entry: string): void => {
    gathered.push([part, entry]);
    callOff ??= clock.at(clock.nowMs() + gatherMs, sendGathered);
  };

  const sendGathered = (): void => {
    callOff = null;
    for (const [part, entries] of Map.groupBy(gathered, ([of]) => of)) {
      let together: string[] = [];
      let bytes = 0;
      for (const [, entry] of entries) {
        const size = Buffer.byteLength(entry) + 1;
        if (bytes + size > maxEntryBytes) {
          if (together.length > 0) void send(part, together);
          together = [];
          bytes = 0;
        }
        together.push(entry);
        bytes += size;
      }
      void send(part, together);
    }
    gathered = [];
  };

  const take = (payload: string): void => {
    try {
      const { from, jobs = [], asks = [], known = [] } = JSON.parse(payload) as Message;
      if (from === self) return;
      for (const [id, fingerprint, fields] of jobs) {
        const jobId = parseJobId(id);
        const job = fields ? fromFields(fields) : fields === null ? 'tooLarge' : 'unchanged';
        if (jobId) hear(jobId, job, fingerprint, from < self);
      }
      for (const id of asks) {
        const jobId = parseJobId(id);
        const job = jobId && find(jobId);
        const entry = job && JSON.stringify(toFields(job));
        if (entry && Buffer.byteLength(entry) < maxEntryBytes) gather('known', entry);
      }
      for (const fields of known) {
        const jobId = parseJobId(fields.id);
        if (jobId) learn(jobId, fromFields(fields));
      }
    } catch (error) {
      // Of another version, or somebody else's.
      report(error);
    }
  };

  const listen = async (): Promise<void> => {
    try {
      const stop = await store.listen(channel, take);
      if (stopped) await stop();
      else stopListening = stop;
    } catch (error) {
      report(error);
      if (!stopped) callOffListening = clock.at(clock.nowMs() + listenAgainMs, listen);
    }
  };
  return {
    begin() {
      listening ??= listen();
    },
    publish(job, fingerprint, changed) {
      if (stopped) return;
      const entry = JSON.stringify((changed ? [job.id, fingerprint, toFields(job)] : [job.id, fingerprint]) satisfies Told);
      const isTooLarge = Buffer.byteLength(entry) >= maxEntryBytes;
      gather('jobs', isTooLarge ? JSON.stringify([job.id, fingerprint, null] satisfies Told) : entry);
    },
    onHeard(listener) {
      hear = listener;
    },
    request(id) {
      if (stopped || isTroubled) return false;
      gather('asks', JSON.stringify(formatJobId(id)));
      return true;
    },
    onAsked(listener) {
      find = listener;
    },
    onAnswered(listener) {
      learn = listener;
    },
    async stop() {
      stopped = true;
      callOff?.();
      callOffListening?.();
      await stopListening?.().catch(report);
    },
  };
}

type Instants = Pick<Job, 'createdAt' | 'startedAt' | 'finishedAt' | 'observedAt'>;
/** As JSON leaves it. */
type JobAsJson = Omit<Job, 'raw' | 'dataRange' | keyof Instants> & {
  raw: unknown;
  dataRange: { from: string | null; to: string | null } | null;
} & {
  [Name in keyof Instants]: string | Exclude<Instants[Name], Date>;
};

function toFields(job: Job): JobAsJson {
  return JSON.parse(JSON.stringify({ ...job, raw: toShownRaw(job), dataRange: job.dataRange?.() ?? null }));
}

function fromFields({ raw, dataRange, createdAt, startedAt, finishedAt, observedAt, ...facts }: JobAsJson): Job {
  return {
    ...facts,
    createdAt: toDate(createdAt),
    startedAt: toDate(startedAt),
    finishedAt: toDate(finishedAt),
    observedAt: new Date(observedAt),
    progress: facts.progress,
    raw: () => raw,
    dataRange: dataRange && (() => ({ from: toDate(dataRange.from), to: toDate(dataRange.to) })),
  };
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
