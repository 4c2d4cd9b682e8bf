/*
 * The messages of PostgreSQL's protocol, version 3: a letter, the length of the rest as 4 bytes, and the rest
 * (https://www.postgresql.org/docs/current/protocol-message-formats.html).
 */

export function messageOf(type: string, ...parts: (string | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)));
  const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export const simpleQuery = (text: string): Buffer => messageOf('Q', text);

export const typeOf = (message: Buffer): string => String.fromCharCode(message[0] ?? 0);

/** The text that ends with the next zero. */
export const textAt = (message: Buffer, at: number): string => message.toString('utf8', at, message.indexOf(0, at));

export function* messagesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** The text of the first message of this type. */
export function firstOf(bytes: Buffer, type: string): string | null {
  for (const message of messagesOf(bytes)) if (typeOf(message) === type) return message.toString('utf8', 5).replaceAll('\0', ' ');
  return null;
}

/** The first column of each row. */
export function readRows(bytes: Buffer): string[] {
  return Array.from(messagesOf(bytes)).flatMap((message) =>
    typeOf(message) === 'D' ? [message.toString('utf8', 11, 11 + message.readInt32BE(7))] : [],
  );
}
