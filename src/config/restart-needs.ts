import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config.ts';
import type { SystemConfig } from './systems.ts';

/** Settings that a running Jobyard takes over. */
const live = new Set(['server.allowedOrigins', 'log.level']);
const sections = ['server', 'audit', 'bulk', 'store', 'log'] as const;
/** Limits that systems and the server are given when they are connected and begin to listen. */
const limitsOfConnections = ['maxQueuedRequestsPerCaller', 'maxConnections'] as const;

/** One line for each change that a running Jobyard can't take over: which, without the values, of which some are secret. */
export function describeRestartNeeds(running: Config, next: Config): string[] {
  const needs = sections.flatMap((section) => {
    const before = new Map<string, unknown>(Object.entries(running[section]));
    const after = new Map<string, unknown>(Object.entries(next[section]));
    return [...new Set([...before.keys(), ...after.keys()])]
      .filter((key) => !live.has(`${section}.${key}`) && !isDeepStrictEqual(before.get(key), after.get(key)))
      .map((key) => `${section}.${key} changed: restart Jobyard to apply it`);
  });
  for (const key of limitsOfConnections) {
    if (running.limits[key] !== next.limits[key]) needs.push(`limits.${key} changed: restart Jobyard to apply it`);
  }
  // Whatever of the store's location has changed, it is one setting.
  const isStore = (line: string): boolean => line.startsWith('store.');
  const store = needs.some(isStore) ? ['store changed: restart Jobyard to apply it'] : [];
  return [...needs.filter((line) => !isStore(line)), ...store, ...describeSystems(running.systems ?? [], next.systems ?? [])];
}

function describeSystems(running: readonly SystemConfig[], next: readonly SystemConfig[]): string[] {
  const nextById = new Map(next.map((system) => [system.id, system]));
  const runningIds = running.map(({ id }) => id);
  const added = next.filter(({ id }) => !runningIds.includes(id));
  const gone = runningIds.filter((id) => !nextById.has(id));
  const other = running.filter((system) => nextById.has(system.id) && !isReplaceable(system, nextById.get(system.id)));
  const kept = next.map(({ id }) => id).filter((id) => runningIds.includes(id));
  const isReordered = !isDeepStrictEqual(
    kept,
    runningIds.filter((id) => nextById.has(id)),
  );
  return [
    ...added.map(({ id }) => `systems: "${id}" is new: restart Jobyard to connect it`),
    ...gone.map((id) => `systems: "${id}" was removed: restart Jobyard to disconnect it`),
    ...other.map(({ id }) => `systems: the vendor or the source of credentials of "${id}" changed: restart Jobyard to apply it`),
    ...(isReordered ? ['systems: the order changed: restart Jobyard to apply it'] : []),
  ];
}

/** Whether the one can take the place of the other: what Jobyard has decided about a system once stays as it is. */
export function isReplaceable(running: SystemConfig, next: SystemConfig | undefined): boolean {
  return next !== undefined && next.vendor.name === running.vendor.name && next.credentials === running.credentials;
}
