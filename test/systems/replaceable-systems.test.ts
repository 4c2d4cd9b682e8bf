import { expect, test } from 'vitest';
import type { SystemConfig } from '../../src/config/systems.ts';
import { type Connection, createReplaceableSystems } from '../../src/systems/replaceable-systems.ts';
import { vendors } from '../../src/vendors/index.ts';
import { connectMemory } from '../jobs/memory-adapter.ts';
import { createManualClock } from '../live/manual-clock.ts';

const [vendor] = vendors;
const configOf = (id: string, settings: object, more: Partial<SystemConfig> = {}): SystemConfig =>
  ({ id, vendor, credentials: 'configured', timeoutMs: 20_000, settings, ...more }) as SystemConfig;

function start(configs: readonly SystemConfig[], beforeConnecting: (config: SystemConfig) => void = () => {}) {
  const clock = createManualClock();
  const connections: Connection[] = [];
  const closed: unknown[] = [];
  const systems = createReplaceableSystems(configs, {
    clock,
    maxOperationMs: 25_000,
    onBug: (error) => {
      throw error;
    },
    connect(config) {
      beforeConnecting(config);
      const { system } = connectMemory({ id: config.id });
      system.title = config.title;
      system.adapter.close = async () => void closed.push(config.settings);
      const connection = { system, lastRequestAtMs: clock.nowMs(), credentialsRejected: false, isCurrent: true };
      connections.push(connection);
      return connection;
    },
  });
  return { clock, connections, closed, systems };
}

test('replaces a system with a changed configuration in place; the others keep their state', () => {
  const { connections, systems } = start([configOf('a', { password: 1 }), configOf('b', { password: 1 })]);
  const [a, b] = systems.all;
  const adapterOfB = b?.adapter;
  const actionsInProgress = a?.sharedActions;
  expect(systems.replace([configOf('a', { password: 2 }), configOf('b', { password: 1 })])).toEqual(['a']);
  expect(systems.all[0]).toBe(a);
  expect(a?.adapter).toBe(connections[2]?.system.adapter);
  expect(a?.sharedActions).toBe(actionsInProgress);
  expect(b?.adapter).toBe(adapterOfB);
  expect(connections.map(({ isCurrent }) => isCurrent)).toEqual([false, true, true]);
});

test('ignores systems that are new, removed, or of another vendor', () => {
  const { connections, systems } = start([configOf('a', {}), configOf('b', {})]);
  expect(systems.replace([configOf('new', {}), configOf('a', {}, { credentials: 'passthrough' })])).toEqual([]);
  expect(connections).toHaveLength(2);
});

test('tries rejected credentials again after a reload, even unchanged ones', () => {
  const { connections, systems } = start([configOf('a', {})]);
  expect(systems.replace([configOf('a', {})])).toEqual([]);
  (connections[0] as Connection).credentialsRejected = true;
  expect(systems.replace([configOf('a', {})])).toEqual(['a']);
});

test('closes a replaced connection when no operation can use it and none of its requests can be in flight', async () => {
  const { clock, connections, closed, systems } = start([configOf('a', { password: 1 })]);
  systems.replace([configOf('a', { password: 2 })]);
  await clock.advance(24_000);
  expect(closed).toEqual([]);
  // A long reading of its lists continues.
  (connections[0] as Connection).lastRequestAtMs = clock.nowMs();
  await clock.advance(20_000);
  expect(closed).toEqual([]);
  await clock.advance(6_000);
  expect(closed).toEqual([{ password: 1 }]);
});

test('closes all connections at the end, including those just replaced', async () => {
  const { clock, closed, systems } = start([configOf('a', { password: 1 })]);
  systems.replace([configOf('a', { password: 2 })]);
  await systems.close();
  expect(closed).toEqual([{ password: 2 }, { password: 1 }]);
  await clock.advance(100_000);
  expect(closed).toHaveLength(2);
});

test('keeps the connection of a system whose new adapter throws', async () => {
  const { clock, connections, closed, systems } = start([configOf('a', { password: 1 })], ({ settings }) => {
    if ((settings as { password: number }).password === 2) throw new Error('No license');
  });
  expect(() => systems.replace([configOf('a', { password: 2 })])).toThrow('No license');
  await clock.advance(100_000);
  expect(closed).toEqual([]);
  expect(connections.map(({ isCurrent }) => isCurrent)).toEqual([true]);
  expect(systems.replace([configOf('a', { password: 3 })])).toEqual(['a']);
});
