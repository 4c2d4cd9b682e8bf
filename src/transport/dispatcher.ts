import { getCACertificates } from 'node:tls';
import { type buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { createConnector, withoutInformationalResponses } from './connector.ts';
import type { ProxySettings } from './proxy-settings.ts';

/** The settings of connections to one system. */
export interface ConnectionSettings {
  /** Certificates in PEM, trusted in addition to the machine's own. Null: only those. */
  certificateAuthorities: string | null;
  /** Null: direct connections. */
  proxy: ProxySettings | null;
}

export const directConnection: ConnectionSettings = { certificateAuthorities: null, proxy: null };

export interface DispatcherOptions extends ConnectionSettings {
  /** The scheme, host, and port of all requests. */
  origin: string;
  /** The maximum number of connections. */
  connections: number;
  connectTimeoutMs: number;
}

/**
 * Creates the connections to one origin, direct or through a proxy: to an https origin through a tunnel (CONNECT), to an http origin
 * through the proxy's own requests. Doesn't limit an exchange's time: the caller does. Requests must contain their origin.
 */
export function createDispatcher({ origin, connections, connectTimeoutMs, certificateAuthorities, proxy }: DispatcherOptions): Dispatcher {
  // Node uses this list instead of its own.
  const tls = certificateAuthorities === null ? {} : { ca: [...getCACertificates('default'), certificateAuthorities] };
  const connect = { timeout: connectTimeoutMs, ...tls };
  // The caller limits the time of the whole exchange.
  const limits = { connections, headersTimeout: 0, bodyTimeout: 0 };
  if (!proxy) return new Pool(origin, { ...limits, connect: createConnector(connect) });
  return new EnvHttpProxyAgent({
    ...limits,
    // Explicit values, even empty ones, keep undici from reading the environment.
    httpProxy: proxy.httpProxy ?? '',
    httpsProxy: proxy.httpsProxy ?? proxy.httpProxy ?? '',
    noProxy: proxy.noProxy,
    // The certificate of an https proxy may come from the same authority.
    proxyTls: connect,
    requestTls: connect,
    connect,
    // With the connector through the proxy, or without one if the host is reached directly.
    factory: (target, options: { connect?: unknown }) => {
      const throughProxy = options.connect;
      const connector = isConnector(throughProxy) ? withoutInformationalResponses(throughProxy) : createConnector(connect);
      return new Pool(target, { ...options, ...limits, connect: connector });
    },
  });
}

function isConnector(connect: unknown): connect is buildConnector.connector {
  return typeof connect === 'function';
}

/**
 * Whether a proxy requested credentials (407) instead of forwarding a request: undici rejects the request with this error after its last
 * byte was sent.
 */
export function isProxyRejection(error: Error): boolean {
  return 'code' in error && error.code === 'UND_ERR_INVALID_ARG' && error.message.includes('(407)');
}
