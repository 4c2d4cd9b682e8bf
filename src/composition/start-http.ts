import type { createReplaceableHandler } from '../graphql/replaceable-handler.ts';
import type { RequestContext } from '../graphql/request-context.ts';
import type { Context } from '../graphql/resolvers/context.ts';
import { createConsoleFiles } from '../http/console.ts';
import { createEventStreams } from '../http/event-stream.ts';
import { createGraphqlEndpoint } from '../http/graphql-endpoint.ts';
import { createPlaygroundFiles } from '../http/playground.ts';
import { createRejectionRecorder } from '../http/rejections.ts';
import { type ServerOptions, startServer } from '../http/server.ts';
import { createWebSockets } from '../http/websocket.ts';
import { consoleFolder, playgroundFolder } from '../package.js';
import type { TransportSettings } from '../transport/transport-settings.ts';
import type { Door } from './create-door.ts';
import type { Foundation } from './foundation.ts';

/** Replaces sockets in the simulator (test/simulator). */
export interface Network {
  createDispatcher?: NonNullable<TransportSettings['createDispatcher']>;
  listen?: NonNullable<ServerOptions['listen']>;
}

export interface HttpParts extends Pick<Door, 'admission' | 'shares' | 'revocations' | 'origins'> {
  graphql: ReturnType<typeof createReplaceableHandler>;
  beginOperation(context: RequestContext): Context;
}

export interface Http {
  origin: string;
  /** Accepts requests for `server.drainMs` more if it was ready, and reports that the server is stopping. */
  drain(): Promise<void>;
  /** Finishes the requests in flight and closes the streams. `onNotified` is called after the streams are notified, before they end. */
  close(onNotified: () => void): Promise<void>;
}

/** Starts the server: HTTP, server-sent events, and WebSocket. */
export async function startHttp({ config, limits, logger, metrics, clock }: Foundation, parts: HttpParts, network: Network): Promise<Http> {
  const { server, isReady = () => true } = config;
  const { deadlineMs } = server;
  const recordRejection = createRejectionRecorder(metrics, logger);
  const operationParts = { ...parts, limits, recordRejection, deadlineMs, logger, metrics };
  const eventStreams = createEventStreams(operationParts);
  const webSockets = createWebSockets(operationParts);
  const consoleFiles = createConsoleFiles({ folder: consoleFolder, isEnabled: server.console });
  const playgroundFiles = createPlaygroundFiles({ folder: playgroundFolder, isEnabled: server.playground });
  for (const { missing } of [consoleFiles, playgroundFiles]) if (missing !== null) logger.warn(missing);
  const listening = await startServer({
    ...server,
    consoleFiles,
    playgroundFiles,
    maxConnections: limits.maxConnections,
    logger,
    metrics,
    isReady,
    upgrade: webSockets.upgrade,
    origins: parts.origins,
    recordRejection,
    graphql: createGraphqlEndpoint({ ...operationParts, eventStreams }),
    listen: network.listen,
  });
  return {
    origin: listening.origin,
    async drain() {
      listening.drain();
      if (isReady() && server.drainMs > 0) await new Promise<void>((resolve) => clock.at(clock.nowMs() + server.drainMs, resolve));
    },
    async close(onNotified) {
      const closed = listening.close(deadlineMs);
      const goodbye = webSockets.close();
      eventStreams.close();
      onNotified();
      await Promise.all([closed, goodbye]);
    },
  };
}
