import { randomUUID } from 'node:crypto';
import type { Clock } from '../concurrency/clock.ts';
import type { Job } from '../jobs/job.ts';
import { formatJobId, type JobId, parseJobId } from '../jobs/job-id.ts';
import type { Store } from '../store/store.ts';
import { formatMessage, fromFields, groupEntries, type Message, type Part, toKnownEntry, toPolledEntry } from './replica-messages.ts';

/** The channel over which replicas share their reads of watched jobs, so that one of them polls for all. Best effort: without it, each polls. */
export interface ReplicaChannel {
  /** Starts to listen. Call it when there are jobs to watch. */
  begin(): void;
  /** Publishes a job that was just polled. Gathered for a moment; lost if the store is unavailable. */
  publish(job: Job, fingerprint: string, changed: boolean): void;
  /** `comesFirst`: whether the other replica comes before this one in an order that all replicas share. */
  onReceived(receive: (id: JobId, job: ReceivedJob, fingerprint: string, comesFirst: boolean) => void): void;
  /** Requests a copy of the job from replicas that poll it. False: as far as is known, the others can't be reached now. */
  request(id: JobId): boolean;
  /** `find`: this replica's copy of a job; null: it has none. */
  onRequested(find: (id: JobId) => Job | null): void;
  onResponse(receiveKnown: (id: JobId, job: Job) => void): void;
  stop(): Promise<void>;
}

/** `unchanged`: the job equals the copy with that fingerprint. `tooLarge`: it has changed, and doesn't fit a message. */
export type ReceivedJob = Job | 'unchanged' | 'tooLarge';

const channel = 'jobyard_job';
const gatherMs = 20;
const listenAgainMs = 10_000;

/** The handlers of other replicas' messages. */
interface Listeners {
  receive: Parameters<ReplicaChannel['onReceived']>[0];
  find: Parameters<ReplicaChannel['onRequested']>[0];
  receiveKnown: Parameters<ReplicaChannel['onResponse']>[0];
}

export function createReplicaChannel(
  store: Pick<Store, 'listen' | 'notify'>,
  clock: Clock,
  onFailure: (error: unknown) => void,
): ReplicaChannel {
  const self = randomUUID().slice(0, 8);
  const listeners: Listeners = { receive() {}, find: () => null, receiveKnown() {} };
  const failures = createFailureReport(onFailure);
  let stopped = false;

  const send = async (part: Part, entries: readonly string[]): Promise<void> => {
    try {
      // Before listening starts, a response would be missed.
      if (part === 'requests') await listening.begun();
      await store.notify(channel, formatMessage(self, part, entries));
      failures.end();
    } catch (error) {
      failures.report(error);
    }
  };
  const gathering = createGathering(clock, (part, entries) => void send(part, entries));
  const listening = createListening(store, clock, failures.report, (payload) => {
    try {
      // Other replicas write it. What another version or program writes has no effect, or throws here.
      takeMessage(JSON.parse(payload) as Message, self, listeners, gathering.add);
    } catch (error) {
      failures.report(error);
    }
  });

  return {
    begin: listening.begin,
    publish(job, fingerprint, changed) {
      if (!stopped) gathering.add('jobs', toPolledEntry(job, fingerprint, changed));
    },
    onReceived(receive) {
      listeners.receive = receive;
    },
    request(id) {
      if (stopped || failures.isReported()) return false;
      gathering.add('requests', JSON.stringify(formatJobId(id)));
      return true;
    },
    onRequested(find) {
      listeners.find = find;
    },
    onResponse(receiveKnown) {
      listeners.receiveKnown = receiveKnown;
    },
    async stop() {
      stopped = true;
      gathering.stop();
      await listening.stop();
    },
  };
}

/** Reports a failure once, not at every poll. */
function createFailureReport(onFailure: (error: unknown) => void) {
  let isReported = false;
  return {
    report(error: unknown): void {
      if (!isReported) onFailure(error);
      isReported = true;
    },
    end(): void {
      isReported = false;
    },
    isReported: () => isReported,
  };
}

/** Gathers entries for a moment, so that one message contains many. */
function createGathering(clock: Clock, send: (part: Part, entries: readonly string[]) => void) {
  let gathered: { part: Part; entry: string }[] = [];
  let cancel: (() => void) | null = null;
  const sendGathered = (): void => {
    cancel = null;
    for (const [part, entries] of Map.groupBy(gathered, (each) => each.part)) {
      for (const group of groupEntries(entries.map(({ entry }) => entry))) send(part, group);
    }
    gathered = [];
  };
  return {
    add(part: Part, entry: string): void {
      gathered.push({ part, entry });
      cancel ??= clock.at(clock.nowMs() + gatherMs, sendGathered);
    },
    stop: (): void => cancel?.(),
  };
}

/** Listens to the other replicas. Retries while the store is unavailable. */
function createListening(
  store: Pick<Store, 'listen'>,
  clock: Clock,
  report: (error: unknown) => void,
  onMessage: (payload: string) => void,
) {
  let begun: Promise<void> | null = null;
  let stopListening: (() => Promise<void>) | null = null;
  let cancel: (() => void) | null = null;
  let stopped = false;
  const listen = async (): Promise<void> => {
    try {
      const stop = await store.listen(channel, onMessage);
      if (stopped) await stop();
      else stopListening = stop;
    } catch (error) {
      report(error);
      if (!stopped) cancel = clock.at(clock.nowMs() + listenAgainMs, listen);
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
      cancel?.();
      await stopListening?.().catch(report);
    },
  };
}

/** Passes another replica's message to the listeners, and responds to its requests. */
function takeMessage(
  { from, jobs = [], requests = [], known = [] }: Message,
  self: string,
  { receive, find, receiveKnown }: Listeners,
  respond: (part: Part, entry: string) => void,
): void {
  if (from === self) return;
  for (const [id, fingerprint, fields] of jobs) {
    const jobId = parseJobId(id);
    const job = fields ? fromFields(fields) : fields === null ? 'tooLarge' : 'unchanged';
    if (jobId) receive(jobId, job, fingerprint, from < self);
  }
  for (const id of requests) {
    const jobId = parseJobId(id);
    const job = jobId && find(jobId);
    const entry = job && toKnownEntry(job);
    if (entry) respond('known', entry);
  }
  for (const fields of known) {
    const jobId = parseJobId(fields.id);
    if (jobId) receiveKnown(jobId, fromFields(fields));
  }
}
