import { vendors as systemIds } from '../../ids.ts';
import type { Job } from '../shared/jobs.ts';
import { listAodocs, listKinetica, listKylin, listVault } from './vendors.ts';

/** How a server reads and cancels jobs: id by id, or through a DataLoader. */
export interface JobAccess {
  readJob(id: string): Promise<Job | undefined>;
  /** The status of the job afterward, which the vendor's acceptance alone doesn't prove; null: the vendor rejected the action. */
  cancelJob(id: string): Promise<string | null>;
}

interface ListArguments {
  first: number;
  filter?: { systemIds?: string[] | null } | null;
}

const systems = systemIds.map((id) => ({ id }));

function notFound(jobId: string) {
  return { __typename: 'JobNotFound' as const, jobId, code: 'JOB_NOT_FOUND', message: 'There is no such job.' };
}

interface CancelResult {
  __typename: string;
  jobId: string;
  outcome?: string;
  code?: string;
}

/** Records what is about to be sent, and returns what records its results. */
export type Audit = (jobIds: readonly string[]) => (results: readonly CancelResult[]) => void;

/** `accessOf`: what a request's context gives. */
export function createResolvers<Context>(accessOf: (context: Context) => JobAccess, audit: Audit | null = null) {
  const readJob = async (id: string, context: Context) => {
    const job = await accessOf(context).readJob(id);
    return job ? { __typename: 'Job' as const, ...job } : notFound(id);
  };
  const cancelJob = async (id: string, context: Context) => {
    const status = await accessOf(context).cancelJob(id);
    if (status === null) return notFound(id);
    return { __typename: 'CancelSuccess' as const, jobId: id, outcome: status === 'CANCELLED' ? 'CONFIRMED' : 'ACCEPTED' };
  };
  return {
    Query: {
      jobs: (_parent: unknown, listArguments: ListArguments) => listJobs(listArguments),
      job: (_parent: unknown, { id }: { id: string }, context: Context) => readJob(id, context),
      jobsByIds: (_parent: unknown, { ids }: { ids: string[] }, context: Context) => Promise.all(ids.map((id) => readJob(id, context))),
      jobSystems: () => systems,
    },
    Mutation: {
      cancelJobs: async (_parent: unknown, { input: { ids } }: { input: { ids: string[] } }, context: Context) => {
        const recordResults = audit?.(ids);
        const results = await Promise.all(ids.map((id) => cancelJob(id, context)));
        recordResults?.(results);
        const succeeded = results.filter(({ __typename }) => __typename === 'CancelSuccess').length;
        return { results, summary: { requested: ids.length, succeeded, failed: ids.length - succeeded, unknown: 0 } };
      },
    },
  };
}

async function listJobs({ first, filter }: ListArguments): Promise<{ nodes: Job[]; complete: boolean }> {
  const othersOf: Record<string, () => Promise<Job[]>> = {
    kinetica: listKinetica,
    'veeva-vault': async () => (await Promise.all([listVault('monitors'), listVault('histories')])).flat(),
    kylin: () => listKylin(first),
  };
  const wanted = filter?.systemIds ?? systemIds;
  const others = Promise.all(wanted.map((id) => othersOf[id]?.() ?? [])).then((lists) => lists.flat());
  const aodocs = wanted.includes('aodocs') ? await listAodocs(first, others) : [];
  const nodes = (await others).concat(aodocs).sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  return { nodes: nodes.slice(0, first), complete: true };
}
