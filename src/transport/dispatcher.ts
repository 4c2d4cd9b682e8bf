import { getCACertificates } from 'node:tls';
import { type buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import type { ProxySettings } from '../config/proxy.ts';
import { createConnector, withoutInformationalAnswers } from './connector.ts';

/** How connections to one system are made. */
export interface ConnectionSettings {
  /** Certificates of authorities in PEM, trusted beside the machine's own; null: only those. */
  certificateAuthorities: string | null;
  /** Null: connections are direct. */
  proxy: ProxySettings | null;
}

export const directConnection: ConnectionSettings = { certificateAuthorities: null, proxy: null };

export interface DispatcherOptions extends ConnectionSettings {
  /** Scheme, host and port that all requests go to. */
  origin: string;
  /** The most connections at one time. */
  connections: number;
  connectTimeoutMs: number;
}

/**
 * The connections to one origin, direct or through a proxy: an https origin through a tunnel (CONNECT), an http origin by the proxy's own requests.
 * Sets no limits on an exchange's time: that is the caller's. Requests must name their origin.
 */
export function createDispatcher({ origin, connections, connectTimeoutMs, certificateAuthorities, proxy }: DispatcherOptions): Dispatcher {
  // Node takes the list in the place of its own.
  const tls = certificateAuthorities === null ? {} : { ca: [...getCACertificates('default'), certificateAuthorities] };
  const connect = { timeout: connectTimeoutMs, ...tls };
  // The caller limits the time of the whole exchange.
  const limits = { connections, headersTimeout: 0, bodyTimeout: 0 };
  if (!proxy) return new Pool(origin, { ...limits, connect: createConnector(connect) });
  return new EnvHttpProxyAgent({
    ...limits,
    // Given, empty ones too, they are not read from the environment.
    httpProxy: proxy.httpProxy ?? '',
    httpsProxy: proxy.httpsProxy ?? proxy.httpProxy ?? '',
    noProxy: proxy.noProxy,
    // An https proxy may have a certificate of the same authority.
    proxyTls: connect,
    requestTls: connect,
    connect,
    // With the connector that leads through the proxy, or none if the host is reached directly.
    factory: (target, options: { connect?: unknown }) => {
      const throughProxy = options.connect;
      const connector = isConnector(throughProxy) ? withoutInformationalAnswers(throughProxy) : createConnector(connect);
      return new Pool(target, { ...options, ...limits, connect: connector });
    },
  });
}

function isConnector(connect: unknown): connect is buildConnector.connector {
  return typeof connect === 'function';
}

/** Whether a proxy asked for credentials (407) instead of forwarding a request: undici rejects the request with this error, after its last byte was sent. */
export function isProxyRefusal(error: Error): boolean {
  return 'code' in error && error.code === 'UND_ERR_INVALID_ARG' && error.message.includes('(407)');
}
