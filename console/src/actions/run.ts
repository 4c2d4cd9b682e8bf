import { follow, query } from '../api/client.ts';
import type { Failure } from '../api/failure.ts';
import { type JobAction, type JobRowFragment, JobsChangedDocument, ReadJobsDocument } from '../api/generated/graphql.ts';
import { createStore } from '../store.ts';
import { type ActionResult, type Group, groupOf, groups } from './group.ts';
import { maxIdsPerSend, send } from './send.ts';

/** A job that an action is performed on, as it was shown. */
export interface Target {
  id: string;
  name: string;
  systemId: string;
  systemTitle: string;
}

/** The jobs of one request, and its idempotency key; null: without one. */
interface Request {
  ids: readonly string[];
  idempotencyKey: string | null;
}

/** An action on several jobs, and its results so far. */
export interface Run {
  id: string;
  action: JobAction;
  reason: string;
  dryRun: boolean;
  startedAtMs: number;
  targets: readonly Target[];
  results: ReadonlyMap<string, ActionResult>;
  /** The jobs that were read after their results, by ID. */
  jobs: ReadonlyMap<string, JobRowFragment>;
  /** The requests that were answered. */
  requestIds: readonly string[];
  phase: 'sending' | 'done';
  /** The number of the attempt to send again, after a lost response. */
  resend: number;
  /** Why some jobs have no result. */
  failure: Failure | null;
  /** The request whose response was lost: a retry sends it again with its key, so that Jobyard performs it once. */
  unanswered: Request | null;
}

/** The maximum number of IDs in one read or subscription. */
const maxReadIds = 500;

/** The run that the drawer shows. */
export const shownRun = createStore<Run | null>(null);

/** Called with each job as it stands after an action. */
const readers = new Set<(job: JobRowFragment) => void>();
/** Called with each result. */
const resultReaders = new Set<(result: ActionResult) => void>();

export function onJobRead(reader: (job: JobRowFragment) => void): () => void {
  readers.add(reader);
  return () => readers.delete(reader);
}

export function onResult(reader: (result: ActionResult) => void): () => void {
  resultReaders.add(reader);
  return () => resultReaders.delete(reader);
}

let stopTracking: (() => void) | null = null;

/** Performs an action, and shows its results in the drawer as they arrive. */
export async function startRun(parts: Pick<Run, 'action' | 'reason' | 'dryRun' | 'targets'>): Promise<void> {
  stopTracking?.();
  const run: Run = {
    ...parts,
    id: crypto.randomUUID(),
    startedAtMs: Date.now(),
    results: new Map(),
    jobs: new Map(),
    requestIds: [],
    phase: 'sending',
    resend: 0,
    failure: null,
    unanswered: null,
  };
  shownRun.set(run);
  const ids = run.targets.map(({ id }) => id);
  await sendAll(run, toRequests(ids, true));
}

/**
 * Sends the action again to these jobs: those of an unanswered request with its key, the others as requests of their own. Without a key, a
 * lost response leaves the outcome open.
 */
export async function repeatRun(run: Run, ids: readonly string[], withKey = true): Promise<void> {
  const { unanswered } = run;
  const again = unanswered?.ids.every((id) => ids.includes(id)) ? [unanswered] : [];
  const others = ids.filter((id) => !again.some((request) => request.ids.includes(id)));
  change(run.id, { phase: 'sending', failure: null, unanswered: null });
  await sendAll(run, [...again, ...toRequests(others, withKey)]);
}

function toRequests(ids: readonly string[], withKey: boolean): Request[] {
  return chunk(ids, maxIdsPerSend).map((part) => ({ ids: part, idempotencyKey: withKey ? crypto.randomUUID() : null }));
}

function chunk(ids: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, index) => ids.slice(index * size, (index + 1) * size));
}

async function sendAll(run: Run, requests: readonly Request[]): Promise<void> {
  for (const request of requests) {
    const { action, reason, dryRun } = run;
    const sent = await send({ action, reason, dryRun, ...request }, (resend) => change(run.id, { resend }));
    if ('failure' in sent) {
      change(run.id, { failure: sent.failure, unanswered: sent.failure.kind === 'unreachable' ? request : null });
      break;
    }
    record(run.id, sent.results, sent.requestId);
  }
  change(run.id, { phase: 'done', resend: 0 });
  if (!run.dryRun) {
    track(run.id);
    await readAgain(
      run.id,
      requests.flatMap(({ ids }) => ids),
    );
  }
}

function record(runId: string, results: readonly ActionResult[], requestId: string | null): void {
  const run = shownRun.get();
  for (const result of results) for (const reader of resultReaders) reader(result);
  if (run?.id !== runId) return;
  const jobs = new Map(run.jobs);
  for (const { jobId } of results) jobs.delete(jobId);
  const requestIds = requestId === null ? run.requestIds : [...run.requestIds, requestId];
  shownRun.set({
    ...run,
    jobs,
    requestIds,
    results: new Map([...run.results, ...results.map((result) => [result.jobId, result] as const)]),
  });
}

/** Subscribes to the jobs of accepted actions until they end. */
function track(runId: string): void {
  stopTracking?.();
  const run = shownRun.get();
  if (run?.id !== runId) return;
  const open = [...run.results.values()].filter((result) => groupOf(result) === 'ACCEPTED').map(({ jobId }) => jobId);
  if (open.length === 0) return;
  const stops = chunk(open, maxReadIds).map((ids) =>
    follow(JobsChangedDocument, { ids }, { next: ({ jobsChanged }) => noteJob(runId, jobsChanged) }),
  );
  stopTracking = () => {
    for (const stop of stops) stop();
  };
}

/** Reads jobs again, and shows what has become of them. */
export async function readAgain(runId: string, ids: readonly string[]): Promise<void> {
  for (const part of chunk(ids, maxReadIds)) {
    const { data } = await query(ReadJobsDocument, { ids: part });
    for (const result of data?.jobsByIds ?? []) if (result.__typename === 'Job') noteJob(runId, result);
  }
}

function noteJob(runId: string, job: JobRowFragment): void {
  for (const reader of readers) reader(job);
  const run = shownRun.get();
  if (run?.id === runId) shownRun.set({ ...run, jobs: new Map(run.jobs).set(job.id, job) });
}

function change(runId: string, changed: Partial<Run>): void {
  const run = shownRun.get();
  if (run?.id === runId) shownRun.set({ ...run, ...changed });
}

export function closeRun(): void {
  stopTracking?.();
  stopTracking = null;
  shownRun.set(null);
}

/** The results of a run by group, without empty groups. */
export function groupRun(run: Run): { group: Group; results: readonly ActionResult[] }[] {
  const byGroup = Map.groupBy(run.results.values(), (result) => groupOf(result, run.jobs.get(result.jobId)));
  return groups.flatMap((group) => {
    const results = byGroup.get(group);
    return results ? [{ group, results }] : [];
  });
}
