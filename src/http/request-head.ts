import type { IncomingMessage } from 'node:http';
import type { ErrorAnswer } from './response-headers.ts';

/** What is wrong with the head of a request, whatever it asks for, or null: what a proxy before Jobyard could read in another way. */
export function findHeadMistake(request: Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'httpVersion'>): ErrorAnswer | null {
  const mistake = findHostMistake(request) ?? findVersionMistake(request);
  if (mistake !== null) return { status: 400, code: 'BAD_REQUEST', message: mistake };
  const { 'transfer-encoding': coding } = request.headers;
  if (coding === undefined || coding.toLowerCase() === 'chunked') return null;
  const message = `Transfer-Encoding: expected "chunked" or nothing, got "${coding.slice(0, 100)}".`;
  // Of chunks Node knows the end, and leaves the codings under them as they are; of anything else the end is not known (RFC 9112, sections 6.1 and 6.3).
  return { status: /[,\s]chunked$/i.test(coding) ? 501 : 400, code: 'BAD_REQUEST', message };
}

/** One of two Hosts could be what a proxy goes by, and the other what is checked here (RFC 9112, section 3.2). */
function findHostMistake({ rawHeaders, httpVersion }: Pick<IncomingMessage, 'rawHeaders' | 'httpVersion'>): string | null {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) if (rawHeaders[index]?.toLowerCase() === 'host') count += 1;
  if (count > 1) return 'Host: expected one header, got several.';
  return count === 0 && httpVersion === '1.1' ? 'Host: expected a header, got none.' : null;
}

/** To what knows HTTP/1.0 only, the chunks are the body, or the next request (RFC 9112, section 6.1). */
function findVersionMistake({ headers, httpVersion }: Pick<IncomingMessage, 'headers' | 'httpVersion'>): string | null {
  return httpVersion !== '1.1' && headers['transfer-encoding'] !== undefined
    ? `Transfer-Encoding: expected none in HTTP/${httpVersion}, got one.`
    : null;
}
