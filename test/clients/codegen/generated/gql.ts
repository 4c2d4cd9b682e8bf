/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query ListJobs($filter: JobFilter, $first: Int, $after: String) {\n    jobs(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          name\n          status\n          createdAt\n          actions {\n            action\n            available\n            reason\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      complete\n      systems {\n        system {\n          id\n        }\n        status\n        returnedCount\n        problem {\n          code\n          message\n        }\n      }\n    }\n  }\n": typeof types.ListJobsDocument,
    "\n  query ReadJob($id: ID!) {\n    job(id: $id) {\n      __typename\n      ... on Job {\n        id\n        status\n        isTerminal\n      }\n      ... on JobError {\n        jobId\n        code\n        message\n      }\n    }\n  }\n": typeof types.ReadJobDocument,
    "\n  mutation CancelJobs($input: CancelJobsInput!) {\n    cancelJobs(input: $input) {\n      results {\n        __typename\n        ... on CancelSuccess {\n          jobId\n          outcome\n          job {\n            id\n            status\n          }\n        }\n        ... on JobError {\n          jobId\n          code\n          message\n          retryable\n          retryAfterSeconds\n        }\n        ... on ActionNotAllowed {\n          action\n          job {\n            id\n            status\n          }\n        }\n        ... on SystemUnavailable {\n          system {\n            id\n          }\n        }\n        ... on VendorRejected {\n          vendorCode\n          job {\n            id\n            status\n          }\n        }\n        ... on OutcomeUnknown {\n          attemptedAt\n          safeToRetry\n          job {\n            id\n            status\n          }\n        }\n      }\n      summary {\n        requested\n        succeeded\n        failed\n        unknown\n      }\n    }\n  }\n": typeof types.CancelJobsDocument,
    "\n  query RefetchJob($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Job {\n        status\n      }\n    }\n  }\n": typeof types.RefetchJobDocument,
    "\n  subscription JobsChanged($ids: [ID!]!) {\n    jobsChanged(ids: $ids) {\n      id\n      status\n      problem {\n        code\n        message\n      }\n    }\n  }\n": typeof types.JobsChangedDocument,
};
const documents: Documents = {
    "\n  query ListJobs($filter: JobFilter, $first: Int, $after: String) {\n    jobs(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          name\n          status\n          createdAt\n          actions {\n            action\n            available\n            reason\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      complete\n      systems {\n        system {\n          id\n        }\n        status\n        returnedCount\n        problem {\n          code\n          message\n        }\n      }\n    }\n  }\n": types.ListJobsDocument,
    "\n  query ReadJob($id: ID!) {\n    job(id: $id) {\n      __typename\n      ... on Job {\n        id\n        status\n        isTerminal\n      }\n      ... on JobError {\n        jobId\n        code\n        message\n      }\n    }\n  }\n": types.ReadJobDocument,
    "\n  mutation CancelJobs($input: CancelJobsInput!) {\n    cancelJobs(input: $input) {\n      results {\n        __typename\n        ... on CancelSuccess {\n          jobId\n          outcome\n          job {\n            id\n            status\n          }\n        }\n        ... on JobError {\n          jobId\n          code\n          message\n          retryable\n          retryAfterSeconds\n        }\n        ... on ActionNotAllowed {\n          action\n          job {\n            id\n            status\n          }\n        }\n        ... on SystemUnavailable {\n          system {\n            id\n          }\n        }\n        ... on VendorRejected {\n          vendorCode\n          job {\n            id\n            status\n          }\n        }\n        ... on OutcomeUnknown {\n          attemptedAt\n          safeToRetry\n          job {\n            id\n            status\n          }\n        }\n      }\n      summary {\n        requested\n        succeeded\n        failed\n        unknown\n      }\n    }\n  }\n": types.CancelJobsDocument,
    "\n  query RefetchJob($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Job {\n        status\n      }\n    }\n  }\n": types.RefetchJobDocument,
    "\n  subscription JobsChanged($ids: [ID!]!) {\n    jobsChanged(ids: $ids) {\n      id\n      status\n      problem {\n        code\n        message\n      }\n    }\n  }\n": types.JobsChangedDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListJobs($filter: JobFilter, $first: Int, $after: String) {\n    jobs(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          name\n          status\n          createdAt\n          actions {\n            action\n            available\n            reason\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      complete\n      systems {\n        system {\n          id\n        }\n        status\n        returnedCount\n        problem {\n          code\n          message\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ListJobs($filter: JobFilter, $first: Int, $after: String) {\n    jobs(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          name\n          status\n          createdAt\n          actions {\n            action\n            available\n            reason\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      complete\n      systems {\n        system {\n          id\n        }\n        status\n        returnedCount\n        problem {\n          code\n          message\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadJob($id: ID!) {\n    job(id: $id) {\n      __typename\n      ... on Job {\n        id\n        status\n        isTerminal\n      }\n      ... on JobError {\n        jobId\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  query ReadJob($id: ID!) {\n    job(id: $id) {\n      __typename\n      ... on Job {\n        id\n        status\n        isTerminal\n      }\n      ... on JobError {\n        jobId\n        code\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelJobs($input: CancelJobsInput!) {\n    cancelJobs(input: $input) {\n      results {\n        __typename\n        ... on CancelSuccess {\n          jobId\n          outcome\n          job {\n            id\n            status\n          }\n        }\n        ... on JobError {\n          jobId\n          code\n          message\n          retryable\n          retryAfterSeconds\n        }\n        ... on ActionNotAllowed {\n          action\n          job {\n            id\n            status\n          }\n        }\n        ... on SystemUnavailable {\n          system {\n            id\n          }\n        }\n        ... on VendorRejected {\n          vendorCode\n          job {\n            id\n            status\n          }\n        }\n        ... on OutcomeUnknown {\n          attemptedAt\n          safeToRetry\n          job {\n            id\n            status\n          }\n        }\n      }\n      summary {\n        requested\n        succeeded\n        failed\n        unknown\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelJobs($input: CancelJobsInput!) {\n    cancelJobs(input: $input) {\n      results {\n        __typename\n        ... on CancelSuccess {\n          jobId\n          outcome\n          job {\n            id\n            status\n          }\n        }\n        ... on JobError {\n          jobId\n          code\n          message\n          retryable\n          retryAfterSeconds\n        }\n        ... on ActionNotAllowed {\n          action\n          job {\n            id\n            status\n          }\n        }\n        ... on SystemUnavailable {\n          system {\n            id\n          }\n        }\n        ... on VendorRejected {\n          vendorCode\n          job {\n            id\n            status\n          }\n        }\n        ... on OutcomeUnknown {\n          attemptedAt\n          safeToRetry\n          job {\n            id\n            status\n          }\n        }\n      }\n      summary {\n        requested\n        succeeded\n        failed\n        unknown\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RefetchJob($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Job {\n        status\n      }\n    }\n  }\n"): (typeof documents)["\n  query RefetchJob($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Job {\n        status\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription JobsChanged($ids: [ID!]!) {\n    jobsChanged(ids: $ids) {\n      id\n      status\n      problem {\n        code\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription JobsChanged($ids: [ID!]!) {\n    jobsChanged(ids: $ids) {\n      id\n      status\n      problem {\n        code\n        message\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;