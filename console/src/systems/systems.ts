import { follow, query } from '../api/client.ts';
import type { Failure } from '../api/failure.ts';
import { SystemsChangedDocument, SystemsDocument, type SystemsQuery } from '../api/generated/graphql.ts';
import { may, viewer } from '../session/viewer.ts';
import { createStore } from '../store.ts';

export type System = SystemsQuery['jobSystems'][number];

export interface SystemsState {
  systems: readonly System[];
  failure: Failure | null;
  /** When they were last read, on this machine's clock. */
  readAtMs: number | null;
}

const nothing: SystemsState = { systems: [], failure: null, readAtMs: null };

/** All systems, for each page. Read again every 15 seconds while the tab is visible; the page Systems follows them. */
export const systems = createStore<SystemsState>(nothing);

const pollMs = 15_000;

export async function readSystems(): Promise<void> {
  if (!may(viewer.get(), 'systems:read')) return;
  const answer = await query(SystemsDocument, {});
  if (answer.data) systems.set({ systems: answer.data.jobSystems, failure: answer.failure, readAtMs: Date.now() });
  else systems.set({ ...systems.get(), failure: answer.failure });
}

/** Takes the changes of the systems as they come. Returns how to stop. */
export function followSystems(): () => void {
  return follow(
    SystemsChangedDocument,
    {},
    {
      next({ jobSystemsChanged: changed }) {
        const now = systems.get();
        const all = now.systems.map((system) => (system.id === changed.id ? { ...system, ...changed } : system));
        systems.set({ ...now, systems: all, readAtMs: Date.now() });
      },
    },
  );
}

/** Returns how to stop. */
export function startSystems(): () => void {
  const stop = viewer.subscribe(() => {
    if (viewer.get() === null) systems.set(nothing);
    else void readSystems();
  });
  const timer = setInterval(() => {
    if (!document.hidden) void readSystems();
  }, pollMs);
  void readSystems();
  return () => {
    stop();
    clearInterval(timer);
  };
}

/** The title of a system, or its ID where the caller can't read systems. */
export function titleOf(id: string): string {
  return systems.get().systems.find((system) => system.id === id)?.title ?? id;
}

export const systemIdOf = (jobId: string): string => jobId.slice(0, jobId.indexOf(':'));
