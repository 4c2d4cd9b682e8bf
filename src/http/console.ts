import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { send, sendError } from './send.ts';
import { createStaticFile, type FileForms, readFolder, type StaticFile, sendFile } from './static-files.ts';

/** The console at /console: a web page over the public API. */
export interface ConsoleFiles {
  /** Why there is no console at /console, for the log. Null: there is one, or it is turned off. */
  missing: string | null;
  /** Responds to a request for this path, which is /console or starts with /console/. */
  respond(path: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface ConsoleFilesOptions {
  /** The built console: index.html, and what it loads. */
  folder: URL;
  /** Setting `server.console`. */
  isEnabled: boolean;
}

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

const notBuilt = "The console isn't built: run npm run build:console in the checkout, and restart Jobyard.";

/**
 * Serves the files of the console. Each page is one level below /console/, so that relative addresses work behind any prefix. The files are
 * read on the first request, then kept.
 */
export function createConsoleFiles({ folder, isEnabled }: ConsoleFilesOptions): ConsoleFiles {
  const isBuilt = existsSync(new URL('index.html', folder));
  let files: Promise<Map<string, StaticFile>> | undefined;
  return {
    missing: isEnabled && !isBuilt ? notBuilt : null,
    async respond(path, request, response) {
      if (!isEnabled) return sendError(response, 404, 'NOT_FOUND', 'The console is turned off (server.console: false).');
      if (!isBuilt) return sendError(response, 404, 'NOT_FOUND', notBuilt);
      const target = path.slice('/console'.length);
      if (target === '' || target === '/') {
        // Relative, so that it stays below a prefix.
        return send(response, 308, { location: target === '' ? 'console/overview' : 'overview' }, '');
      }
      files ??= readFiles(folder);
      sendFile(findFile(await files, target.slice(1)), request, response);
    },
  };
}

/** The documents that the console sends, by their IDs: a list of one manifest. Empty if there is no console. */
export function readConsoleManifests({ folder, isEnabled }: ConsoleFilesOptions): Readonly<Record<string, string>>[] {
  const file = new URL('documents.json', folder);
  return isEnabled && existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8'))] : [];
}

/** The page for an address of the console. */
function findFile(files: Map<string, StaticFile>, name: string): StaticFile | undefined {
  return files.get(/^[a-z]+$/.test(name) ? 'index.html' : name);
}

async function readFiles(folder: URL): Promise<Map<string, StaticFile>> {
  const files = await readFolder(folder);
  const toFile = ([name, forms]: [string, FileForms]): [string, StaticFile] => [
    name,
    // The names of assets contain a hash of their contents.
    createStaticFile(name, forms, { contentSecurityPolicy, isImmutable: name.startsWith('assets/') }),
  ];
  return new Map(Array.from(files, toFile));
}
