import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendError } from './send.ts';
import { createStaticFile, type FileForms, readFolder, type StaticFile, sendFile } from './static-files.ts';

/** Web pages that the checkout builds: the console, or the playground. */
export interface PageFiles {
  /** Why there are no pages, for the log. Null: there are, or they are turned off. */
  missing: string | null;
  /** Responds to a request for this path, which is one of theirs. */
  respond(path: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface PageFilesOptions {
  /** The built files: index.html, and what it loads. */
  folder: URL;
  /** Their setting: `server.console` or `server.playground`. */
  isEnabled: boolean;
}

export interface PageFilesKind {
  /** Also the name of their setting, and of the script that builds them. */
  name: 'console' | 'playground';
  contentSecurityPolicy: string;
  /** The folder of the files whose names contain a hash of their contents. */
  assets: string;
}

export interface PageFilesFolder extends Pick<PageFiles, 'missing'> {
  isServed: boolean;
  /** Sends the file with this path in the folder, or says why there is none. */
  send(path: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Sends the files of built pages. They are read on the first request, then kept. */
export function createPageFiles({ name, contentSecurityPolicy, assets }: PageFilesKind, options: PageFilesOptions): PageFilesFolder {
  const { folder, isEnabled } = options;
  const notBuilt = `The ${name} isn't built: run npm run build:${name} in the checkout, and restart Jobyard.`;
  const isBuilt = existsSync(new URL('index.html', folder));
  const toFile = ([path, forms]: [string, FileForms]): [string, StaticFile] => [
    path,
    createStaticFile(path, forms, { contentSecurityPolicy, isImmutable: path.startsWith(assets) }),
  ];
  let files: Promise<Map<string, StaticFile>> | undefined;
  return {
    missing: isEnabled && !isBuilt ? notBuilt : null,
    isServed: isEnabled && isBuilt,
    async send(path, request, response) {
      if (!isEnabled) return sendError(response, 404, 'NOT_FOUND', `The ${name} is turned off (server.${name}: false).`);
      if (!isBuilt) return sendError(response, 404, 'NOT_FOUND', notBuilt);
      files ??= readFolder(folder).then((read) => new Map(Array.from(read, toFile)));
      sendFile((await files).get(path), request, response);
    },
  };
}
