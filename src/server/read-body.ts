import type { IncomingMessage } from 'node:http';

export type Body = { kind: 'json'; value: unknown } | { kind: 'none' } | { kind: 'too-large' } | { kind: 'malformed'; message: string };

/** How much more of a body that is too large is thrown away: a caller that still sends would not hear the answer. */
const mostDiscardedBytes = 16 * 1024 * 1024;

/** Reads a request's JSON body, up to `maxBytes`. A body of another content type counts as none. Rejects when the caller goes away. */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The connection is still needed for the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > maxBytes + mostDiscardedBytes) break;
    if (size <= maxBytes) chunks.push(chunk as Buffer);
  }
  if (size > maxBytes) return { kind: 'too-large' };
  if (size === 0 || !/^application\/(?:[a-z.+-]*\+)?json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) return { kind: 'none' };
  try {
    return { kind: 'json', value: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch (error) {
    return { kind: 'malformed', message: error instanceof Error ? error.message : 'not JSON' };
  }
}
