import { z } from 'zod';
import type { Clock } from '../../../sandbox-kit/clock.ts';
import { alterJobs, alterJobsRequest } from './actions.ts';
import { createJob, createJobRequest, getJob, getJobRequest } from './async-job.ts';
import type { EndpointResult } from './envelope.ts';
import { type ClientCall, showJobs, showJobsRequest } from './list.ts';
import type { KineticaState } from './state.ts';
import type { KineticaSwitches } from './switches.ts';
import { showSystemProperties, showSystemStatus, showSystemTiming, systemPropertiesRequest, type TimedCall } from './system.ts';

export interface RouteParts {
  clock: Clock;
  state: KineticaState;
  switches: KineticaSwitches;
  /** Without a slash at its end. */
  pathPrefix: string;
}

export type Endpoint = (body: unknown, call: ClientCall) => EndpointResult;

const optionsOnly = z.object({ options: z.record(z.string(), z.string()) });

/** The endpoints by their paths, each of them a POST. `timedCalls`: the last requests, oldest first. */
export function createRoutes({ clock, state, switches, pathPrefix }: RouteParts, timedCalls: readonly TimedCall[]): Map<string, Endpoint> {
  return new Map([
    ['/admin/show/jobs', endpoint(showJobsRequest, (body, call) => showJobs(state, switches, body, call))],
    ['/admin/alter/jobs', endpoint(alterJobsRequest, (body, call) => alterJobs(state, switches, body, call.account))],
    ['/get/job', endpoint(getJobRequest, (body) => getJob(state, switches, body, clock.now()))],
    ['/create/job', endpoint(createJobRequest, (body, call) => createJob(state, switches, body, call.account))],
    ['/show/system/status', endpoint(optionsOnly, () => showSystemStatus(switches))],
    [
      '/show/system/properties',
      endpoint(systemPropertiesRequest, (body, call) => showSystemProperties(switches, body, `http://${call.host}${pathPrefix}`)),
    ],
    ['/show/system/timing', endpoint(optionsOnly, () => showSystemTiming(timedCalls, switches))],
  ]);
}

function endpoint<T>(schema: z.ZodType<T>, run: (body: T, call: ClientCall) => EndpointResult): Endpoint {
  return (body, call) => {
    const parsed = schema.safeParse(body);
    if (parsed.success) return run(parsed.data, call);
    const [issue] = parsed.error.issues;
    return { rejected: `Unable to parse the request: ${issue?.path.join('.') || 'body'}: ${issue?.message} (S/SDc:1102)` };
  };
}
