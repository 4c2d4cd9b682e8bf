import type { ConfigError } from './config-errors.ts';
import type { Environment } from './secret.ts';

/** The proxies that the environment names, by the variables of curl. */
export interface ProxySettings {
  /** For http URLs. Null: none. */
  httpProxy: string | null;
  /** For https URLs. Null: `httpProxy`. */
  httpsProxy: string | null;
  /** Hosts that are reached directly, separated by commas. */
  noProxy: string;
}

/** A proxy couldn't reach this machine's own servers, such as the sandboxes. */
const thisMachine = 'localhost,127.0.0.1,::1';

/**
 * The proxies that the environment names: HTTPS_PROXY, HTTP_PROXY and NO_PROXY. As in curl, a variable in lower case comes before one in upper case, and an
 * empty one counts as not set. Null: none.
 */
export function readProxy(environment: Environment, mistakes: ConfigError[]): ProxySettings | null {
  const httpProxy = readUrl('http_proxy', environment, mistakes);
  const httpsProxy = readUrl('https_proxy', environment, mistakes);
  if (httpProxy === null && httpsProxy === null) return null;
  const direct = environment.no_proxy || environment.NO_PROXY;
  return { httpProxy, httpsProxy, noProxy: direct ? `${direct},${thisMachine}` : thisMachine };
}

function readUrl(name: string, environment: Environment, mistakes: ConfigError[]): string | null {
  const variable = environment[name] ? name : name.toUpperCase();
  const text = environment[variable];
  if (!text) return null;
  // curl takes a host and a port, too.
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '') return url.href;
  // It may hold a password, so it is not shown.
  mistakes.push(`${variable}: expected an http or https URL of a proxy, got something else`);
  return null;
}
