import type { KineticaJob } from './job.ts';

/** A job to add. A field that is left out gets an ordinary value, and an asynchronous job gets its own tag. */
export interface JobInput extends Partial<KineticaJob> {
  /** For WAITING: the time until the job starts. Default: it never starts. */
  waitsMs?: number;
  /** The time until the job ends, from now or, if it waits, from its start. Default: it never ends. */
  runsMs?: number;
}

/** Fills in the fields that were left out. `createTag` is called once for each asynchronous job, with a tag or without. */
export function completeJob(id: string, { waitsMs: _, runsMs, ...given }: JobInput, createTag: () => string, nowMs: number): KineticaJob {
  const kind = given.kind ?? 'async';
  const status = given.status ?? 'RUNNING';
  const receivedAtMs = given.receivedAtMs ?? nowMs;
  return {
    kind,
    tag: kind === 'async' ? createTag() : '',
    endpoint: '/execute/sql',
    status,
    running: status === 'WAITING' || status === 'RUNNING',
    receivedAtMs,
    startedAtMs: status === 'WAITING' ? undefined : receivedAtMs,
    endsAtMs: status === 'RUNNING' && runsMs !== undefined ? nowMs + runsMs : undefined,
    outcome: 'DONE',
    progress: 40,
    authId: 'etl_fleet',
    sourceIp: '10.20.0.14',
    queryText: '',
    userData: '',
    flags: '',
    errorMessage: 'Internal_Error: Worker rank 2 ran out of memory (S/SDc:1513)',
    responseEncoding: 'json',
    response: '{"count_affected":0,"status":"OK"}',
    listStatus: undefined,
    odd: {},
    ignoresCancel: false,
    ...given,
    id,
  };
}
