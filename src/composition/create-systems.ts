import { createRedactor } from '../secrets/redactor.ts';
import { secretsOfUrl } from '../secrets/url-secrets.ts';
import { createReplaceableSystems, type ReplaceableSystems } from '../systems/replaceable-systems.ts';
import type { TransportSettings } from '../transport/transport-settings.ts';
import { connectSystem, type SystemConnection } from './connect-system.ts';
import type { Foundation } from './foundation.ts';

/** Connects the configured systems, which may be unavailable. */
export function createSystems(
  { config, limits, metrics, clock, onBug }: Foundation,
  { onRead, onChange }: Pick<SystemConnection, 'onRead' | 'onChange'>,
  createDispatcher: TransportSettings['createDispatcher'],
): ReplaceableSystems {
  const { redactor = createRedactor(), proxy } = config;
  for (const url of [proxy?.httpProxy, proxy?.httpsProxy]) if (url) secretsOfUrl(url).forEach(redactor.add);
  const common: SystemConnection = { proxy, limits, metrics, onRead, onChange, onBug, clock, redactor, createDispatcher };
  return createReplaceableSystems(config.systems, {
    connect: (system) => connectSystem(system, common),
    maxOperationMs: config.server.deadlineMs,
    clock,
    onBug,
  });
}
