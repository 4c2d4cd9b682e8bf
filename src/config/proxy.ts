import type { ProxySettings } from '../transport/proxy-settings.ts';
import type { ConfigError } from './config-errors.ts';
import type { Environment } from './secret.ts';

/** A proxy can't reach this machine's own servers, such as the sandboxes. */
const thisMachine = 'localhost,127.0.0.1,::1';

/**
 * Reads the proxies from HTTPS_PROXY, HTTP_PROXY, and NO_PROXY. As in curl, a lowercase variable takes precedence over an uppercase one,
 * and an empty one counts as not set. Null: none.
 */
export function readProxy(environment: Environment, errors: ConfigError[]): ProxySettings | null {
  const httpProxy = readUrl('http_proxy', environment, errors);
  const httpsProxy = readUrl('https_proxy', environment, errors);
  if (httpProxy === null && httpsProxy === null) return null;
  const direct = environment.no_proxy || environment.NO_PROXY;
  return { httpProxy, httpsProxy, noProxy: direct ? `${direct},${thisMachine}` : thisMachine };
}

function readUrl(name: string, environment: Environment, errors: ConfigError[]): string | null {
  const variable = environment[name] ? name : name.toUpperCase();
  const text = environment[variable];
  if (!text) return null;
  // curl also accepts a host and port.
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '') return url.href;
  // The value may contain a password, so the message doesn't show it.
  errors.push(`${variable}: expected an http or https URL of a proxy, got something else`);
  return null;
}
