import { randomUUID } from 'node:crypto';
import type { Clock } from '../concurrency/clock.ts';
import type { Job } from '../jobs/job.ts';
import { formatJobId, type JobId, parseJobId } from '../jobs/job-id.ts';
import type { Store } from '../store/store.ts';
import { formatMessage, fromFields, groupEntries, knownEntry, type Message, type Part, toldEntry } from './replica-messages.ts';

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
const gatherMs = 20;
const listenAgainMs = 10_000;

/** Who is told of what came from other replicas. */
interface Listeners {
  hear: Parameters<ReplicaChannel['onHeard']>[0];
  find: Parameters<ReplicaChannel['onAsked']>[0];
  learn: Parameters<ReplicaChannel['onAnswered']>[0];
}

export function createReplicaChannel(
  store: Pick<Store, 'listen' | 'notify'>,
  clock: Clock,
  onTrouble: (error: unknown) => void,
): ReplicaChannel {
  const self = randomUUID().slice(0, 8);
  const listeners: Listeners = { hear() {}, find: () => null, learn() {} };
  const trouble = createTroubleReport(onTrouble);
  let stopped = false;

  const send = async (part: Part, entries: readonly string[]): Promise<void> => {
    try {
      // An answer that came before could not be heard.
      if (part === 'asks') await listening.begun();
      await store.notify(channel, formatMessage(self, part, entries));
      trouble.end();
    } catch (error) {
      trouble.report(error);
    }
  };
  const gathering = createGathering(clock, (part, entries) => void send(part, entries));
  const listening = createListening(store, clock, trouble.report, (payload) => {
    try {
      takeMessage(JSON.parse(payload) as Message, self, listeners, gathering.add);
    } catch (error) {
      // Of another version, or somebody else's.
      trouble.report(error);
    }
  });

  return {
    begin: listening.begin,
    publish(job, fingerprint, changed) {
      if (!stopped) gathering.add('jobs', toldEntry(job, fingerprint, changed));
    },
    onHeard(hear) {
      listeners.hear = hear;
    },
    request(id) {
      if (stopped || trouble.isReported()) return false;
      gathering.add('asks', JSON.stringify(formatJobId(id)));
      return true;
    },
    onAsked(find) {
      listeners.find = find;
    },
    onAnswered(learn) {
      listeners.learn = learn;
    },
    async stop() {
      stopped = true;
      gathering.stop();
      await listening.stop();
    },
  };
}

/** Reported once, not at every poll. */
function createTroubleReport(onTrouble: (error: unknown) => void) {
  let isReported = false;
  return {
    report(error: unknown): void {
      if (!isReported) onTrouble(error);
      isReported = true;
    },
    end(): void {
      isReported = false;
    },
    isReported: () => isReported,
  };
}

/** Gathers entries for a moment, so that one message holds many. */
function createGathering(clock: Clock, send: (part: Part, entries: readonly string[]) => void) {
  let gathered: { part: Part; entry: string }[] = [];
  let callOff: (() => void) | null = null;
  const sendGathered = (): void => {
    callOff = null;
    for (const [part, entries] of Map.groupBy(gathered, (each) => each.part)) {
      for (const group of groupEntries(entries.map(({ entry }) => entry))) send(part, group);
    }
    gathered = [];
  };
  return {
    add(part: Part, entry: string): void {
      gathered.push({ part, entry });
      callOff ??= clock.at(clock.nowMs() + gatherMs, sendGathered);
    },
    stop: (): void => callOff?.(),
  };
}

/** Listens to the other replicas, and tries again while the store can't be reached. */
function createListening(
  store: Pick<Store, 'listen'>,
  clock: Clock,
  report: (error: unknown) => void,
  onMessage: (payload: string) => void,
) {
  let begun: Promise<void> | null = null;
  let stopListening: (() => Promise<void>) | null = null;
  let callOff: (() => void) | null = null;
  let stopped = false;
  const listen = async (): Promise<void> => {
    try {
      const stop = await store.listen(channel, onMessage);
      if (stopped) await stop();
      else stopListening = stop;
    } catch (error) {
      report(error);
      if (!stopped) callOff = clock.at(clock.nowMs() + listenAgainMs, listen);
    }
  };
  return {
    begin(): void {
      begun ??= listen();
    },
    /** The first attempt. */
    begun: () => begun,
    async stop(): Promise<void> {
      stopped = true;
      callOff?.();
      await stopListening?.().catch(report);
    },
  };
}

/** Tells the listeners what another replica has told, and answers what it asks. */
function takeMessage(
  { from, jobs = [], asks = [], known = [] }: Message,
  self: string,
  { hear, find, learn }: Listeners,
  answer: (part: Part, entry: string) => void,
): void {
  if (from === self) return;
  for (const [id, fingerprint, fields] of jobs) {
    const jobId = parseJobId(id);
    const job = fields ? fromFields(fields) : fields === null ? 'tooLarge' : 'unchanged';
    if (jobId) hear(jobId, job, fingerprint, from < self);
  }
  for (const id of asks) {
    const jobId = parseJobId(id);
    const job = jobId && find(jobId);
    const entry = job && knownEntry(job);
    if (entry) answer('known', entry);
  }
  for (const fields of known) {
    const jobId = parseJobId(fields.id);
    if (jobId) learn(jobId, fromFields(fields));
  }
}
