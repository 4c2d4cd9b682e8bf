import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { SystemConfig } from '../../src/config/systems.ts';
import { factsOf } from '../faults/actionable-jobs.ts';
import type { SystemName } from '../start.ts';
import type { Action } from '../vendors/contract.ts';

/** A proxy to one system that delays its requests for an action (and for what shares their path) until it is opened; the vendor doesn't see them before. */
export interface Gate {
  /** For `change` of startWithSandboxes. */
  change(system: SystemConfig): SystemConfig;
  /** The number of action requests that have arrived. */
  countPending(): number;
  open(): void;
}

export async function startGate(name: SystemName, action: Action = 'cancel'): Promise<Gate> {
  const { place } = factsOf(name, action);
  let vendor = new URL('http://127.0.0.1:1');
  let pending = 0;
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    if (method === (place.method ?? method) && path.includes(place.path)) {
      pending += 1;
      await opened;
    }
    const { hostname, port } = vendor;
    const forwarded = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    open();
    server.close();
    server.closeAllConnections();
  });
  return {
    change(system) {
      if (system.id !== name) return system;
      vendor = new URL(system.url);
      const { port } = server.address() as AddressInfo;
      return { ...system, url: `http://127.0.0.1:${port}${vendor.pathname.replace(/\/$/, '')}`, timeoutMs: 300_000 };
    },
    countPending: () => pending,
    open,
  };
}
