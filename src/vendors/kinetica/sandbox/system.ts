import { z } from 'zod';
import type { EndpointResult } from './envelope.ts';
import { writeJson } from './json.ts';
import type { KineticaSwitches } from './switches.ts';

const releases = { '6.2': '6.2.0.22', '7.0': '7.0.20.11', '7.1': '7.1.10.9', '7.2': '7.2.3.11' };

const drainedWords = {
  running: 'not_drained',
  draining: 'draining',
  drained: 'drained',
  stopped: 'not_drained',
  'shutting-down': 'draining',
};

/** POST /show/system/status: a map of JSON texts. The state of a draining cluster is still "running". */
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

export const systemPropertiesRequest = z.object({ options: z.looseObject({ properties: z.string().optional() }) });

/**
 * POST /show/system/properties: the properties that the vendor's clients read when they connect, or those that `properties` names,
 * separated by commas. `headUrl`: the URL under which the client reached the head rank, which is the only rank here.
 */
export function showSystemProperties(
  { version, pathPrefix }: KineticaSwitches,
  { options }: z.output<typeof systemPropertiesRequest>,
  headUrl: string,
): EndpointResult {
  const properties: Record<string, string> = {
    'version.gpudb_core_version': releases[version],
    'conf.enable_ha': 'FALSE',
    'conf.ha_ring_head_nodes': '',
    'conf.ha_ring_head_nodes_full': '',
    'conf.enable_httpd_proxy': pathPrefix === '' ? 'FALSE' : 'TRUE',
    'conf.use_https': headUrl.startsWith('https:') ? 'TRUE' : 'FALSE',
    'conf.number_of_hosts': '1',
    'conf.host0_public_urls': new URL(headUrl).origin.replace(/:\d+$/, ''),
    'conf.enable_worker_http_servers': 'FALSE',
    'conf.worker_http_server_urls': headUrl,
    'conf.hm_http_port': '9300',
  };
  const names = options.properties?.split(',').map((name) => name.trim());
  const shown = names ? Object.entries(properties).filter(([name]) => names.includes(name)) : Object.entries(properties);
  return { data: { property_map: Object.fromEntries(shown), ...(version >= '7.0' && { info: {} }) } };
}

/** Why an endpoint rejects requests in this state of the system. */
export function systemRejection(endpoint: string, { system }: KineticaSwitches): string | undefined {
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
