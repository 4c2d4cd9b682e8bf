import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import type { CancelJobsMutation, JobFilter, ListJobsQuery } from './generated/graphql.ts';
import { cancelJobs, listJobs } from './operations.ts';

/** A front end of Jobyard as its developer would write it: lists, pages, cancels, and shows the result for each job. */
export async function cancelAllThatCanBe(endpoint: string, filter: JobFilter): Promise<{ seen: string[]; sentences: string[] }> {
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page: ListJobsQuery = await execute(endpoint, listJobs, { filter, first: 20, after });
    seen.push(...page.jobs.edges.map((edge) => edge.node.id));
    after = page.jobs.pageInfo.hasNextPage ? (page.jobs.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  const { cancelJobs: payload } = await execute(endpoint, cancelJobs, { input: { ids: seen, reason: 'end of the story' } });
  return { seen, sentences: payload.results.map(describeResult) };
}

type CancelResult = CancelJobsMutation['cancelJobs']['results'][number];

/** One sentence per outcome. A member that is forgotten here does not compile. */
export function describeResult(result: CancelResult): string {
  switch (result.__typename) {
    case 'CancelSuccess':
      return `${result.jobId}: ${result.outcome}`;
    case 'JobNotFound':
      return `${result.jobId}: is not there (${result.code})`;
    case 'ActionNotAllowed':
      return `${result.jobId}: ${result.action} is not possible: ${result.message}`;
    case 'AccessDenied':
      return `${result.jobId}: not yours`;
    case 'SystemUnavailable':
      return `${result.jobId}: ${result.system.id} is away, try again in ${result.retryAfterSeconds ?? 'some'} seconds`;
    case 'VendorRejected':
      return `${result.jobId}: refused (${result.vendorCode ?? result.code})`;
    case 'OutcomeUnknown':
      return `${result.jobId}: the outcome is unknown; ${result.safeToRetry ? 'retry' : 'read the job first'}`;
    case 'NotAttempted':
      return `${result.jobId}: never sent`;
    case 'IdempotencyConflict':
      return `${result.jobId}: the key belongs to something else`;
    default:
      return forgotten(result);
  }
}

function forgotten(result: never): never {
  throw new Error(`A result that this client does not support: ${JSON.stringify(result)}`);
}

async function execute<Result, Variables>(
  endpoint: string,
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Result; errors?: { message: string }[] };
  if (!data) throw new Error(errors?.map((error) => error.message).join('\n') ?? `HTTP ${response.status}`);
  return data;
}
