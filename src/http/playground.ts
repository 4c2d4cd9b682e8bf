import { createPageFiles, type PageFiles, type PageFilesOptions } from './page-files.ts';

/** Scripts, workers, and requests only from and to this server. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // The editor writes colors and positions to style elements and attributes.
  "style-src 'self' 'unsafe-inline'",
  // Two symbols in the editor's styles.
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves the playground: its page at / and at /playground, and what it loads below /playground/. The page has relative addresses, so that it
 * works at both, behind any prefix.
 */
export function createPlaygroundFiles(options: PageFilesOptions): PageFiles {
  const files = createPageFiles({ name: 'playground', contentSecurityPolicy, assets: 'playground/' }, options);
  return {
    missing: files.missing,
    respond(path, request, response) {
      return files.send(path === '/' || path === '/playground' ? 'index.html' : path.slice(1), request, response);
    },
  };
}
