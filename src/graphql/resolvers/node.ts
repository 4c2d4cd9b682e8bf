import type { GraphQLResolveInfo } from 'graphql';
import type { BulkOperation } from '../../bulk/operation.ts';
import type { ServedSystem } from '../../job-service/served-system.ts';
import { parseJobId } from '../../jobs/job-id.ts';
import type { NodeResolvers } from '../generated/resolvers.ts';
import { findOperation } from './bulk.ts';
import type { Context } from './context.ts';
import { entityTypeOf, needsRead, resolveJob } from './entities.ts';
import type { JobParent } from './parents.ts';
import { orStoreError } from './store-unavailable.ts';

type NodeParent = JobParent | ServedSystem | BulkOperation;

/**
 * The object with this ID, or null. Only IDs of jobs contain a colon, and those of bulk operations are UUIDs. A system could be named like a
 * UUID, so systems come first.
 */
export async function resolveNode(id: string, context: Context, info: GraphQLResolveInfo): Promise<NodeParent | null> {
  const jobId = parseJobId(id);
  if (jobId) {
    const job = await resolveJob(jobId, needsRead(info), context);
    return job.ok ? job.value : null;
  }
  const system = context.jobs.visibleSystems.find((each) => each.id === id);
  if (system) return system;
  return isUuid.test(id) ? orStoreError(findOperation(id, context.bulk())) : null;
}

const isUuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

export const nodeResolvers: NodeResolvers<Context> = {
  __resolveType: (node) => ('startedBy' in node ? 'BulkOperation' : entityTypeOf(node)),
};
