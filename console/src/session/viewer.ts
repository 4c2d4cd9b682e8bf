import { query } from '../api/client.ts';
import { ViewerDocument, type ViewerQuery } from '../api/generated/graphql.ts';
import { createStore, useStore } from '../store.ts';
import { credential } from './credential.ts';

export type Viewer = ViewerQuery['viewer'];
export type ScopeName = 'jobs:read' | 'jobs:cancel' | 'jobs:operate' | 'jobs:raw' | 'jobs:logs' | 'systems:read' | 'audit:read';

/** Who calls, and what the caller may do. Null: not known yet. */
export const viewer = createStore<Viewer | null>(null);

/** Reads the caller now, and after each change of the credential. */
export function startViewer(): void {
  credential.subscribe(() => {
    viewer.set(null);
    void readViewer();
  });
  void readViewer();
}

export async function readViewer(): Promise<void> {
  const asked = credential.get();
  const { data } = await query(ViewerDocument, {});
  if (data && credential.get() === asked) viewer.set(data.viewer);
}

/** Whether the caller has the scope: for the system, or without `systemId` for any system. */
export function may(caller: Viewer | null, scope: ScopeName, systemId?: string): boolean {
  return (caller?.scopes ?? []).some(
    ({ name, systemIds }) => name === scope && (systemId === undefined || systemIds === null || systemIds.includes(systemId)),
  );
}

export function useMay(scope: ScopeName): boolean {
  return may(useStore(viewer), scope);
}
