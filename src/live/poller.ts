import type { Clock } from '../concurrency/clock.ts';
import { chunk, mapConcurrently } from '../concurrency/map-concurrently.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import { addKnownFacts } from '../jobs/create-job.ts';
import { isTerminal, type Job } from '../jobs/job.ts';
import type { JobRead } from '../reading/reader.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { HeardJob } from './replica-channel.ts';

/** One watcher of one job. */
export interface Watching {
  /** Whom reads of the job count for if no other caller watches it. */
  caller: string;
  deliver(read: JobRead): void;
  /** The poller's own: the version of the job that was delivered last. */
  version?: number;
}

/** Reads the watched jobs of one system again and again, all that are due together, and tells each change to all who watch. */
export interface Poller {
  add(vendorId: string, watching: Watching): void;
  remove(vendorId: string, watching: Watching): void;
  /** What somebody else's request showed. `byId` false: only the status is to be trusted (a row of a list, a confirmed action). */
  note(vendorId: string, read: JobRead, byId: boolean): void;
  /**
   * What another replica polled. That one goes on polling it, except where both have just done so: then the one that comes first does.
   */
  hear(vendorId: string, job: HeardJob, fingerprint: string, comesFirst: boolean): void;
  /** The newest copy of the job, for other replicas; null: there is none that is worth telling. */
  find(vendorId: string): Job | null;
  /** What another replica knew when it was asked. */
  learn(vendorId: string, job: Job): void;
  watchedJobs(): number;
  stop(): void;
}

export interface PollerOptions {
  system: ServedSystem;
  /** The watchers' own; null where the system's configured one is used. */
  credential: string | null;
  clock: Clock;
  /** Told of each batch of reads and, for each job in it, of what came. */
  onPoll(): void;
  onPolled(read: JobRead, fingerprint: string, changed: boolean): void;
  /** Asks the other replicas for what they know of a job. False, or null: there are none. */
  askOthers: ((vendorId: string) => boolean) | null;
  /** Nobody watches any more. */
  onIdle(): void;
  onBug(error: unknown): void;
}

/** A job is read as often as this, or as its vendor allows where that is less often. */
const minIntervalMs = 1_000;
/** A job that does not change is read less and less often, down to this. */
const maxIntervalMs = 15_000;
const backoffFactor = 1.5;
/** A job that another replica polls: this one takes over where that one has missed a turn. */
const followerFactor = 1.7;
/** Reads fall due on marks this far apart, so that jobs share a request. */
const markMs = 250;
/** How long other replicas have to answer before a job is read that its vendor may refuse to show so soon again. */
const answerMs = 250;

/** Whom reads count for that are made for several callers. */
const sharedCaller = 'live updates';

interface Topic {
  vendorId: string;
  watchings: Set<Watching>;
  latest: JobRead | null;
  fingerprint: string;
  /** Counts the changes. */
  version: number;
  /** When the job was last read by id, and when by this poller. */
  readAtMs: number;
  polledAtMs: number;
  intervalMs: number;
  dueAtMs: number;
  /** The batch in which it is being read; null again as soon as its own answer is there. */
  batch: Batch | null;
  /** The other replicas were asked, and nothing good is known of it yet. */
  hasAsked: boolean;
}

interface Batch {
  topics: readonly Topic[];
  stop: AbortController;
}

export function createPoller(options: PollerOptions): Poller {
  const { system, clock } = options;
  const minMs = (): number => Math.max(minIntervalMs, system.adapter.reads.minIntervalMs);
  // Where every replica may read at any time, that is the shortest way.
  const askOthers = (vendorId: string): boolean => system.adapter.reads.minIntervalMs > 0 && (options.askOthers?.(vendorId) ?? false);
  const topics = new Map<string, Topic>();
  let alarm: { atMs: number; callOff(): void } | null = null;

  const wakeAt = (atMs: number): void => {
    if (alarm && alarm.atMs <= atMs) return;
    alarm?.callOff();
    const callOff = clock.at(atMs, () => {
      alarm = null;
      poll();
    });
    alarm = { atMs, callOff };
  };

  const wakeForNext = (): void => {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const { batch, dueAtMs } of topics.values()) if (!batch && dueAtMs < earliestMs) earliestMs = dueAtMs;
    if (earliestMs < Number.POSITIVE_INFINITY) wakeAt(earliestMs);
  };

  const poll = (): void => {
    const nowMs = clock.nowMs();
    const due = Array.from(topics.values()).filter(({ batch, dueAtMs }) => !batch && dueAtMs <= nowMs);
    const batch: Batch = { topics: due, stop: new AbortController() };
    for (const topic of due) topic.batch = batch;
    wakeForNext();
    if (due.length === 0) return;
    options.onPoll();
    const { maxBatchSize, scanFrom } = system.adapter.reads;
    const readParts = (parts: readonly (readonly Topic[])[], caller: string): void =>
      void mapConcurrently(parts, system.concurrency, (part) => readPart(batch, part, caller).catch(options.onBug));
    // The reader itself chooses where it may read lists instead.
    if (scanFrom !== null && due.length >= scanFrom) readParts([due], sharedCaller);
    // Request by request, so that one that hangs holds back no other; and where each job costs a request, no caller's jobs hold back another's.
    else if (maxBatchSize === 1) for (const [caller, own] of Map.groupBy(due, callerOf)) readParts(chunk(own, 1), caller);
    else readParts(chunk(due, maxBatchSize), sharedCaller);
  };

  const readPart = async (batch: Batch, part: readonly Topic[], caller: string): Promise<void> => {
    const isOpen = (topic: Topic): boolean => topics.get(topic.vendorId) === topic && topic.batch === batch;
    // Of those that nobody watches any more by now there is nothing to read.
    const wanted = part.filter(isOpen);
    if (wanted.length === 0) return;
    try {
      const vendorIds = wanted.map(({ vendorId }) => vendorId);
      const reads = await system.reader.read(vendorIds, { caller, signal: batch.stop.signal, credential: options.credential });
      for (const [index, topic] of wanted.entries()) if (isOpen(topic)) takeAnswer(topic, reads[index] as JobRead);
    } finally {
      // Where the read threw: not again at once.
      for (const topic of wanted.filter(isOpen)) {
        topic.batch = null;
        topic.dueAtMs = clock.nowMs() + maxIntervalMs;
      }
      wakeForNext();
    }
  };

  /** Of a job that is being read: it waits for no other of its batch. */
  const takeAnswer = (topic: Topic, read: JobRead): void => {
    topic.batch = null;
    const changed = observe(topic, read, fingerprintOf(read), 1);
    topic.polledAtMs = topic.readAtMs;
    options.onPolled(read, topic.fingerprint, changed);
    // The last who watched it may have been satisfied by that.
    if (topics.get(topic.vendorId) === topic) wakeAt(topic.dueAtMs);
  };

  /** A copy that was read by id. Whether it differs from the one before. */
  const observe = (topic: Topic, seen: JobRead, fingerprint: string, patience: number): boolean => {
    const nowMs = clock.nowMs();
    const read = withKnownFacts(seen, topic.latest);
    const changed = fingerprint !== topic.fingerprint || nameOf(read) !== nameOf(topic.latest);
    topic.hasAsked &&= read.kind === 'problem' || (read.kind === 'job' && read.job.stale);
    const slowedDownMs = Math.max(minMs(), Math.min(maxIntervalMs, topic.intervalMs * backoffFactor));
    topic.intervalMs = changed ? minMs() : slowedDownMs;
    topic.readAtMs = nowMs;
    const retryAfterMs = (problemOf(read)?.retryAfterSeconds ?? 0) * 1000;
    topic.dueAtMs = nextMark(nowMs + Math.max(topic.intervalMs * patience, retryAfterMs));
    topic.latest = read;
    topic.fingerprint = fingerprint;
    if (changed) topic.version += 1;
    deliver(topic, read);
    return changed;
  };

  const readSoon = (topic: Topic): void => {
    topic.intervalMs = minMs();
    topic.dueAtMs = Math.max(clock.nowMs(), Math.min(topic.dueAtMs, topic.readAtMs + topic.intervalMs));
    wakeAt(topic.dueAtMs);
  };

  const deliver = (topic: Topic, read: JobRead): void => {
    for (const watching of topic.watchings) {
      if (watching.version === topic.version) continue;
      watching.version = topic.version;
      watching.deliver(read);
    }
  };

  return {
    add(vendorId, watching) {
      const nowMs = clock.nowMs();
      let topic = topics.get(vendorId);
      if (!topic) {
        // Another replica may poll it, and the vendor would refuse a second one.
        const hasAsked = askOthers(vendorId);
        topic = {
          vendorId,
          watchings: new Set(),
          latest: null,
          fingerprint: '',
          version: 0,
          readAtMs: Number.NEGATIVE_INFINITY,
          polledAtMs: Number.NEGATIVE_INFINITY,
          intervalMs: minMs(),
          dueAtMs: nowMs + (hasAsked ? answerMs : 0),
          batch: null,
          hasAsked,
        };
        topics.set(vendorId, topic);
      }
      topic.watchings.add(watching);
      if (topic.latest && nowMs - topic.readAtMs < minMs()) {
        deliver(topic, topic.latest);
        return;
      }
      // What is known of a job that is read less often may be old.
      if (!topic.batch && (topic.latest || !topic.hasAsked)) topic.dueAtMs = Math.min(topic.dueAtMs, nowMs);
      if (!topic.batch) wakeAt(topic.dueAtMs);
    },

    remove(vendorId, watching) {
      const topic = topics.get(vendorId);
      if (!topic?.watchings.delete(watching) || topic.watchings.size > 0) return;
      topics.delete(vendorId);
      if (topic.batch?.topics.every(({ batch, watchings }) => batch !== topic.batch || watchings.size === 0)) topic.batch.stop.abort();
      if (topics.size > 0) return;
      alarm?.callOff();
      alarm = null;
      options.onIdle();
    },

    note(vendorId, read, byId) {
      const topic = topics.get(vendorId);
      if (!topic) return;
      if (byId) {
        if (topic.batch) takeAnswer(topic, read);
        else observe(topic, read, fingerprintOf(read), 1);
        return;
      }
      // A read of its own that is under way will tell, and be the newer one.
      if (topic.batch || !topic.latest || statusOf(topic.latest) === statusOf(read)) return;
      const isDoubtful = topic.latest.kind === 'job' && isTerminal(topic.latest.job.status);
      if (!isDoubtful) {
        topic.latest = withKnownFacts(read, topic.latest);
        topic.fingerprint = fingerprintOf(read);
        topic.version += 1;
        deliver(topic, topic.latest);
      }
      readSoon(topic);
    },

    hear(vendorId, job, fingerprint, comesFirst) {
      const topic = topics.get(vendorId);
      if (!topic || topic.batch) return;
      const isSame = topic.fingerprint === fingerprint;
      const copy = typeof job === 'object' ? ({ kind: 'job', job } as const) : isSame ? topic.latest : null;
      if (!copy) {
        if (job === 'tooLarge') readSoon(topic);
        topic.hasAsked = askOthers(vendorId);
        return;
      }
      const bothPolled = clock.nowMs() - topic.polledAtMs < minMs() / 2;
      if (!bothPolled || comesFirst) observe(topic, copy, fingerprint, followerFactor);
      else if (!isSame) observe(topic, copy, fingerprint, 1);
    },

    find(vendorId) {
      const latest = topics.get(vendorId)?.latest;
      return latest?.kind === 'job' && !latest.job.stale && !latest.job.problem ? latest.job : null;
    },

    learn(vendorId, job) {
      const topic = topics.get(vendorId);
      if (!topic?.hasAsked) return;
      topic.batch = null;
      const read = { kind: 'job', job } as const;
      observe(topic, read, fingerprintOf(read), followerFactor);
      if (topics.get(vendorId) === topic) wakeAt(topic.dueAtMs);
    },

    watchedJobs: () => topics.size,

    stop() {
      alarm?.callOff();
      alarm = null;
      for (const { batch } of topics.values()) batch?.stop.abort();
      topics.clear();
    },
  };
}

/** Those of several callers must not wait in the line of one. */
function callerOf({ watchings }: Topic): string {
  const [first, ...others] = new Set(Array.from(watchings, ({ caller }) => caller));
  return first !== undefined && others.length === 0 ? first : sharedCaller;
}

function nextMark(timeMs: number): number {
  return Math.ceil(timeMs / markMs) * markMs;
}

/** A read by id may lack what a list or another replica has (Vault's title). */
function withKnownFacts(read: JobRead, latest: JobRead | null): JobRead {
  if (read.kind !== 'job' || latest?.kind !== 'job' || (read.job.name !== null && !read.job.leftOut)) return read;
  const job = { ...read.job };
  addKnownFacts(job, latest.job);
  return { kind: 'job', job };
}

function nameOf(read: JobRead | null): string | null {
  return read?.kind === 'job' ? read.job.name : null;
}

function problemOf(read: JobRead) {
  if (read.kind === 'notFound') return null;
  return read.kind === 'problem' ? read.problem : read.job.problem;
}

function statusOf(read: JobRead): string {
  return read.kind === 'job' ? `${read.job.status} ${read.job.vendorStatus}` : read.kind;
}
