import type { IncomingHttpHeaders } from 'node:http';

/** The hosts and pages that may use what pages of other sites must not. */
export interface OriginRules {
  /** Allowed values of the Host header. Null: all. While access control is off, this keeps other sites' pages out (DNS rebinding). */
  allowsHost: ((hostname: string) => boolean) | null;
  /** Origins (https://console.example) of other pages that may call Jobyard. */
  allowedOrigins: readonly string[];
}

/** Why a request is rejected for its host, or null. */
export function checkHost({ host }: IncomingHttpHeaders, { allowsHost }: OriginRules): string | null {
  return allowsHost && !allowsHost(hostnameOf(host)) ? 'Host not allowed: without access, use a loopback host.' : null;
}

/**
 * Why a page may not open a stream, or null. Browsers let any page open WebSockets and event sources to any site, and send the page's
 * origin; other clients send no Origin.
 */
export function checkOrigin(
  { origin, host, 'sec-fetch-site': site = 'none' }: IncomingHttpHeaders,
  { allowedOrigins }: OriginRules,
): string | null {
  if (origin === undefined) {
    // A plain GET of another site's page has no Origin, but this header reveals it.
    const isForeign = site !== 'none' && site !== 'same-origin';
    return isForeign ? 'Origin required: pages of other sites must send the header Origin to open streams.' : null;
  }
  if (allowedOrigins.includes(origin)) return null;
  // Only the host is compared: behind a proxy that ends TLS, the scheme differs.
  if (host !== undefined && URL.parse(origin)?.host === host.toLowerCase()) return null;
  return describeForeignOrigin(origin);
}

/** The message to a page of another origin. */
export function describeForeignOrigin(origin: string): string {
  if (origin === 'null') return "Origin not allowed: pages without an origin (files, sandboxed frames) can't call Jobyard.";
  return `Origin not allowed: add "${origin.slice(0, 100)}" to server.cors.origins to let its pages call Jobyard.`;
}

function hostnameOf(host = ''): string {
  // Strict, as a URL parser would accept invalid hosts.
  return /^([\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase() ?? '';
}
