import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takesCoding } from './accept-encoding.ts';
import { send, sendError } from './send.ts';

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

/** A file of the console, with its compressed forms. */
interface ConsoleFile {
  headers: Record<string, string>;
  /** Unique for the contents, without quotation marks. */
  tag: string;
  body: Buffer;
  /** In the order of preference: the smallest first. */
  compressed: { coding: 'br' | 'gzip'; body: Buffer }[];
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

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
  let files: Promise<Map<string, ConsoleFile>> | undefined;
  return {
    missing: isEnabled && !isBuilt ? notBuilt : null,
    async respond(path, request, response) {
      if (!isEnabled) return sendError(response, 404, 'NOT_FOUND', 'The console is turned off (server.console: false).');
      if (!isBuilt) return sendError(response, 404, 'NOT_FOUND', notBuilt);
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return sendError(response, 405, 'BAD_REQUEST', 'The console accepts only GET and HEAD.', { allow: 'GET, HEAD' });
      }
      const target = path.slice('/console'.length);
      if (target === '' || target === '/') {
        // Relative, so that it stays below a prefix.
        return send(response, 308, { location: target === '' ? 'console/overview' : 'overview' }, '');
      }
      files ??= readFiles(folder);
      const file = findFile(await files, target.slice(1));
      if (!file) return sendError(response, 404, 'NOT_FOUND', 'Not found. The console is at /console.');
      sendFile(file, request, response);
    },
  };
}

/** The page for an address of the console. */
function findFile(files: Map<string, ConsoleFile>, name: string): ConsoleFile | undefined {
  return files.get(/^[a-z]+$/.test(name) ? 'index.html' : name);
}

function sendFile(file: ConsoleFile, request: IncomingMessage, response: ServerResponse): void {
  const accepted = request.headers['accept-encoding'];
  const form = file.compressed.find(({ coding }) => takesCoding(accepted, coding)) ?? { coding: null, body: file.body };
  const headers = { ...file.headers, etag: `"${file.tag}${form.coding === null ? '' : `-${form.coding}`}"` };
  if (request.complete && isKnown(request.headers['if-none-match'], headers.etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  send(response, 200, { ...headers, ...(form.coding !== null && { 'content-encoding': form.coding }) }, form.body);
}

function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((known) => known.trim().replace(/^W\//, '') === tag);
}

async function readFiles(folder: URL): Promise<Map<string, ConsoleFile>> {
  const root = fileURLToPath(folder);
  const names = (await readdir(root, { recursive: true })).map((name) => name.replaceAll('\\', '/'));
  const served = names.filter((name) => extname(name) in types);
  const read = async (name: string): Promise<[string, ConsoleFile]> => [name, await readConsoleFile(folder, name, new Set(names))];
  return new Map(await Promise.all(served.map(read)));
}

async function readConsoleFile(folder: URL, name: string, names: ReadonlySet<string>): Promise<ConsoleFile> {
  const body = await readFile(new URL(name, folder));
  const compressed: ConsoleFile['compressed'] = [];
  if (names.has(`${name}.br`)) compressed.push({ coding: 'br', body: await readFile(new URL(`${name}.br`, folder)) });
  if (names.has(`${name}.gz`)) compressed.push({ coding: 'gzip', body: await readFile(new URL(`${name}.gz`, folder)) });
  return {
    headers: {
      'content-type': types[extname(name)] ?? '',
      // The names of assets contain a hash of their contents.
      'cache-control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
      'content-security-policy': contentSecurityPolicy,
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    },
    tag: createHash('sha256').update(body).digest('base64url').slice(0, 22),
    body,
    compressed,
  };
}
