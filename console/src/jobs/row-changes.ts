import { follow, query } from '../api/client.ts';
import { FailedDetailsDocument, type JobRowFragment, JobsChangedDocument, RunningDetailsDocument } from '../api/generated/graphql.ts';
import type { Rows } from './rows.ts';

/** Keeps the rows in sight current: their changes, progress, and failures. */
export interface RowChanges {
  /** Called with the rows in sight whenever they change. */
  show(ids: readonly string[]): void;
  close(): void;
}

/** Jobs per subscription. */
const maxFollowed = 200;
/** Rows whose progress and failures are read, which costs the systems requests. */
const maxDetailed = 60;
/** After scrolling stops. */
const restMs = 200;
const progressMs = 15_000;

export function createRowChanges(rows: Rows, onChange: (job: JobRowFragment) => void): RowChanges {
  let followed = new Set<string>();
  let stopFollowing: (() => void) | null = null;
  let shown: readonly string[] = [];
  let rest: ReturnType<typeof setTimeout> | null = null;
  const readAtMs = new Map<string, number>();

  const settle = (): void => {
    followMissing();
    void readDetails();
  };
  const followMissing = (): void => {
    const active = shown.filter((id) => rows.get(id)?.job.isTerminal === false).slice(0, maxFollowed);
    if (active.every((id) => followed.has(id))) return;
    followed = new Set(active);
    const previous = stopFollowing;
    stopFollowing = follow(
      JobsChangedDocument,
      { ids: active },
      {
        next: ({ jobsChanged }) => onChange(jobsChanged),
        // All of them have ended. One that is restarted is followed again.
        ended: () => {
          followed = new Set();
        },
      },
    );
    previous?.();
  };
  const readDetails = async (): Promise<void> => {
    const inSight = shown.slice(0, maxDetailed);
    const of = (status: JobRowFragment['status'], pauseMs: number): string[] =>
      inSight.filter((id) => rows.get(id)?.job.status === status && Date.now() - (readAtMs.get(`${status} ${id}`) ?? 0) > pauseMs);
    const running = of('RUNNING', progressMs);
    const failed = of('FAILED', Number.MAX_SAFE_INTEGER).filter((id) => !readAtMs.has(`FAILED ${id}`));
    for (const id of running) readAtMs.set(`RUNNING ${id}`, Date.now());
    for (const id of failed) readAtMs.set(`FAILED ${id}`, Date.now());
    await Promise.all([readProgress(rows, running), readFailures(rows, failed)]);
  };
  const timer = setInterval(() => {
    if (!document.hidden) void readDetails();
  }, progressMs);

  return {
    show(ids) {
      shown = ids;
      if (rest) clearTimeout(rest);
      rest = setTimeout(settle, restMs);
    },
    close() {
      if (rest) clearTimeout(rest);
      clearInterval(timer);
      stopFollowing?.();
    },
  };
}

async function readProgress(rows: Rows, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { data } = await query(RunningDetailsDocument, { ids: [...ids] });
  for (const result of data?.jobsByIds ?? []) if (result.__typename === 'Job') rows.change(result.id, { progress: result.progress });
}

async function readFailures(rows: Rows, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { data } = await query(FailedDetailsDocument, { ids: [...ids] });
  for (const result of data?.jobsByIds ?? []) {
    if (result.__typename === 'Job') rows.change(result.id, { failureMessage: result.failureMessage });
  }
}
