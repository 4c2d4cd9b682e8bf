import type { IncomingMessage } from 'node:http';
import type { ErrorResponse } from './response-headers.ts';

/** What is invalid in the head of a request, or null: whatever a proxy in front of Jobyard could interpret differently. */
export function findHeadError(request: Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'httpVersion'>): ErrorResponse | null {
  const mistake = findRepeatError(request) ?? findVersionError(request);
  if (mistake !== null) return { status: 400, code: 'BAD_REQUEST', message: mistake };
  const { 'transfer-encoding': coding } = request.headers;
  if (coding === undefined || coding.toLowerCase() === 'chunked') return null;
  const message = `Transfer-Encoding: expected "chunked" or nothing, got "${coding.slice(0, 100)}".`;
  // Node finds the end of chunks and leaves other codings as they are; without chunks, the end is unknown (RFC 9112, sections 6.1 and 6.3).
  return { status: /[,\s]chunked$/i.test(coding) ? 501 : 400, code: 'BAD_REQUEST', message };
}

/** Headers of which Node uses the first one, and a proxy may use the last (RFC 9110, section 5.3). */
const singleHeaders: ReadonlySet<string> = new Set(['host', 'authorization', 'content-type']);

function findRepeatError({ rawHeaders, httpVersion }: Pick<IncomingMessage, 'rawHeaders' | 'httpVersion'>): string | null {
  const found = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const single = rawHeaders[index]?.toLowerCase() ?? '';
    if (!singleHeaders.has(single)) continue;
    if (found.has(single)) return `${toTitle(single)}: expected one header, got several.`;
    found.add(single);
  }
  return !found.has('host') && httpVersion === '1.1' ? 'Host: expected a header, got none.' : null;
}

function toTitle(name: string): string {
  return name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

/** An HTTP/1.0 intermediary treats chunks as the body, or as the next request (RFC 9112, section 6.1). */
function findVersionError({ headers, httpVersion }: Pick<IncomingMessage, 'headers' | 'httpVersion'>): string | null {
  return httpVersion !== '1.1' && headers['transfer-encoding'] !== undefined
    ? `Transfer-Encoding: expected none in HTTP/${httpVersion}, got one.`
    : null;
}
