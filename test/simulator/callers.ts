import type { JobAction } from '../../src/jobs/job.ts';
import type { CallerPlan, HttpAnswer, Replica } from './replica.ts';
import { keyOf } from './replica.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of whatever was asked for
type Json = any;

/** One operation of a caller, and its result. */
export interface Operation {
  /** Its request id. */
  id: string;
  caller: CallerPlan;
  kind: keyof typeof documents;
  variables: Record<string, Json>;
  startedMs: number;
  endedMs: number | null;
  process: string;
  /** null: its connection was lost, it has left, or it continues. */
  status: number | null;
  data: Json;
  errors: Json;
  text: string;
  hasLeft: boolean;
}

const problem = '... on JobError { jobId code message retryable }';
const job = 'id systemId status vendorStatus createdAt startedAt finishedAt stale raw problem { code message }';
const operationFields = `__typename ... on BulkOperation { id status action counts { selected pending succeeded failed unknown } }
  ... on Problem { code message }`;
const actionOf = (field: string): string => `mutation ${field}($input: JobActionInput!) {
  payload: ${field}(input: $input) { results { __typename ... on JobActionSuccess { jobId outcome createdJob { id } } ${problem} } summary { requested succeeded failed unknown } } }`;

/** All operations of callers. Few texts, as each is parsed once for each process. */
export const documents = {
  CANCEL: `mutation cancelJobs($input: CancelJobsInput!) {
    payload: cancelJobs(input: $input) { results { __typename ... on CancelSuccess { jobId outcome } ${problem} } summary { requested succeeded failed unknown } } }`,
  PAUSE: actionOf('pauseJobs'),
  RESUME: actionOf('resumeJobs'),
  RESTART: actionOf('restartJobs'),
  START: actionOf('startJobs'),
  list: `query jobs($filter: JobFilter, $first: Int, $after: String) { jobs(filter: $filter, first: $first, after: $after) {
    nodes { ${job} } complete systems { system { id } status problem { code message } } pageInfo { hasNextPage endCursor } } }`,
  read: `query byIds($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename ... on Job { ${job} } ${problem} } }`,
  wait: `query wait($ids: [ID!]!) { waitForJobs(ids: $ids, timeoutSeconds: 10) { jobId reached result { __typename ... on Job { id status } ${problem} } } }`,
  events: `query events($filter: JobEventFilter, $after: String) { jobEvents(filter: $filter, first: 500, after: $after) { nodes {
    id kind recordedAt jobId caller action reason requestId bulkOperationId sent vendorStatus outcome code message } pageInfo { hasNextPage endCursor } } }`,
  preview:
    'query preview($action: JobAction!, $filter: JobFilter!) { previewBulkAction(action: $action, filter: $filter) { token matchedCount availableCount complete systems { system { id } matchedCount } } }',
  start: `mutation start($input: StartBulkActionInput!) { startBulkAction(input: $input) { ${operationFields} } }`,
  suspend: `mutation suspend($id: ID!) { change: suspendBulkOperation(id: $id) { ${operationFields} } }`,
  resume: `mutation resume($id: ID!) { change: resumeBulkOperation(id: $id) { ${operationFields} } }`,
  cancelBulk: `mutation cancelBulk($id: ID!) { change: cancelBulkOperation(id: $id) { ${operationFields} } }`,
  retryFailed: `mutation retry($id: ID!) { change: retryFailedBulkItems(id: $id) { ${operationFields} } }`,
  bulk: `query bulk($id: ID!, $after: String) { bulkOperation(id: $id) { id status action startedBy counts { selected pending succeeded failed unknown } systems { system { id } }
    items(first: 500, after: $after) { nodes { jobId status attempts result { __typename ... on CancelSuccess { outcome } ... on JobActionSuccess { outcome createdJob { id } } ... on JobError { code message } } } pageInfo { hasNextPage endCursor } } } }`,
  bulks: 'query bulks { bulkOperations(first: 100) { nodes { id status systems { system { id } } } } }',
  subscribe: `subscription changes($ids: [ID!]!) { jobsChanged(ids: $ids) { id status stale problem { code } } }`,
} as const;

export const actionKinds = ['CANCEL', 'PAUSE', 'RESUME', 'RESTART', 'START'] as const satisfies JobAction[];

export const isAction = (kind: Operation['kind']): kind is JobAction => (actionKinds as readonly string[]).includes(kind);

export interface Asked {
  caller: CallerPlan;
  kind: Operation['kind'];
  variables: Operation['variables'];
  /** Goes away after so long, whatever has come. */
  leavesAfterMs: number | null;
}

/** Sends operations to replicas, and keeps the results. */
export interface Callers {
  operations: Operation[];
  ask(replica: Replica, asked: Asked): Promise<Operation>;
}

export function createCallers(time: VirtualTime, trace: Trace): Callers {
  const operations: Operation[] = [];
  return {
    operations,
    ask(replica, { caller, kind, variables, leavesAfterMs }) {
      const operation: Operation = {
        id: `op-${operations.length}`,
        caller,
        kind,
        variables,
        startedMs: time.nowMs(),
        endedMs: null,
        process: replica.life.name,
        status: null,
        data: null,
        errors: null,
        text: '',
        hasLeft: false,
      };
      operations.push(operation);
      trace.note('ask', operation.id, caller.name, kind, JSON.stringify(variables));
      const headers = {
        'x-api-key': keyOf(caller),
        'x-request-id': operation.id,
        ...(kind === 'subscribe' && { accept: 'text/event-stream' }),
      };
      return new Promise((resolve) => {
        const leave = replica.post(headers, { query: documents[kind], variables }, (answer) => {
          operation.endedMs = time.nowMs();
          if (answer) read(operation, answer);
          trace.note('told', operation.id, operation.status, operation.text);
          resolve(operation);
        });
        if (leavesAfterMs !== null)
          time.later(leavesAfterMs, () => {
            if (operation.endedMs !== null) return;
            operation.hasLeft = true;
            leave();
          });
      });
    },
  };
}

function read(operation: Operation, { status, body }: HttpAnswer): void {
  operation.status = status;
  operation.text = body;
  if (operation.kind === 'subscribe') {
    operation.data = body
      .split('\n')
      .filter((line) => line.startsWith('data: {'))
      .map((line) => JSON.parse(line.slice('data: '.length)));
    return;
  }
  const { data, errors } = JSON.parse(body);
  operation.data = data ?? null;
  operation.errors = errors ?? null;
}
