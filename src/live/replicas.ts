import { randomUUID } from 'node:crypto';
import type { Job } from '../jobs/job.ts';
import { type JobId, parseJobId } from '../jobs/job-id.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';

/** What the replicas tell each other of the jobs that they poll, so that one of them does it for all. Nothing here is needed: without it each polls. */
export interface Replicas {
  /** From now on others are heard. To be called when there is something to hear of. */
  begin(): void;
  /** A job that was just polled. Gathered for a moment, and lost where the store can't be reached. */
  tell(job: Job, fingerprint: string, changed: boolean): void;
  /** Null: as the copy with that fingerprint. `comesFirst`: the other replica, in an order that all of them agree on. */
  onHeard(hear: (id: JobId, job: Job | null, fingerprint: string, comesFirst: boolean) => void): void;
  stop(): Promise<void>;
}

const channel = 'jobyard_job';
const mostPayloadBytes = 7_500;
const gatherMs = 20;
const listenAgainMs = 10_000;

/** What is told of one job: its id, its fingerprint and, where it has changed, its fields. */
type Told = [id: string, fingerprint: string, fields?: JobAsJson];

export function createReplicas(store: Pick<Store, 'listen' | 'notify'>, clock: Clock, onTrouble: (error: unknown) => void): Replicas {
  const self = randomUUID().slice(0, 8);
  let hear: Parameters<Replicas['onHeard']>[0] = () => {};
  let gathered: string[] = [];
  let callOff: (() => void) | null = null;
  let callOffListening: (() => void) | null = null;
  let stopListening: (() => Promise<void>) | null = null;
  let hasBegun = false;
  let stopped = false;
  let isTroubled = false;

  // Told once, not at every poll.
  const report = (error: unknown): void => {
    if (!isTroubled) onTrouble(error);
    isTroubled = true;
  };

  const send = async (told: readonly string[]): Promise<void> => {
    try {
      await store.notify(channel, `{"from":"${self}","jobs":[${told.join()}]}`);
      isTroubled = false;
    } catch (error) {
      report(error);
    }
  };

  const sendGathered = (): void => {
    callOff = null;
    let told: string[] = [];
    let bytes = 0;
    for (const entry of gathered) {
      const size = Buffer.byteLength(entry) + 1;
      if (bytes + size > mostPayloadBytes - 50) {
        if (told.length > 0) void send(told);
        told = [];
        bytes = 0;
      }
      told.push(entry);
      bytes += size;
    }
    gathered = [];
    if (told.length > 0) void send(told);
  };

  const take = (payload: string): void => {
    try {
      const { from, jobs } = JSON.parse(payload) as { from: string; jobs: Told[] };
      if (from === self) return;
      for (const [id, fingerprint, fields] of jobs) {
        const jobId = parseJobId(id);
        if (jobId) hear(jobId, fields ? fromFields(fields) : null, fingerprint, from < self);
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
      if (!hasBegun) void listen();
      hasBegun = true;
    },
    tell(job, fingerprint, changed) {
      if (stopped) return;
      const told: Told = changed ? [job.id, fingerprint, toFields(job)] : [job.id, fingerprint];
      const entry = JSON.stringify(told);
      if (Buffer.byteLength(entry) > mostPayloadBytes - 50) return;
      gathered.push(entry);
      callOff ??= clock.at(clock.nowMs() + gatherMs, sendGathered);
    },
    onHeard(listener) {
      hear = listener;
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
type JobAsJson = Omit<Job, 'raw' | keyof Instants> & { raw: unknown } & {
  [Name in keyof Instants]: string | Exclude<Instants[Name], Date>;
};

function toFields(job: Job): JobAsJson {
  return JSON.parse(JSON.stringify({ ...job, raw: job.raw() }));
}

function fromFields({ raw, createdAt, startedAt, finishedAt, observedAt, ...facts }: JobAsJson): Job {
  return {
    ...facts,
    createdAt: createdAt === null ? null : new Date(createdAt),
    startedAt: startedAt === null ? null : new Date(startedAt),
    finishedAt: finishedAt === null ? null : new Date(finishedAt),
    observedAt: new Date(observedAt),
    progress: facts.progress,
    raw: () => raw,
  };
}
