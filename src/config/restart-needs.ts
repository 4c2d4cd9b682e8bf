import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config.ts';
import type { SystemConfig } from './systems.ts';

/** Settings that a reload applies. */
const live = new Set(['server.cors', 'log.level']);
const sections = ['server', 'audit', 'bulk', 'store', 'log'] as const;
/** Limits that are passed to systems and the server only once, when these start. */
const limitsOfConnections = ['maxQueuedRequestsPerCaller', 'maxConnections'] as const;

/** One line per change that requires a restart. Names the setting without its value, which may be secret. */
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
  if (running.access && !next.access) needs.push('access was removed: restart Jobyard to turn access control off');
  // Any change of the store's location is reported as one setting.
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

/** Whether a reload can replace the running system with the new one: the vendor and the source of credentials are fixed until a restart. */
export function isReplaceable(running: SystemConfig, next: SystemConfig | undefined): boolean {
  return next !== undefined && next.vendor.name === running.vendor.name && next.credentials === running.credentials;
}
