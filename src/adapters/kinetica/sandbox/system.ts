import { writeJson } from './json.ts';
import type { KineticaSwitches } from './switches.ts';
import type { EndpointResult } from './wrapper.ts';

const releases = { '6.2': '6.2.0.22', '7.0': '7.0.20.11', '7.1': '7.1.10.9', '7.2': '7.2.3.11' };

const drainedWords = {
  running: 'not_drained',
  draining: 'draining',
  drained: 'drained',
  stopped: 'not_drained',
  'shutting-down': 'draining',
};

/** POST /show/system/status: a map of JSON texts. A cluster that drains still says "running". */
export function showSystemStatus({ system, version, cluster }: KineticaSwitches): EndpointResult {
  const drains = system === 'draining' || system === 'drained';
  return {
    data: {
      status_map: {
        system: writeJson({ status: system === 'stopped' ? 'stopped' : 'running', version: releases[version] }),
        ...((drains || cluster !== 'single') && { ha_status: writeJson({ drained: drainedWords[system] }) }),
      },
      ...(version >= '7.0' && { info: {} }),
    },
  };
}

/** Why an endpoint does not answer while the system is in this state. */
export function refusalOfSystem(endpoint: string, { system }: KineticaSwitches): string | undefined {
  if (system === 'shutting-down') return 'System shutting down';
  if (endpoint === '/show/system/status' || system === 'running') return undefined;
  return system === 'stopped' ? 'Kinetica is offline' : 'Unavailable: Draining HA queue';
}

/** One of the last requests. */
export interface TimedCall {
  endpoint: string;
  id: bigint;
  elapsedMs: number;
}

/** POST /show/system/timing: the last 100 requests, oldest first. Ids are strings here. */
export function showSystemTiming(calls: readonly TimedCall[], { version }: KineticaSwitches): EndpointResult {
  return {
    data: {
      endpoints: calls.map(({ endpoint }) => endpoint),
      time_in_ms: calls.map(({ elapsedMs }) => elapsedMs),
      jobIds: calls.map(({ id }) => String(id)),
      ...(version >= '7.0' && { info: {} }),
    },
  };
}
