import {
  assertEnumType,
  assertUnionType,
  astFromValue,
  type GraphQLArgument,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  print,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { contract } from './schema.ts';

// What clients were promised: these names, with this nullability, these arguments and these defaults. More may be added, none may change.
const problem = ['code: ProblemCode!', 'message: String!', 'retryable: Boolean!', 'retryAfterSeconds: Float'];
const jobError = [...problem, 'jobId: ID!'];

const fields: Record<string, readonly string[]> = {
  JobSystem: [
    'id: ID!',
    'vendor: String!',
    'title: String!',
    'capabilities: [JobCapability!]!',
    'health: SystemHealth!',
    'jobs(filter: JobFilter, orderBy: JobOrder, first: Int, after: String, last: Int, before: String): JobConnection!',
  ],
  JobCapability: [
    'action: JobAction!',
    'support: ActionSupport!',
    'allowedStatuses: [JobStatus!]!',
    'maxBatchSize: Int',
    'asynchronous: Boolean!',
  ],
  SystemHealth: ['status: HealthStatus!', 'checkedAt: DateTime', 'latencyMs: Float', 'problem: SystemProblem'],
  Job: [
    'id: ID!',
    'systemId: ID!',
    'vendorId: ID!',
    'system: JobSystem!',
    'name: String!',
    'type: String',
    'status: JobStatus!',
    'vendorStatus: String',
    'isTerminal: Boolean!',
    'owner: String',
    'createdAt: DateTime',
    'startedAt: DateTime',
    'finishedAt: DateTime',
    'durationSeconds: Float',
    'progress: JobProgress',
    'failureMessage: String',
    'failure: JobFailure',
    'scope: String',
    'waitSeconds: Float',
    'dataRange: JobDataRange',
    'steps: [JobStep!]',
    'actions: [JobActionAvailability!]!',
    'observedAt: DateTime!',
    'stale: Boolean!',
    'problem: SystemProblem',
    'raw: JSON',
  ],
  JobProgress: ['fraction: Float', 'succeededTasks: Int', 'failedTasks: Int', 'remainingTasks: Int'],
  JobStep: [
    'id: ID!',
    'name: String!',
    'status: JobStatus!',
    'vendorStatus: String',
    'startedAt: DateTime',
    'finishedAt: DateTime',
    'durationSeconds: Float',
    'waitSeconds: Float',
    'message: String',
    'failureCode: String',
    'advice: String',
    'substeps: [JobStep!]!',
    'links: [JobLink!]!',
  ],
  JobLink: ['title: String!', 'url: String!'],
  JobFailure: ['message: String!', 'code: String', 'advice: String', 'step: JobStep'],
  JobDataRange: ['from: DateTime', 'to: DateTime'],
  JobActionAvailability: ['action: JobAction!', 'available: Boolean!', 'reason: String'],
  JobFilter: [
    'systemIds: [ID!]',
    'vendors: [String!]',
    'statuses: [JobStatus!]',
    'types: [String!]',
    'owners: [String!]',
    'scopes: [String!]',
    'text: String',
    'createdFrom: DateTime',
    'createdTo: DateTime',
    'availableAction: JobAction',
  ],
  JobOrder: ['field: JobOrderField! = CREATED_AT', 'direction: SortDirection! = DESC'],
  JobConnection: ['edges: [JobEdge!]!', 'nodes: [Job!]!', 'pageInfo: PageInfo!', 'complete: Boolean!', 'systems: [SystemPage!]!'],
  JobEdge: ['cursor: String!', 'node: Job!'],
  PageInfo: ['hasNextPage: Boolean!', 'hasPreviousPage: Boolean!', 'startCursor: String', 'endCursor: String'],
  SystemPage: ['system: JobSystem!', 'status: SystemPageStatus!', 'returnedCount: Int!', 'totalCount: Int', 'problem: SystemProblem'],
  Problem: [...problem],
  JobError: [...jobError],
  SystemProblem: [...problem, 'systemId: ID!'],
  JobNotFound: [...jobError],
  ActionNotAllowed: [...jobError, 'action: JobAction!', 'job: Job!'],
  AccessDenied: [...jobError],
  SystemUnavailable: [...jobError, 'system: JobSystem!'],
  VendorRejected: [...jobError, 'vendorCode: String', 'job: Job!'],
  OutcomeUnknown: [...jobError, 'job: Job!', 'attemptedAt: DateTime!', 'safeToRetry: Boolean!'],
  NotAttempted: [...jobError],
  CancelSuccess: ['jobId: ID!', 'job: Job!', 'outcome: SuccessOutcome!'],
  CancelJobsInput: ['ids: [ID!]!', 'reason: String', 'dryRun: Boolean! = false'],
  CancelJobsPayload: ['results: [CancelResult!]!', 'summary: ActionSummary!'],
  ActionSummary: ['requested: Int!', 'succeeded: Int!', 'failed: Int!', 'unknown: Int!'],
  JobActionSuccess: ['jobId: ID!', 'job: Job!', 'action: JobAction!', 'outcome: SuccessOutcome!'],
  JobActionInput: ['ids: [ID!]!', 'reason: String', 'dryRun: Boolean! = false'],
  JobActionPayload: ['results: [JobActionResult!]!', 'summary: ActionSummary!'],
  Query: [
    'job(id: ID!): JobResult!',
    'jobsByIds(ids: [ID!]!): [JobResult!]!',
    'jobs(filter: JobFilter, orderBy: JobOrder, first: Int, after: String, last: Int, before: String): JobConnection!',
    'jobSystems: [JobSystem!]!',
    'jobSystem(id: ID!): JobSystem',
  ],
  Mutation: [
    'cancelJobs(input: CancelJobsInput!): CancelJobsPayload!',
    'pauseJobs(input: JobActionInput!): JobActionPayload!',
    'resumeJobs(input: JobActionInput!): JobActionPayload!',
    'restartJobs(input: JobActionInput!): JobActionPayload!',
    'startJobs(input: JobActionInput!): JobActionPayload!',
  ],
};

const enumValues: Record<string, string> = {
  JobAction: 'CANCEL PAUSE RESUME RESTART START',
  ActionSupport: 'NATIVE_BATCH ONE_BY_ONE UNSUPPORTED',
  HealthStatus: 'UP DEGRADED DOWN UNKNOWN',
  JobStatus: 'SCHEDULED QUEUED RUNNING PAUSED CANCELLING CANCELLED SUCCEEDED FAILED UNKNOWN',
  JobOrderField: 'CREATED_AT STARTED_AT FINISHED_AT',
  SortDirection: 'ASC DESC',
  SystemPageStatus: 'OK END_REACHED TIMED_OUT UNAVAILABLE RATE_LIMITED ACCESS_DENIED',
  ProblemCode:
    'INVALID_ID SYSTEM_NOT_FOUND JOB_NOT_FOUND ACTION_NOT_SUPPORTED WRONG_STATUS NOT_ELIGIBLE ACCESS_DENIED VENDOR_AUTHENTICATION_FAILED SYSTEM_UNAVAILABLE TIMED_OUT RATE_LIMITED INVALID_VENDOR_RESPONSE VENDOR_REJECTED OUTCOME_UNKNOWN NOT_ATTEMPTED',
  SuccessOutcome: 'CONFIRMED ACCEPTED ALREADY_DONE JOB_GONE DRY_RUN_PASSED',
  ActionOutcome:
    'CONFIRMED ACCEPTED ALREADY_DONE JOB_GONE DRY_RUN_PASSED JOB_NOT_FOUND ACTION_NOT_ALLOWED ACCESS_DENIED SYSTEM_UNAVAILABLE VENDOR_REJECTED NOT_ATTEMPTED OUTCOME_UNKNOWN CONTRADICTED',
};

const unionMembers: Record<string, string> = {
  CancelResult:
    'CancelSuccess JobNotFound ActionNotAllowed AccessDenied SystemUnavailable VendorRejected OutcomeUnknown NotAttempted IdempotencyConflict',
  JobActionResult:
    'JobActionSuccess JobNotFound ActionNotAllowed AccessDenied SystemUnavailable VendorRejected OutcomeUnknown NotAttempted IdempotencyConflict',
  JobResult: 'Job JobNotFound AccessDenied SystemUnavailable',
};

const problems =
  'JobError SystemProblem JobNotFound ActionNotAllowed AccessDenied SystemUnavailable VendorRejected OutcomeUnknown NotAttempted IdempotencyConflict';
const jobErrors =
  'JobNotFound ActionNotAllowed AccessDenied SystemUnavailable VendorRejected OutcomeUnknown NotAttempted IdempotencyConflict';

describe('the promised schema', () => {
  test.each(Object.entries(fields))('%s has its fields', (name, promised) => {
    expect(signaturesOf(name)).toEqual(expect.arrayContaining([...promised]));
  });

  test.each(Object.entries(enumValues))('%s has its values', (name, promised) => {
    const values = assertEnumType(contract.getType(name)).getValues();
    expect(values.map((value) => value.name)).toEqual(expect.arrayContaining(promised.split(' ')));
  });

  // Exactly these: a client that handles all of them handles every response.
  test.each(Object.entries(unionMembers))('%s has its members and no others', (name, promised) => {
    const members = assertUnionType(contract.getType(name)).getTypes();
    expect(members.map((member) => member.name)).toEqual(promised.split(' '));
  });

  test.each([
    ['Problem', problems],
    ['JobError', jobErrors],
  ])('%s are the problem codes', (name, promised) => {
    const type = contract.getType(name);
    const { objects, interfaces } = isInterfaceType(type) ? contract.getImplementations(type) : { objects: [], interfaces: [] };
    expect([...objects, ...interfaces].map((implementation) => implementation.name)).toEqual(expect.arrayContaining(promised.split(' ')));
  });
});

function signaturesOf(name: string): string[] {
  const type = contract.getType(name);
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(signatureOf);
  if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`${name} has no fields`);
  return Object.values(type.getFields()).map((field) => {
    const list = field.args.map(signatureOf).join(', ');
    return `${field.name}${list && `(${list})`}: ${field.type}`;
  });
}

function signatureOf({ name, type, defaultValue }: Pick<GraphQLArgument, 'name' | 'type' | 'defaultValue'>): string {
  const node = defaultValue === undefined ? null : astFromValue(defaultValue, type);
  return `${name}: ${type}${node ? ` = ${print(node)}` : ''}`;
}
