import type { FormattedExecutionResult } from 'graphql';
import type { WebSocket } from 'ws';
import { serialize } from '../graphql/serialize.ts';

/** Sends the messages of one WebSocket. */
export interface Sender {
  /** Resolves when the message was read, or can't be any more. */
  send(text: string): Promise<void>;
  /** A placeholder for a result in a message until it is sent, so that the result is serialized once for all connections. */
  toPayload(result: FormattedExecutionResult): FormattedExecutionResult & { toJSON(): string };
}

/** A larger message is sent in pieces of this size, each after the previous one was read, to detect whether the client reads. */
const pieceBytes = 65_536;

/** Above this size, no second message is kept for a connection that doesn't read. */
const maxUnsentBytes = 4 * 1024 * 1024;

/** At the end of a message. A result is an object, never text. */
const placeholder = /"type":"next","payload":"(\d+)"\}$/;

/** `addUnsent` counts unread bytes. False: the caller exceeds its limit. */
export function createSender(socket: WebSocket, addUnsent: (bytes: number) => boolean): Sender {
  const payloads = new Map<string, string>();
  let payloadCount = 0;
  let unsentBytes = 0;
  /** The large message being sent: no other message may come between its pieces. */
  let large: Promise<void> = Promise.resolve();
  let largeCount = 0;

  const write = (data: string | Buffer, isLast: boolean): Promise<void> =>
    new Promise((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve();
      // When it was read or can't be: then the next one is created.
      socket.send(data, { binary: false, fin: isLast }, () => resolve());
    });
  const writePieces = async (bytes: Buffer): Promise<void> => {
    for (let offset = 0; offset < bytes.length; offset += pieceBytes) {
      await write(bytes.subarray(offset, offset + pieceBytes), offset + pieceBytes >= bytes.length);
    }
  };
  const sendText = (text: string): Promise<void> => {
    if (text.length <= pieceBytes) return largeCount === 0 ? write(text, true) : large.then(() => sendText(text));
    largeCount += 1;
    large = large
      .then(() => writePieces(Buffer.from(text)))
      .finally(() => {
        largeCount -= 1;
      });
    return large;
  };
  const fillIn = (text: string): string => {
    const found = text.startsWith('{"id":') ? placeholder.exec(text.slice(-60)) : null;
    const payload = found?.[1] === undefined ? undefined : payloads.get(found[1]);
    if (!found?.[1] || payload === undefined) return text;
    payloads.delete(found[1]);
    return `${text.slice(0, -found[1].length - 3)}${payload}}`;
  };

  return {
    async send(text) {
      const message = fillIn(text);
      const isAlone = unsentBytes === 0;
      unsentBytes += message.length;
      const isWithin = addUnsent(message.length);
      if (!isAlone && (!isWithin || unsentBytes > maxUnsentBytes)) socket.terminate();
      await sendText(message);
      unsentBytes -= message.length;
      addUnsent(-message.length);
    },
    toPayload(result) {
      payloadCount += 1;
      const name = String(payloadCount);
      payloads.set(name, serialize(result));
      return { toJSON: () => name };
    },
  };
}
