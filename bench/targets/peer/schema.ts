/** The part of Jobyard's schema that the workloads use. */
export const typeDefs = `
  type Query {
    jobs(filter: JobFilter, first: Int = 50): JobConnection!
    job(id: ID!): JobResult!
    jobsByIds(ids: [ID!]!): [JobResult!]!
    jobSystems: [JobSystem!]!
  }
  input JobFilter {
    systemIds: [ID!]
  }
  type Mutation {
    cancelJobs(input: CancelJobsInput!): CancelJobsPayload!
  }
  type JobConnection {
    nodes: [Job!]!
    complete: Boolean!
  }
  type JobSystem {
    id: ID!
  }
  type Job {
    id: ID!
    systemId: ID!
    vendorId: ID!
    name: String!
    type: String
    status: JobStatus!
    vendorStatus: String
    isTerminal: Boolean!
    owner: String
    createdAt: String
    startedAt: String
    finishedAt: String
  }
  enum JobStatus { SCHEDULED QUEUED RUNNING PAUSED CANCELLING CANCELLED SUCCEEDED FAILED UNKNOWN }
  union JobResult = Job | JobNotFound
  union CancelResult = CancelSuccess | JobNotFound
  interface JobError {
    jobId: ID!
    code: String!
    message: String!
  }
  type JobNotFound implements JobError {
    jobId: ID!
    code: String!
    message: String!
  }
  type CancelSuccess {
    jobId: ID!
    outcome: SuccessOutcome!
  }
  enum SuccessOutcome { CONFIRMED ACCEPTED }
  input CancelJobsInput {
    ids: [ID!]!
  }
  type CancelJobsPayload {
    results: [CancelResult!]!
    summary: ActionSummary!
  }
  type ActionSummary {
    requested: Int!
    succeeded: Int!
    failed: Int!
    unknown: Int!
  }
`;
