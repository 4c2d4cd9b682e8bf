import { GraphQLJSON } from 'graphql-scalars';
import type { Resolvers } from '../generated/resolvers.ts';
import { actionMutations } from './action.ts';
import { actionSuccessResolvers, cancelSuccessResolvers } from './action-result.ts';
import { bulkMutations, bulkOperationResolvers, bulkQueries, bulkSubscriptions, bulkSystemPreviewResolvers } from './bulk.ts';
import { bulkItemResolvers } from './bulk-item.ts';
import { cancelJobs } from './cancel.ts';
import { cancellations, jobCancellationConnectionResolvers, jobCancellationResolvers } from './cancellation.ts';
import { pageInfoResolvers } from './connection.ts';
import type { Context } from './context.ts';
import { dateTime } from './date-time.ts';
import { jobResolvers, jobResultResolvers, jobStepResolvers } from './job.ts';
import {
  jobCountBucketResolvers,
  jobCountResolvers,
  jobCounts,
  jobCountsResolvers,
  systemJobCountResolvers,
  totalCount,
} from './job-counts.ts';
import { jobEventFields, jobEventsRecorded } from './job-event.ts';
import { jobConnectionResolvers, jobEdgeResolvers, systemPageResolvers } from './job-list.ts';
import { jobLogConnectionResolvers, jobLogEdgeResolvers } from './job-log.ts';
import { jobSystemResolvers, jobSystemsChanged, systemHealthResolvers } from './job-system.ts';
import { jobsChanged, waitForJobs } from './live.ts';
import { jobListChanged, jobListEventResolvers, jobListSystemsResolvers } from './live-list.ts';
import { nodeResolvers } from './node.ts';
import { queryResolvers } from './query.ts';

/** All resolvers. Members of unions carry their __typename. */
export const resolvers: Resolvers<Context> = {
  DateTime: dateTime,
  JSON: GraphQLJSON,
  Query: { ...queryResolvers, ...bulkQueries, cancellations, jobCounts, waitForJobs },
  Mutation: { cancelJobs, ...actionMutations, ...bulkMutations },
  Subscription: { jobsChanged, jobListChanged, jobSystemsChanged, jobEventsRecorded, ...bulkSubscriptions },
  CancelSuccess: cancelSuccessResolvers,
  JobActionSuccess: actionSuccessResolvers,
  Node: nodeResolvers,
  Job: { ...jobResolvers, ...jobEventFields },
  JobCancellation: jobCancellationResolvers,
  JobCancellationConnection: jobCancellationConnectionResolvers,
  JobResult: jobResultResolvers,
  JobStep: jobStepResolvers,
  JobLogConnection: jobLogConnectionResolvers,
  JobLogEdge: jobLogEdgeResolvers,
  JobSystem: jobSystemResolvers,
  SystemHealth: systemHealthResolvers,
  JobConnection: { ...jobConnectionResolvers, totalCount },
  JobEdge: jobEdgeResolvers,
  PageInfo: pageInfoResolvers,
  SystemPage: systemPageResolvers,
  JobListEvent: jobListEventResolvers,
  JobListSystems: jobListSystemsResolvers,
  JobCounts: jobCountsResolvers,
  JobCountBucket: jobCountBucketResolvers,
  JobCount: jobCountResolvers,
  SystemJobCount: systemJobCountResolvers,
  BulkSystemPreview: bulkSystemPreviewResolvers,
  BulkOperation: bulkOperationResolvers,
  BulkItem: bulkItemResolvers,
};
