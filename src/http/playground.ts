import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { exampleOperations } from '../graphql/example-operations.ts';

/** A page that is ready to send. The body is gzipped. */
export interface Page {
  headers: Record<string, string>;
  body: Buffer;
}

/** GraphiQL with all its resources in one page, so that it needs no other host. Rendered on the first call, then kept. */
export function createPlayground(endpoint: string): () => Promise<Page> {
  let page: Promise<Page> | undefined;
  return () => {
    page ??= render(endpoint);
    return page;
  };
}

async function render(endpoint: string): Promise<Page> {
  // Nine megabytes of text: loaded only when first requested.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({
    title: 'Jobyard',
    endpoint,
    defaultTabs: exampleOperations.map(({ query, variables }) => ({ query, variables: variables ?? null, headers: null })),
  });
  const body = await promisify(gzip)(html);
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-encoding': 'gzip',
      'content-length': String(body.length),
      'content-security-policy': contentSecurityPolicy(html),
      'referrer-policy': 'no-referrer',
    },
    body,
  };
}

/** Only this page's own scripts run, and they connect only to their own server. */
function contentSecurityPolicy(html: string): string {
  const scripts = Array.from(html.matchAll(/<script>([\s\S]*?)<\/script>/g), ([, script]) => {
    // Browsers normalize line endings to \n before hashing.
    return `'sha256-${createHash('sha256')
      .update((script ?? '').replace(/\r\n?/g, '\n'))
      .digest('base64')}'`;
  });
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    // The editor writes colors and positions to style elements and attributes.
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    'font-src data:',
    "connect-src 'self'",
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
