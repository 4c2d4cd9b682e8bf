import { readFileSync } from 'node:fs';

/**
 * Reads a UTF-8 text file, without a byte order mark at the start. `obstacle`: why it can't be read, as a predicate of "it": `it can't be
 * read (ENOENT)`.
 */
export function readTextFile(file: string): { text: string } | { obstacle: string } {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
    return { obstacle: `can't be read (${code})` };
  }
  const isMarkedUtf16 = bytes.length >= 2 && (bytes.readUInt16BE(0) === 0xfeff || bytes.readUInt16LE(0) === 0xfeff);
  if (isMarkedUtf16) return { obstacle: 'is in UTF-16; save it as UTF-8' };
  if (bytes.includes(0)) return { obstacle: 'contains NUL bytes, as UTF-16 text does; save it as UTF-8' };
  try {
    // Decoding without `fatal` would silently replace other bytes, and Jobyard would try a changed password.
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { obstacle: 'is not in UTF-8; save it as UTF-8' };
  }
}
