import type { IncomingMessage } from 'node:http';
import { type CallerJson, parseCallerJson } from './caller-json.ts';

export type Body = CallerJson | { kind: 'none' } | { kind: 'too-large' };

/** Reads a request's JSON body, up to `maxBytes`. What is left of a longer one is not read. A body of another content type counts as none. Rejects when the caller goes away. */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return { kind: 'too-large' };
  const bytes = await readBytes(request, maxBytes);
  if (!bytes) return { kind: 'too-large' };
  if (bytes.length === 0 || !jsonType.test(request.headers['content-type'] ?? '')) return { kind: 'none' };
  return parseCallerJson(bytes);
}

const jsonType = /^application\/(?:[a-z.+-]*\+)?json\s*(?:;|$)/i;

/** Null where there are more. By events: an iterator costs a small request as much as all that is done with its body. */
function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      request.off('data', take).pause();
      resolve(null);
    };
    request.on('data', take);
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.on('error', reject);
  });
}
