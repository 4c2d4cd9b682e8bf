import type { FaultRule } from '../../src/sandbox-kit/faults.ts';
import { forEachSystem, type SystemName, type WithSandboxes } from '../start.ts';
import type { AddOptions } from '../vendors/contract.ts';
import { subjects } from '../vendors/subjects.ts';

/** Adds a job that runs or waits until it is canceled, and returns its ID. */
export function addJob({ sandboxes }: Pick<WithSandboxes, 'sandboxes'>, system: SystemName, options: AddOptions = {}): string {
  return `${system}:${subjects[system].jobs.addFor(sandboxes[system], 'cancel', options)}`;
}

/** Adds a job that has ended, and returns its ID. */
export function addEndedJob(
  { sandboxes }: WithSandboxes,
  system: SystemName,
  status: 'SUCCEEDED' | 'FAILED' | 'CANCELLED' = 'SUCCEEDED',
): string {
  return `${system}:${subjects[system].jobs.addEnded(sandboxes[system], status)}`;
}

/** A well-formed ID of each system that no job has. */
export const unknownIds = forEachSystem((system) => `${system}:${subjects[system].ids.unknown}`);

/** How many requests for an action have reached the system. */
export function countActions({ sandboxes }: WithSandboxes, system: SystemName): number {
  const { purposeOf } = subjects[system];
  return sandboxes[system].requests.all().filter((request) => purposeOf(request)?.kind === 'action').length;
}

/** How many requests of any kind have reached the system. */
export function countRequests({ sandboxes }: WithSandboxes, system: SystemName): number {
  return sandboxes[system].requests.count();
}

/** What befalls the system's next request for a cancel. */
export function failAction(
  { sandboxes }: WithSandboxes,
  system: SystemName,
  fault: FaultRule['fault'],
  times: FaultRule['times'] = 1,
): void {
  sandboxes[system].faults.add({ fault, times, ...subjects[system].actions.cancel.place });
}

/** What befalls the system's reads of jobs from now on, but not the logins. */
export function failReads(
  { sandboxes }: WithSandboxes,
  system: SystemName,
  fault: FaultRule['fault'],
  times: FaultRule['times'] = 'always',
): void {
  for (const place of subjects[system].reads.places) sandboxes[system].faults.add({ fault, times, ...place });
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
