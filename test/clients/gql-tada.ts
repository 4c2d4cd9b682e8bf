import { initGraphQLTada, type ResultOf } from 'gql.tada';
import { describeResult } from './codegen/cancel-all.ts';
import { execute } from './codegen/client.ts';
import type { introspection } from './generated/introspection.d.ts';
import { pageSize, type RunStory } from './story.ts';

export const graphql = initGraphQLTada<{ introspection: introspection; scalars: { DateTime: string; JSON: unknown } }>();

const jobRow = graphql(`
  fragment JobRow on Job @_unmask {
    id
    name
    status
    createdAt
  }
`);

const listJobs = graphql(
  `
    query ListJobs($filter: JobFilter, $first: Int, $after: String) {
      jobs(filter: $filter, first: $first, after: $after) {
        nodes {
          ...JobRow
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        complete
      }
    }
  `,
  [jobRow],
);

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

export const jobsChanged = graphql(`
  subscription JobsChanged($ids: [ID!]!) {
    jobsChanged(ids: $ids) {
      id
      status
    }
  }
`);

/** gql.tada: the types come from the document's own text, nothing is generated but the schema's type. */
export const runWithGqlTada: RunStory = async (connection, filter, others) => {
  const pages: string[][] = [];
  let after: string | null = null;
  do {
    const { jobs }: ResultOf<typeof listJobs> = await execute(connection, listJobs, { filter, first: pageSize, after });
    pages.push(jobs.nodes.map(({ id }) => id));
    after = jobs.pageInfo.hasNextPage ? jobs.pageInfo.endCursor : null;
  } while (after !== null);
  const { cancelJobs: payload } = await execute(connection, cancelJobs, { input: { ids: [...pages.flat(), ...others] } });
  // The same `describeResult` as with codegen: both find the same types in the same schema.
  return { pages, sentences: payload.results.map(describeResult) };
};
