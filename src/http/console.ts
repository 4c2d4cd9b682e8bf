import { existsSync, readFileSync } from 'node:fs';
import { createPageFiles, type PageFiles, type PageFilesOptions } from './page-files.ts';
import { send } from './send.ts';

/** Scripts, styles, and requests only from and to this server, and no text that becomes a script. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/**
 * Serves the console at /console and the paths below it. Each page is one level below /console/, so that relative addresses work behind any
 * prefix.
 */
export function createConsoleFiles(options: PageFilesOptions): PageFiles {
  const files = createPageFiles({ name: 'console', contentSecurityPolicy, assets: 'assets/' }, options);
  return {
    missing: files.missing,
    async respond(path, request, response) {
      const target = path.slice('/console'.length);
      if (files.isServed && (target === '' || target === '/')) {
        // Relative, so that it stays below a prefix.
        return send(response, 308, { location: target === '' ? 'console/overview' : 'overview' }, '');
      }
      return files.send(toFileName(target.slice(1)), request, response);
    },
  };
}

/** The documents that the console sends, by their IDs: a list of one manifest. Empty if there is no console. */
export function readConsoleManifests({ folder, isEnabled }: PageFilesOptions): Readonly<Record<string, string>>[] {
  const file = new URL('documents.json', folder);
  return isEnabled && existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8'))] : [];
}

/** The addresses of the console are one page. */
function toFileName(name: string): string {
  return /^[a-z]+$/.test(name) ? 'index.html' : name;
}
