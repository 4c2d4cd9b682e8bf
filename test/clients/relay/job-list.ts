import {
  commitMutation,
  createOperationDescriptor,
  type Environment,
  fetchQuery,
  getRequest,
  graphql,
  requestSubscription,
} from 'relay-runtime';
import type { jobListCancelMutation } from '../generated/relay/jobListCancelMutation.graphql.ts';
import type { jobListQuery } from '../generated/relay/jobListQuery.graphql.ts';
import type { jobListRefetchQuery } from '../generated/relay/jobListRefetchQuery.graphql.ts';
import type { jobListSubscription } from '../generated/relay/jobListSubscription.graphql.ts';
import type { JobList } from '../job-list.ts';

const listJobs = graphql`
  query jobListQuery($filter: JobFilter, $first: Int, $after: String) {
    jobs(filter: $filter, first: $first, after: $after) @connection(key: "jobList_jobs", filters: ["filter"]) {
      edges {
        node {
          id
          name
          status
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      complete
    }
  }
`;

const refetchJob = graphql`
  query jobListRefetchQuery($id: ID!) {
    node(id: $id) {
      ... on Job {
        status
      }
    }
  }
`;

const cancelJobs = graphql`
  mutation jobListCancelMutation($input: CancelJobsInput!) {
    cancelJobs(input: $input) {
      results {
        __typename
        ... on CancelSuccess {
          jobId
          outcome
          job {
            status
          }
        }
        ... on JobError {
          jobId
          code
          message
        }
        ... on ActionNotAllowed {
          job {
            status
          }
        }
      }
    }
  }
`;

const jobsChanged = graphql`
  subscription jobListSubscription($ids: [ID!]!) {
    jobsChanged(ids: $ids) {
      status
    }
  }
`;

export async function openJobList(environment: Environment, filter: jobListQuery['variables']['filter']): Promise<JobList<CancelResult>> {
  const variables = { filter, first: 20 };
  const operation = createOperationDescriptor(getRequest(listJobs), variables);
  const shown = environment.retain(operation);
  /** Has all loaded pages, although its variables are the first one's: they are one connection. */
  const read = () => (environment.lookup(operation.fragment).data as jobListQuery['response'] | undefined)?.jobs;
  const load = (after: string | null) =>
    fetchQuery<jobListQuery>(environment, listJobs, { ...variables, after }, { fetchPolicy: 'network-only' }).toPromise();
  await load(null);
  return {
    readRows: () => read()?.edges.map(({ node }) => node) ?? [],
    async loadMore() {
      const pageInfo = read()?.pageInfo;
      if (!pageInfo?.hasNextPage) return false;
      await load(pageInfo.endCursor ?? null);
      return true;
    },
    cancel: (ids) =>
      new Promise((resolve, reject) =>
        commitMutation<jobListCancelMutation>(environment, {
          mutation: cancelJobs,
          variables: { input: { ids } },
          onCompleted: ({ cancelJobs }) => resolve(cancelJobs.results),
          onError: reject,
        }),
      ),
    async refetch(id) {
      await fetchQuery<jobListRefetchQuery>(environment, refetchJob, { id }).toPromise();
    },
    follow(ids, onChange) {
      const changes = requestSubscription<jobListSubscription>(environment, {
        subscription: jobsChanged,
        variables: { ids },
        onNext: onChange,
      });
      return () => changes.dispose();
    },
    close: () => shown.dispose(),
  };
}

type CancelResult = jobListCancelMutation['response']['cancelJobs']['results'][number];
