import { useRef, useState } from 'react';
import { query } from '../api/client.ts';
import { describeFailure } from '../api/failure.ts';
import { JobLogDocument, type LogLineTextFragment, type LogSeverity } from '../api/generated/graphql.ts';
import { useReading } from '../ui/reading.ts';

/** A line, and its cursor, which tells it from equal ones. */
export type LogLine = LogLineTextFragment & { cursor: string };

export interface LogState {
  lines: readonly LogLine[];
  /** There is no log. */
  isAbsent: boolean;
  isReading: boolean;
  /** More lines exist. Otherwise, later ones may follow. */
  hasMore: boolean;
  /** Why lines are missing. `isGap`: the system doesn't return them, so reading again doesn't help. */
  problem: { message: string; isGap: boolean } | null;
}

const pageLines = 200;
const start: LogState = { lines: [], isAbsent: false, isReading: true, hasMore: false, problem: null };

/** The log of a job from its start, page by page. `minSeverity` null: all lines. */
export function useLog(id: string, minSeverity: LogSeverity | null): { log: LogState; readMore: () => void } {
  const [log, setLog] = useState<LogState>(start);
  const position = useRef<string | null>(null);
  /** Of the log that is shown: a response for an earlier one is ignored. */
  const turn = useRef(0);

  const read = async (): Promise<void> => {
    const asked = turn.current;
    setLog((before) => ({ ...before, isReading: true }));
    const { data, failure } = await query(JobLogDocument, { id, first: pageLines, after: position.current, minSeverity });
    if (turn.current !== asked) return;
    if (data?.job.__typename !== 'Job' || failure) {
      const message = failure ? describeFailure(failure) : data && 'message' in data.job ? data.job.message : '';
      return setLog((before) => ({ ...before, isReading: false, problem: { message, isGap: false } }));
    }
    const page = data.job.log;
    if (page === null) return setLog({ ...start, isReading: false, isAbsent: true });
    position.current = page.pageInfo.endCursor ?? position.current;
    setLog((before) => ({
      lines: [...before.lines, ...page.edges.map(({ cursor, node }) => ({ ...node, cursor }))],
      isAbsent: false,
      isReading: false,
      hasMore: page.pageInfo.hasNextPage,
      problem: page.problem && { message: page.problem.message, isGap: page.problem.code === 'INCOMPLETE_LOG' },
    }));
  };

  useReading(`${id} ${minSeverity}`, () => {
    turn.current += 1;
    position.current = null;
    setLog(start);
    void read();
  });
  return { log, readMore: () => void read() };
}
