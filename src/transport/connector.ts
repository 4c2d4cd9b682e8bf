import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/** An interim answer's status line and header fields; longer ones are left to the parser. */
const maxHead = 16_384;
const headEnd = Buffer.from('\r\n\r\n');
const statusLineStart = Buffer.from('HTTP/1.');
/** `HTTP/1.1 1`: up to the first digit of the status. */
const firstDigitAt = 9;
/** `HTTP/1.1 101`: up to the last. */
const statusEnd = 12;
const digitOne = 0x31;

/** Connects as undici does, without informational answers. */
export function createConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  return withoutInformationalAnswers(buildConnector(options));
}

/**
 * Keeps informational answers (100, 102, 103 and the like) from undici's parser.
 * RFC 9110, section 15.2: a client must be able to take them before the final answer, also those it did not ask for;
 * undici drops the connection at a `100 Continue`, so that a request which was carried out looks lost.
 */
export function withoutInformationalAnswers(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...result) => {
      const socket = result[1];
      // HTTP/2 has frames for them, which undici takes as they come.
      if (socket && !('alpnProtocol' in socket && socket.alpnProtocol === 'h2')) skipInformationalAnswers(socket);
      callback(...result);
    });
}

/** Between a request's first byte and the first byte of its final answer, `read` gives nothing of what precedes that answer. */
function skipInformationalAnswers(socket: Socket): void {
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket);
  let awaitsAnswer = false;
  /** The start of an answer of which too little has come to tell, or to skip it. */
  let held: Buffer | null = null;

  // One request at a time is on a connection, and its body is written with its head.
  socket.write = ((...parameters: Parameters<typeof write>) => {
    awaitsAnswer = true;
    return write(...parameters);
  }) as typeof socket.write;

  socket.read = (size) => {
    for (;;) {
      const chunk: Buffer | null = read(size);
      if (chunk === null || !awaitsAnswer) return chunk;
      const rest = skipInformational(held ? Buffer.concat([held, chunk]) : chunk);
      if (rest.isFinal) {
        awaitsAnswer = false;
        held = null;
        return rest.bytes;
      }
      held = rest.bytes.length > 0 ? rest.bytes : null;
    }
  };
}

/** What follows the informational answers at the start. `isFinal`: it goes to the parser; otherwise more has to come first. */
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
  // Nearly every answer is told by this one byte.
  if (bytes[firstDigitAt] !== digitOne || bytes.length < statusEnd) return false;
  // 101 switches the protocol, which was not requested: the parser refuses it.
  return startsAsAnswer(bytes) && bytes.toString('latin1', firstDigitAt, statusEnd) !== '101';
}

function mayBecomeInformational(bytes: Buffer): boolean {
  if (bytes.length >= statusEnd) return false;
  return startsAsAnswer(bytes) && (bytes.length <= firstDigitAt || bytes[firstDigitAt] === digitOne);
}

function startsAsAnswer(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, statusLineStart.length);
  return bytes.compare(statusLineStart, 0, length, 0, length) === 0;
}
