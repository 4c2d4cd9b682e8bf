import type { FaultRule } from '../../src/sandbox-kit/faults.ts';
import type { SystemName, WithSandboxes } from '../start.ts';

export const systemNames = ['kinetica', 'veeva-vault', 'kylin', 'aodocs'] as const satisfies SystemName[];

/** Adds a job that runs (in Vault: waits) until it is canceled, and returns its ID. */
export function addJob({ sandboxes }: Pick<WithSandboxes, 'sandboxes'>, system: SystemName): string {
  const add: Record<SystemName, () => string | number> = {
    kinetica: () => sandboxes.kinetica.state.addJob(),
    'veeva-vault': () => sandboxes['veeva-vault'].state.addJob({ frozen: true }),
    kylin: () => sandboxes.kylin.state.addJob({ state: 'RUNNING' }),
    aodocs: () => sandboxes.aodocs.state.addJob(),
  };
  return `${system}:${add[system]()}`;
}

/** A job that has ended well; its id. */
export function addEndedJob({ sandboxes }: WithSandboxes, system: SystemName): string {
  const add: Record<SystemName, () => string | number> = {
    kinetica: () => sandboxes.kinetica.state.addJob({ status: 'DONE' }),
    'veeva-vault': () => sandboxes['veeva-vault'].state.addJob({ status: 'SUCCESS' }),
    kylin: () => sandboxes.kylin.state.addJob({ state: 'SUCCEED' }),
    aodocs: () => sandboxes.aodocs.state.addJob({ status: 'COMPLETED' }),
  };
  return `${system}:${add[system]()}`;
}

/** Adds a canceled job. Returns its ID. */
export function addCancelledJob({ sandboxes }: WithSandboxes, system: SystemName): string {
  const add: Record<SystemName, () => string | number> = {
    kinetica: () => sandboxes.kinetica.state.addJob({ status: 'CANCELLED', running: false }),
    'veeva-vault': () => sandboxes['veeva-vault'].state.addJob({ status: 'CANCELLED' }),
    kylin: () => sandboxes.kylin.state.addJob({ state: 'DISCARDED' }),
    aodocs: () => sandboxes.aodocs.state.addJob({ status: 'CANCELLED' }),
  };
  return `${system}:${add[system]()}`;
}

/** A well-formed id that no job of the system has. */
export const unknownIds: Record<SystemName, string> = {
  kinetica: 'kinetica:8999999999999999999',
  'veeva-vault': 'veeva-vault:8999999999999999999',
  kylin: 'kylin:00000000-0000-4000-8000-000000000000',
  aodocs: 'aodocs:Rk31ZqV8dPxUe5NnAa',
};

/** Part of the path of each vendor's requests that cancel, pause, resume, restart or start. */
export const actionPaths: Record<SystemName, string> = {
  kinetica: '/admin/alter/jobs',
  'veeva-vault': '/actions/',
  kylin: '/jobs/status',
  aodocs: '/cancel',
};

/** How many requests for an action have reached the system. */
export function countActions({ sandboxes }: WithSandboxes, system: SystemName): number {
  const { requests } = sandboxes[system];
  const startsNow = system === 'veeva-vault' ? requests.count('POST', '/start_now') : 0;
  return requests.all().filter(({ method, target }) => method !== 'GET' && target.includes(actionPaths[system])).length + startsNow;
}

/** How many requests of any kind have reached the system. */
export function countRequests({ sandboxes }: WithSandboxes, system: SystemName): number {
  return sandboxes[system].requests.count();
}

/** What befalls the system's next request for an action. */
export function failAction(
  { sandboxes }: WithSandboxes,
  system: SystemName,
  fault: FaultRule['fault'],
  times: FaultRule['times'] = 1,
): void {
  sandboxes[system].faults.add({ fault, path: actionPaths[system], times });
}

/** What befalls the system's reads of jobs from now on, but not the logins. */
export function failReads(
  { sandboxes }: WithSandboxes,
  system: SystemName,
  fault: FaultRule['fault'],
  times: FaultRule['times'] = 'always',
): void {
  const paths: Record<SystemName, { path: string; method?: string }[]> = {
    kinetica: [{ path: '/admin/show/jobs' }],
    'veeva-vault': [{ path: '/services/jobs/', method: 'GET' }, { path: '/query' }],
    kylin: [{ path: '/jobs', method: 'GET' }],
    aodocs: [{ path: '/job/v1/', method: 'GET' }],
  };
  for (const place of paths[system]) sandboxes[system].faults.add({ fault, times, ...place });
}

/** Every member of a result, as far as a test may want it. */
export const everyMember = `
  __typename
  ... on CancelSuccess { jobId outcome }
  ... on JobError { jobId code message retryable retryAfterSeconds }
  ... on SystemUnavailable { system { id } }
  ... on VendorRejected { vendorCode }
  ... on OutcomeUnknown { attemptedAt safeToRetry }
`;

/** Cancels the jobs; the payload. */
export async function cancel(jobyard: WithSandboxes, ids: readonly string[], options: { dryRun?: boolean; select?: string } = {}) {
  const { dryRun = false, select = '' } = options;
  const { data, errors } = await jobyard.query(
    `mutation ($ids: [ID!]!, $dryRun: Boolean!) {
      cancelJobs(input: { ids: $ids, dryRun: $dryRun }) { results { ${everyMember} ${select} } summary { requested succeeded failed unknown } }
    }`,
    { ids, dryRun },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.cancelJobs;
}

/** Takes another action on the jobs; the payload. */
export async function act(
  jobyard: WithSandboxes,
  action: 'pause' | 'resume' | 'restart' | 'start',
  ids: readonly string[],
  dryRun = false,
) {
  const { data, errors } = await jobyard.query(
    `mutation ($ids: [ID!]!, $dryRun: Boolean!) {
      payload: ${action}Jobs(input: { ids: $ids, dryRun: $dryRun }) {
        results { ${everyMember.replace('... on CancelSuccess { jobId outcome }', '... on JobActionSuccess { jobId action outcome job { status } }')} }
        summary { requested succeeded failed unknown }
      }
    }`,
    { ids, dryRun },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.payload;
}
