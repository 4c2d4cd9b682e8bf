import { type MutationAnswer, mutate } from '../api/client.ts';
import type { Failure } from '../api/failure.ts';
import {
  CancelJobsDocument,
  type JobAction,
  type JobActionInput,
  PauseJobsDocument,
  RestartJobsDocument,
  ResumeJobsDocument,
  StartJobsDocument,
} from '../api/generated/graphql.ts';
import type { ActionResult } from './group.ts';

/** One request for an action. */
export interface Send {
  action: JobAction;
  ids: readonly string[];
  reason: string;
  dryRun: boolean;
  /** The same for each attempt, so that a lost response can't make Jobyard act twice. Null: Jobyard can't store keys now. */
  idempotencyKey: string | null;
}

/** The results, or why there are none. `unreachable`: whether the action was performed is unknown. */
export type Sent = { results: readonly ActionResult[]; requestId: string | null } | { failure: Failure };

/** Jobs per request. */
export const maxIdsPerSend = 200;
const waitSeconds = 5;
const pausesMs = [1_000, 3_000, 8_000, 15_000];

/** Sends an action. If Jobyard's response is lost, sends the same key again. `onResend` is called before each such attempt. */
export async function send(request: Send, onResend: (attempt: number) => void): Promise<Sent> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await sendOnce(request);
    if (answer.data) return { results: answer.data.payload.results, requestId: answer.requestId };
    const pauseMs = pausesMs[attempt];
    if (answer.failure.kind !== 'unreachable' || pauseMs === undefined || !isRepeatable(request)) return { failure: answer.failure };
    onResend(attempt + 1);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

function isRepeatable({ dryRun, idempotencyKey }: Send): boolean {
  return dryRun || idempotencyKey !== null;
}

type Payload = { payload: { results: readonly ActionResult[] } };

function sendOnce({ action, ids, reason, dryRun, idempotencyKey }: Send): Promise<MutationAnswer<Payload>> {
  const input: JobActionInput = { ids: [...ids], reason, dryRun, idempotencyKey };
  switch (action) {
    case 'CANCEL':
      return mutate(CancelJobsDocument, { input: { ...input, waitSeconds } });
    case 'PAUSE':
      return mutate(PauseJobsDocument, { input });
    case 'RESUME':
      return mutate(ResumeJobsDocument, { input });
    case 'RESTART':
      return mutate(RestartJobsDocument, { input });
    case 'START':
      return mutate(StartJobsDocument, { input });
    default:
      return action satisfies never;
  }
}
