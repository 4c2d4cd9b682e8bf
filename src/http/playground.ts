import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { isCompiled, playgroundPage } from '../package.js';

/** A page that is ready to send. The body is gzipped. */
export interface Page {
  headers: Record<string, string>;
  body: Buffer;
}

/** GraphiQL with all its resources in one page, so that it needs no other host. Read on the first call, then kept. */
export function createPlayground(): () => Promise<Page> {
  let page: Promise<Page> | undefined;
  return () => {
    page ??= readPlayground();
    return page;
  };
}

async function readPlayground(): Promise<Page> {
  const body = isCompiled ? await readFile(playgroundPage) : await renderPlayground();
  const html = (await promisify(gunzip)(body)).toString();
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

/** The package has the rendered page, as GraphiQL's own package brings 25 MB. A checkout renders it. */
export async function renderPlayground(): Promise<Buffer> {
  const [{ renderGraphiQL }, { exampleOperations }] = await Promise.all([
    import('@graphql-yoga/render-graphiql'),
    import('../graphql/example-operations.ts'),
  ]);
  const html = renderGraphiQL({
    title: 'Jobyard',
    endpoint: '/graphql',
    defaultTabs: exampleOperations.map(({ query, variables }) => ({ query, variables: variables ?? null, headers: null })),
  });
  return promisify(gzip)(html);
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
