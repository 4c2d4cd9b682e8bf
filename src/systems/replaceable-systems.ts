// Systems: the configured systems, connected, and connected again when their configuration changes.

import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../concurrency/clock.ts';
import { isReplaceable } from '../config/restart-needs.ts';
import type { SystemConfig } from '../config/systems.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import type { JobSystemAdapter } from '../jobs/adapter.ts';

/** A connected system, and what its requests showed. */
export interface Connection {
  system: ServedSystem;
  /** When its last request ended, by the clock. */
  lastRequestAtMs: number;
  /** Whether it rejected the configured credentials, and none have been tried since. */
  credentialsRejected: boolean;
  /** False once another connection has replaced this one. */
  isCurrent: boolean;
}

/** The configured systems. Each object stays the same for all its users; its parts may be replaced. */
export interface ReplaceableSystems {
  all: readonly ServedSystem[];
  /**
   * Reconnects the systems whose configuration changed, and those that rejected their credentials, which are tried again immediately.
   * Running operations finish with the previous connection, which closes when no request can use it any more. Returns the IDs of the
   * replaced systems.
   */
  replace(configs: readonly SystemConfig[]): string[];
  close(): Promise<void>;
}

export interface ReplaceableSystemsOptions {
  connect(config: SystemConfig): Connection;
  /** The maximum time that an operation uses the connection it started with. */
  maxOperationMs: number;
  clock: Clock;
  onBug(error: unknown): void;
}

/** The extra time before an old connection closes, in case its last request ends late. */
const marginMs = 5_000;

export function createReplaceableSystems(configs: readonly SystemConfig[], options: ReplaceableSystemsOptions): ReplaceableSystems {
  const { connect, maxOperationMs, clock, onBug } = options;
  // `system` stays the same object: everything that refers to it sees its new parts.
  const entries = configs.map((config) => {
    const connection = connect(config);
    return { config, connection, system: connection.system };
  });
  const all = entries.map(({ system }) => system);
  const retired = new Map<JobSystemAdapter, () => void>();

  const closeWhenQuiet = (adapter: JobSystemAdapter, connection: Connection, timeoutMs: number, fromMs: number): void => {
    const atMs = Math.max(fromMs, connection.lastRequestAtMs + timeoutMs + marginMs);
    if (atMs > clock.nowMs()) {
      retired.set(
        adapter,
        clock.at(atMs, () => closeWhenQuiet(adapter, connection, timeoutMs, fromMs)),
      );
      return;
    }
    retired.delete(adapter);
    adapter.close().catch(onBug);
  };

  return {
    all,
    replace(configs) {
      const nextById = new Map(configs.map((config) => [config.id, config]));
      return entries.flatMap((entry) => {
        const config = nextById.get(entry.config.id);
        const { connection: before, system } = entry;
        if (!config || !isReplaceable(entry.config, config)) return [];
        if (isDeepStrictEqual(entry.config, config) && !before.credentialsRejected) return [];
        const { adapter, sharedActions } = system;
        // First: a plug-in may throw, and the system then keeps its connection.
        const next = connect(config);
        before.isCurrent = false;
        closeWhenQuiet(adapter, before, entry.config.timeoutMs, clock.nowMs() + maxOperationMs);
        entry.config = config;
        entry.connection = next;
        // The actions in progress stay: later requests for them join, whichever connection sends them.
        Object.assign(system, entry.connection.system, { sharedActions });
        return [config.id];
      });
    },
    async close() {
      const ofBefore = [...retired.keys()];
      for (const callOff of retired.values()) callOff();
      retired.clear();
      await Promise.all([...all.map(({ adapter }) => adapter), ...ofBefore].map((adapter) => adapter.close()));
    },
  };
}
