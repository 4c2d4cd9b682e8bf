// Live updates: polls the jobs that callers subscribe to or wait for, once for all their watchers and replicas.

import type { Clock } from '../concurrency/clock.ts';
import { createNewestByKey, type NewestByKey } from '../concurrency/newest-by-key.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import { isTerminal } from '../jobs/job.ts';
import { formatJobId } from '../jobs/job-id.ts';
import type { JobRead } from '../reading/job-read.ts';
import { createPoller, type Poller } from './poller.ts';
import type { ReplicaChannel } from './replica-channel.ts';
import type { Watching } from './watched-job.ts';

/** A job to watch. */
export interface WatchTarget {
  system: ServedSystem;
  vendorId: string;
  /** The caller that reads of the job count toward if no other caller watches it; see CallContext. */
  caller: string;
  /** The watcher's own credential for the system; null: the configured one. */
  credential: string | null;
}

/** A read of a watched job. */
export interface Observation {
  system: ServedSystem;
  vendorId: string;
  read: JobRead;
}

export interface WatchOptions {
  /** Whether a job needs no more watching. Default: it has ended, or doesn't exist. */
  isOver?: (read: JobRead) => boolean;
  /** Observations to deliver first, of jobs that are not watched. */
  known?: readonly Observation[];
}

/** Watches jobs. A job is polled once, however many watchers it has. */
export interface JobWatcher {
  /**
   * The current state of each job, then its changes; ends when all jobs are over. A slow reader may miss intermediate states, never the latest.
   */
  watch(targets: readonly WatchTarget[], options?: WatchOptions): NewestByKey<Observation>;
  /** A read by another request; see Poller. */
  note(systemId: string, vendorId: string, read: JobRead, byId: boolean): void;
  watchedJobs(): number;
  /** Batches of reads so far. */
  polls(): number;
  /** Ends all watching. */
  close(): void;
}

export interface JobWatcherOptions {
  clock: Clock;
  /** Null: this is the only process. */
  replicas: ReplicaChannel | null;
  onBug(error: unknown): void;
}

export function createJobWatcher({ clock, replicas, onBug }: JobWatcherOptions): JobWatcher {
  const watches = new Set<NewestByKey<Observation>>();
  let polls = 0;
  let closed = false;
  const onPoll = (): void => {
    polls += 1;
  };
  const pollers = createPollers({ clock, replicas, onPoll, onBug });
  replicas?.onReceived(({ systemId, vendorId }, job, fingerprint, comesFirst) => {
    pollers.find(systemId)?.receive(vendorId, job, fingerprint, comesFirst);
  });
  replicas?.onRequested(({ systemId, vendorId }) => pollers.find(systemId)?.find(vendorId) ?? null);
  replicas?.onResponse(({ systemId, vendorId }, job) => pollers.find(systemId)?.receiveKnown(vendorId, job));

  return {
    watch(targets, { isOver = isOverForGood, known = [] } = {}) {
      const watch = createWatch(targets, isOver, () => watches.delete(watch.seen));
      const { seen } = watch;
      for (const observation of known) seen.put(idOf(observation), observation);
      if (closed || targets.length === 0) {
        seen.end();
        return seen;
      }
      watches.add(seen);
      replicas?.begin();
      watch.begin(pollers.for);
      return seen;
    },
    note(systemId, vendorId, read, byId) {
      pollers.find(systemId)?.note(vendorId, read, byId);
    },
    watchedJobs: () => pollers.all().reduce((sum, poller) => sum + poller.watchedJobs(), 0),
    polls: () => polls,
    close() {
      closed = true;
      pollers.stop();
      for (const seen of watches) seen.end();
      watches.clear();
    },
  };
}

/** The pollers by system and credential: no other caller may see what one caller's own credential can read. */
function createPollers({ clock, replicas, onPoll, onBug }: JobWatcherOptions & { onPoll(): void }) {
  const pollers = new Map<string, Poller>();
  const create = (system: ServedSystem, credential: string | null, onIdle: () => void): Poller =>
    createPoller({
      system,
      credential,
      clock,
      onPoll,
      onPolled(read, fingerprint, changed) {
        if (credential === null && read.kind === 'job' && !read.job.stale) replicas?.publish(read.job, fingerprint, changed);
      },
      requestFromReplicas: replicas && credential === null ? (vendorId) => replicas.request({ systemId: system.id, vendorId }) : null,
      onIdle,
      onBug,
    });
  return {
    for({ system, credential }: WatchTarget): Poller {
      const key = keyOf(system.id, credential);
      let poller = pollers.get(key);
      if (!poller) {
        poller = create(system, credential, () => pollers.delete(key));
        pollers.set(key, poller);
      }
      return poller;
    },
    /** The poller with the configured credential. */
    find: (systemId: string): Poller | undefined => pollers.get(keyOf(systemId, null)),
    all: (): Poller[] => Array.from(pollers.values()),
    stop(): void {
      for (const poller of pollers.values()) poller.stop();
      pollers.clear();
    },
  };
}

/** One watch of several jobs. `onEnd`: called when it needs no more polls. */
function createWatch(targets: readonly WatchTarget[], isOver: (read: JobRead) => boolean, onEnd: () => void) {
  const wanted = new Map(targets.map((target) => [idOf(target), target]));
  // Complete before any job is added: the first may be over as soon as it is added.
  const open = new Map<string, () => void>(Array.from(wanted.keys(), (id) => [id, () => {}]));
  const seen = createNewestByKey<Observation>(() => {
    onEnd();
    for (const leave of open.values()) leave();
    open.clear();
  });
  const end = (id: string): void => {
    open.delete(id);
    if (open.size > 0) return;
    onEnd();
    seen.end();
  };
  return {
    seen,
    begin(pollerFor: (target: WatchTarget) => Poller): void {
      for (const [id, target] of wanted) {
        const { system, vendorId, caller } = target;
        const poller = pollerFor(target);
        const leave = (): void => poller.remove(vendorId, watching);
        const watching: Watching = {
          caller,
          deliver(read) {
            seen.put(id, { system, vendorId, read });
            if (!isOver(read)) return;
            leave();
            end(id);
          },
        };
        open.set(id, leave);
        poller.add(vendorId, watching);
      }
    },
  };
}

/** The ID of a job to watch. */
export function idOf({ system, vendorId }: Pick<WatchTarget, 'system' | 'vendorId'>): string {
  return formatJobId({ systemId: system.id, vendorId });
}

function isOverForGood(read: JobRead): boolean {
  return read.kind === 'notFound' || (read.kind === 'job' && isTerminal(read.job.status));
}

function keyOf(systemId: string, credential: string | null): string {
  return credential === null ? systemId : `${systemId} ${credential}`;
}
