import { useRef, useState } from 'react';
import { query } from '../api/client.ts';
import type { Failure } from '../api/failure.ts';
import { EventsDocument, type JobEventFilter } from '../api/generated/graphql.ts';
import { useReading } from '../ui/reading.ts';
import type { AuditEvent } from './csv.ts';

export interface EventsState {
  phase: 'loading' | 'ready' | 'failed';
  events: readonly AuditEvent[];
  hasMore: boolean;
  failure: Failure | null;
}

const pageSize = 100;
const nothing: EventsState = { phase: 'loading', events: [], hasMore: false, failure: null };

/** The events of a filter, page by page. `key`: changes with the filter. */
export function useEvents(
  filter: JobEventFilter,
  key: string,
): { state: EventsState; loadMore: () => Promise<void>; reload: () => Promise<void> } {
  const [state, setState] = useState(nothing);
  const cursor = useRef<string | null>(null);
  const latest = useRef(key);
  latest.current = key;
  const read = async (after: string | null, previous: readonly AuditEvent[]): Promise<void> => {
    const answer = await query(EventsDocument, { filter, first: pageSize, after });
    if (latest.current !== key) return;
    if (!answer.data) return setState((now) => ({ ...now, phase: 'failed', failure: answer.failure }));
    const { nodes, pageInfo } = answer.data.jobEvents;
    cursor.current = pageInfo.endCursor;
    setState({ phase: 'ready', events: [...previous, ...nodes], hasMore: pageInfo.hasNextPage, failure: null });
  };
  useReading(key, () => {
    setState((now) => ({ ...now, phase: 'loading' }));
    void read(null, []);
  });
  return { state, loadMore: () => read(cursor.current, state.events), reload: () => read(null, []) };
}
