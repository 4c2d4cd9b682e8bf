import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { takesCoding } from './accept-encoding.ts';
import { writeHead } from './response-headers.ts';
import { send, sendError, sendNotFound } from './send.ts';

/** A file's contents, uncompressed and as they were compressed at build time. Smallest first. */
export type FileForms = readonly { coding: 'br' | 'gzip' | null; body: Buffer }[];

/** A file that is ready to send. */
export interface StaticFile {
  headers: Record<string, string>;
  /** Unique for the contents, without quotation marks. */
  tag: string;
  forms: FileForms;
}

export interface StaticFileOptions {
  contentSecurityPolicy: string;
  /** Whether the name contains a hash of the contents, so that browsers never ask again. */
  isImmutable: boolean;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

/**
 * The files of a folder by their path in it. A file NAME.br or NAME.gz is a compressed form of NAME, which may be there only as NAME.gz; files
 * of other types are left out.
 */
export async function readFolder(folder: URL): Promise<Map<string, FileForms>> {
  const names = new Set((await readdir(fileURLToPath(folder), { recursive: true })).map((name) => name.replaceAll('\\', '/')));
  const read = (name: string) => readFile(new URL(name, folder));
  const readForms = async (name: string): Promise<[string, FileForms]> => {
    const forms: { coding: 'br' | 'gzip' | null; body: Buffer }[] = [];
    if (names.has(`${name}.br`)) forms.push({ coding: 'br', body: await read(`${name}.br`) });
    if (names.has(`${name}.gz`)) forms.push({ coding: 'gzip', body: await read(`${name}.gz`) });
    const body = names.has(name) ? await read(name) : await promisify(gunzip)(await read(`${name}.gz`));
    return [name, [...forms, { coding: null, body }]];
  };
  const served = new Set(Array.from(names, (name) => name.replace(/\.(?:br|gz)$/, '')).filter((name) => extname(name) in types));
  return new Map(await Promise.all(Array.from(served, readForms)));
}

/** `forms` must contain the uncompressed one. */
export function createStaticFile(name: string, forms: FileForms, { contentSecurityPolicy, isImmutable }: StaticFileOptions): StaticFile {
  const body = forms.find(({ coding }) => coding === null)?.body ?? Buffer.alloc(0);
  return {
    headers: {
      'content-type': types[extname(name)] ?? '',
      'cache-control': isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
      'content-security-policy': contentSecurityPolicy,
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    },
    tag: createHash('sha256').update(body).digest('base64url').slice(0, 22),
    forms,
  };
}

/** Sends a file to GET and HEAD, in the smallest form that the client accepts; 304 if the client has it, 404 if there is none. */
export function sendFile(file: StaticFile | undefined, request: IncomingMessage, response: ServerResponse): void {
  const coded = file?.forms.find(({ coding }) => coding === null || takesCoding(request.headers['accept-encoding'], coding));
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendError(response, 405, 'BAD_REQUEST', 'Pages accept only GET and HEAD.', { allow: 'GET, HEAD' });
  } else if (!file || !coded) {
    sendNotFound(response);
  } else {
    sendForm(file, coded, request, response);
  }
}

function sendForm({ headers, tag }: StaticFile, { coding, body }: FileForms[number], request: IncomingMessage, response: ServerResponse) {
  const tagged = { ...headers, etag: `"${tag}${coding === null ? '' : `-${coding}`}"` };
  if (request.complete && isKnown(request.headers['if-none-match'], tagged.etag)) writeHead(response, 304, tagged).end();
  else send(response, 200, { ...tagged, ...(coding !== null && { 'content-encoding': coding }) }, body);
}

function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((known) => known.trim().replace(/^W\//, '') === tag);
}
