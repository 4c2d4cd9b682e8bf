import type { IncomingMessage } from 'node:http';

export type Body = { kind: 'json'; value: unknown } | { kind: 'none' } | { kind: 'too-large' } | { kind: 'malformed'; message: string };

/** Reads a request's JSON body, up to `maxBytes`. What is left of a longer one is not read. A body of another content type counts as none. Rejects when the caller goes away. */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return { kind: 'too-large' };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > maxBytes) return { kind: 'too-large' };
    chunks.push(chunk as Buffer);
  }
  if (size === 0 || !/^application\/(?:[a-z.+-]*\+)?json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) return { kind: 'none' };
  try {
    return { kind: 'json', value: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch (error) {
    return { kind: 'malformed', message: error instanceof Error ? error.message : 'not JSON' };
  }
}
