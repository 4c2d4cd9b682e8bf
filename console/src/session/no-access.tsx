import type { ReactElement } from 'react';
import { useStore } from '../store.ts';
import { Empty, Skeleton } from '../ui/parts.tsx';
import { type ScopeName, viewer } from './viewer.ts';

/** What a page shows to a caller without its scope. While no caller is known, it may still be one with the scope. */
export function NoAccess({ scope }: { scope: ScopeName }): ReactElement {
  return useStore(viewer) === null ? <Skeleton rows={12} /> : <Empty>You can’t see this (needs {scope}).</Empty>;
}
