import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/** The maximum size of an interim response's head; the parser gets longer ones. */
const maxHead = 16_384;
const headEnd = Buffer.from('\r\n\r\n');
const statusLineStart = Buffer.from('HTTP/1.');
/** `HTTP/1.1 1`: the position of the first digit of the status. */
const firstDigitAt = 9;
/** `HTTP/1.1 101`: the end of the status. */
const statusEnd = 12;
const digitOne = 0x31;

/** Connects like undici, but skips informational responses. */
export function createConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  return withoutInformationalResponses(buildConnector(options));
}

/**
 * Keeps informational responses (100, 102, 103, and others) from undici's parser. RFC 9110, section 15.2: a client must accept them before
 * the final response, even if it didn't request them; undici closes the connection at a `100 Continue`, so a request
 * that was performed would fail as lost.
 */
export function withoutInformationalResponses(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...result) => {
      const socket = result[1];
      // HTTP/2 has frames for them, which undici handles.
      if (socket && !('alpnProtocol' in socket && socket.alpnProtocol === 'h2')) skipInformationalResponses(socket);
      callback(...result);
    });
}

/** Between the first byte of a request and the first byte of its final response, `read` skips everything before that response. */
function skipInformationalResponses(socket: Socket): void {
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket);
  let awaitsResponse = false;
  /** The start of a response, too short to classify or skip. */
  let pending: Buffer | null = null;

  // A connection carries one request at a time, and its body is written with its head. The cast: a spread fits no overload of `write`.
  socket.write = ((...parameters: Parameters<typeof write>) => {
    awaitsResponse = true;
    return write(...parameters);
  }) as typeof socket.write;

  socket.read = (size) => {
    for (;;) {
      const chunk: Buffer | null = read(size);
      if (chunk === null || !awaitsResponse) return chunk;
      const rest = skipInformational(pending ? Buffer.concat([pending, chunk]) : chunk);
      if (rest.isFinal) {
        awaitsResponse = false;
        pending = null;
        return rest.bytes;
      }
      pending = rest.bytes.length > 0 ? rest.bytes : null;
    }
  };
}

/** The bytes after the informational responses at the start. `isFinal`: the parser gets them; otherwise, more must arrive first. */
function skipInformational(bytes: Buffer): { bytes: Buffer; isFinal: boolean } {
  let rest = bytes;
  while (isInformational(rest)) {
    const end = rest.indexOf(headEnd);
    if (end < 0) return { bytes: rest, isFinal: rest.length > maxHead };
    rest = rest.subarray(end + headEnd.length);
  }
  return { bytes: rest, isFinal: !mayBecomeInformational(rest) };
}

function isInformational(bytes: Buffer): boolean {
  // This one byte decides for nearly every response.
  if (bytes[firstDigitAt] !== digitOne || bytes.length < statusEnd) return false;
  // 101 switches the protocol, which Jobyard didn't request: the parser rejects it.
  return startsAsResponse(bytes) && bytes.toString('latin1', firstDigitAt, statusEnd) !== '101';
}

function mayBecomeInformational(bytes: Buffer): boolean {
  if (bytes.length >= statusEnd) return false;
  return startsAsResponse(bytes) && (bytes.length <= firstDigitAt || bytes[firstDigitAt] === digitOne);
}

function startsAsResponse(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, statusLineStart.length);
  return bytes.compare(statusLineStart, 0, length, 0, length) === 0;
}
