import type { IncomingHttpHeaders } from 'node:http';

/** Which hosts and pages may reach what a page of another site must not. */
export interface OriginRules {
  /** Of the Host header; null: any. Without configured access it keeps web pages of other sites out (DNS rebinding). */
  allowsHost: ((hostname: string) => boolean) | null;
  /** Origins (https://console.example) of other pages that may open streams. */
  allowedOrigins: readonly string[];
}

/** Why this request is not served at all, or null. */
export function checkHost({ host }: IncomingHttpHeaders, { allowsHost }: OriginRules): string | null {
  return allowsHost && !allowsHost(hostnameOf(host)) ? 'Host not allowed: without access, use a loopback host.' : null;
}

/**
 * Why a page may not open a stream, or null. Browsers let pages of any site open WebSockets and event sources to any other, and say
 * where the page is from; other clients send no Origin.
 */
export function checkOrigin(
  { origin, host, 'sec-fetch-site': site = 'none' }: IncomingHttpHeaders,
  { allowedOrigins }: OriginRules,
): string | null {
  if (origin === undefined) {
    // A plain GET of another site's page carries no Origin, but tells this where it could reach a server that asks for no key.
    const isForeign = site !== 'none' && site !== 'same-origin';
    return isForeign ? 'Origin required: pages of other sites must send the header Origin to open streams.' : null;
  }
  if (allowedOrigins.includes(origin)) return null;
  // By the host alone: behind a proxy that ends TLS the scheme is another one.
  if (host !== undefined && URL.parse(origin)?.host === host.toLowerCase()) return null;
  return `Origin not allowed: add "${origin.slice(0, 100)}" to server.allowedOrigins to let its pages open streams.`;
}

function hostnameOf(host = ''): string {
  // To the letter: a URL parser would read names out of texts that are none.
  return /^([\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase() ?? '';
}
