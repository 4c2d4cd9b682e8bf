import { useState } from 'react';
import { onJobRead } from '../actions/run.ts';
import { follow, query } from '../api/client.ts';
import type { Failure } from '../api/failure.ts';
import { JobDetailsDocument, type JobDetailsQuery, JobsChangedDocument } from '../api/generated/graphql.ts';
import { useReading } from '../ui/reading.ts';

export type JobResult = JobDetailsQuery['job'];
export type JobDetails = Extract<JobResult, { __typename: 'Job' }>;

/** The job as last read. */
export type JobState = { phase: 'loading' } | { phase: 'failed'; failure: Failure } | { phase: 'ready'; result: JobResult };

const pollMs = 15_000;
/** Changes that arrive together are read once. */
const restMs = 500;

/** Reads a job, and reads it again when it changes. */
export function useJob(id: string): { state: JobState; read: () => Promise<void> } {
  const [state, setState] = useState<JobState>({ phase: 'loading' });
  const read = async (): Promise<void> => {
    const answer = await query(JobDetailsDocument, { id });
    if (answer.data) setState({ phase: 'ready', result: answer.data.job });
    else setState({ phase: 'failed', failure: answer.failure });
  };
  useReading(id, () => {
    setState({ phase: 'loading' });
    let rest: ReturnType<typeof setTimeout> | undefined;
    const readSoon = (): void => {
      clearTimeout(rest);
      rest = setTimeout(read, restMs);
    };
    void read();
    let isFirst = true;
    const stop = follow(
      JobsChangedDocument,
      { ids: [id] },
      {
        next() {
          // The first event is the state that was just read.
          if (!isFirst) readSoon();
          isFirst = false;
        },
      },
    );
    const stopReading = onJobRead((job) => job.id === id && readSoon());
    const timer = setInterval(() => document.hidden || readSoon(), pollMs);
    return () => {
      stop();
      stopReading();
      clearInterval(timer);
      clearTimeout(rest);
    };
  });
  return { state, read };
}
