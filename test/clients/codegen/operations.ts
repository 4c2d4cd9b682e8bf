import { graphql } from './generated/index.ts';

export const listJobs = graphql(`
  query ListJobs($filter: JobFilter, $first: Int, $after: String) {
    jobs(filter: $filter, first: $first, after: $after) {
      edges {
        cursor
        node {
          id
          name
          status
          createdAt
          actions {
            action
            available
            reason
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      complete
      systems {
        system {
          id
        }
        status
        returnedCount
        problem {
          code
          message
        }
      }
    }
  }
`);

export const readJob = graphql(`
  query ReadJob($id: ID!) {
    job(id: $id) {
      __typename
      ... on Job {
        id
        status
        isTerminal
      }
      ... on JobError {
        jobId
        code
        message
      }
    }
  }
`);

export const cancelJobs = graphql(`
  mutation CancelJobs($input: CancelJobsInput!) {
    cancelJobs(input: $input) {
      results {
        __typename
        ... on CancelSuccess {
          jobId
          outcome
          job {
            id
            status
          }
        }
        ... on JobError {
          jobId
          code
          message
          retryable
          retryAfterSeconds
        }
        ... on ActionNotAllowed {
          action
          job {
            id
            status
          }
        }
        ... on SystemUnavailable {
          system {
            id
          }
        }
        ... on VendorRejected {
          vendorCode
          job {
            id
            status
          }
        }
        ... on OutcomeUnknown {
          attemptedAt
          safeToRetry
          job {
            id
            status
          }
        }
      }
      summary {
        requested
        succeeded
        failed
        unknown
      }
    }
  }
`);

export const refetchJob = graphql(`
  query RefetchJob($id: ID!) {
    node(id: $id) {
      id
      ... on Job {
        status
      }
    }
  }
`);

export const jobsChanged = graphql(`
  subscription JobsChanged($ids: [ID!]!) {
    jobsChanged(ids: $ids) {
      id
      status
      problem {
        code
        message
      }
    }
  }
`);
