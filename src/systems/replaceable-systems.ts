// The configured systems as they are connected, and connected anew when their configuration changes.

import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../concurrency/clock.ts';
import { isReplaceable } from '../config/restart-needs.ts';
import type { SystemConfig } from '../config/systems.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import type { JobSystemAdapter } from '../jobs/adapter.ts';

/** A system as it was connected, and what its requests have shown. */
export interface Connection {
  system: ServedSystem;
  /** When its last request was over, by the clock. */
  lastRequestAtMs: number;
  /** Whether it rejected the configured credentials and has not been asked with others since. */
  credentialsRefused: boolean;
  /** False as soon as another has taken its place. */
  isCurrent: boolean;
}

/** The configured systems. Each stays the same object for all who have it; what it is made of may be replaced. */
export interface ReplaceableSystems {
  all: readonly ServedSystem[];
  /**
   * Connects those anew whose configuration has changed, and those that refused their credentials: they are tried again at once.
   * What has begun is finished with what it began with, which closes when nothing can be under way with it any more. Returns the replaced systems' ids.
   */
  replace(configs: readonly SystemConfig[]): string[];
  close(): Promise<void>;
}

export interface ReplaceableSystemsOptions {
  connect(config: SystemConfig): Connection;
  /** The longest that an operation goes on with what it has begun with. */
  maxOperationMs: number;
  clock: Clock;
  onBug(error: unknown): void;
}

/** After the last request can have ended. */
const marginMs = 5_000;

export function createReplaceableSystems(configs: readonly SystemConfig[], options: ReplaceableSystemsOptions): ReplaceableSystems {
  const { connect, maxOperationMs, clock, onBug } = options;
  const entries = configs.map((config) => ({ config, connection: connect(config) }));
  // The same objects for ever: everything that was given a system sees what is put into it.
  const all = entries.map(({ connection }) => connection.system);
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
    replace(next) {
      const nextById = new Map(next.map((config) => [config.id, config]));
      return entries.flatMap((entry, index) => {
        const config = nextById.get(entry.config.id);
        const { connection: before } = entry;
        if (!config || !isReplaceable(entry.config, config)) return [];
        if (isDeepStrictEqual(entry.config, config) && !before.credentialsRefused) return [];
        const system = all[index] as ServedSystem;
        const { adapter } = system;
        before.isCurrent = false;
        closeWhenQuiet(adapter, before, entry.config.timeoutMs, clock.nowMs() + maxOperationMs);
        entry.config = config;
        entry.connection = connect(config);
        Object.assign(system, entry.connection.system);
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
