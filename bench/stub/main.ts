import type { VendorName } from '../ids.ts';
import { createAodocs } from './aodocs.ts';
import { type Handler, type StubServer, startStubServer } from './http.ts';
import { createKinetica } from './kinetica.ts';
import { createKylin } from './kylin.ts';
import { createVault } from './vault.ts';

/** The stub process: the four vendors' endpoints, each on a port of its own. Its parent talks to it over IPC. */

/** What the vendors have, and how fast they are. */
export interface VendorSettings {
  /** Jobs that Kinetica runs; its list shows as many that have ended. */
  kineticaRows: number;
  /** Jobs in each of Vault's two lists. */
  vaultRows: number;
  /** Of each answer. */
  latencyMs: number;
}

export type StubCommand = { kind: 'reset'; settings: VendorSettings } | { kind: 'report' };

export interface StubReport {
  kind: 'report';
  /** Requests since the reset, by vendor and endpoint. */
  requests: Record<string, number>;
  /** The most sockets that one vendor had open at one time since the reset. */
  maxSockets: number;
  openSockets: number;
}

export interface StubReady {
  kind: 'ready';
  origins: Record<VendorName, string>;
}

// Fixed, so that every run and every target meets the same rows.
const newestMs = Date.UTC(2026, 2, 2, 18, 0, 0);
const counts = new Map<string, number>();

function counter(vendor: VendorName): (endpoint: string) => void {
  return (endpoint) => {
    const key = `${vendor} ${endpoint}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
}

function createHandlers({ kineticaRows, vaultRows }: VendorSettings): Record<VendorName, Handler> {
  return {
    kinetica: createKinetica(kineticaRows, newestMs, counter('kinetica')),
    'veeva-vault': createVault(vaultRows, newestMs, counter('veeva-vault')),
    kylin: createKylin(newestMs, counter('kylin')),
    aodocs: createAodocs(newestMs, counter('aodocs')),
  };
}

let settings: VendorSettings = { kineticaRows: 100, vaultRows: 50, latencyMs: 0 };
let handlers = createHandlers(settings);
const servers: StubServer[] = [];
const origins: Partial<Record<VendorName, string>> = {};
for (const vendor of Object.keys(handlers) as VendorName[]) {
  const server = await startStubServer(
    (...request) => handlers[vendor](...request),
    () => settings.latencyMs,
  );
  servers.push(server);
  origins[vendor] = `http://127.0.0.1:${server.port}`;
}

process.on('message', (command: StubCommand) => {
  if (command.kind === 'reset') {
    settings = command.settings;
    handlers = createHandlers(settings);
    counts.clear();
    for (const { sockets } of servers) sockets.most = sockets.open;
  }
  const report: StubReport = {
    kind: 'report',
    requests: Object.fromEntries(counts),
    openSockets: servers.reduce((sum, { sockets }) => sum + sockets.open, 0),
    maxSockets: Math.max(...servers.map(({ sockets }) => sockets.most)),
  };
  process.send?.(report);
});
process.on('disconnect', () => process.exit());
process.send?.({ kind: 'ready', origins } as StubReady);
