/** The text of a cursor of any list: opaque, and safe in URLs. */
export function toCursorText(payload: Buffer): string {
  return payload.toString('base64url');
}

/** The payload of a cursor's text. Null: the text is not a cursor. Each payload has one text; other base64 texts of it are rejected. */
export function fromCursorText(text: string): Buffer | null {
  const payload = Buffer.from(text, 'base64url');
  // Buffer ignores characters outside of base64url.
  return payload.toString('base64url') === text ? payload : null;
}

/** Cursors of lists whose positions are integers. Positions are strings of digits, because they may exceed a JavaScript number. */
export interface PositionCursors {
  encode(position: string): string;
  /** Null: the text is not a cursor of these lists. */
  decode(cursor: string): string | null;
}

/** `kind`: of the lists. Cursors of one kind are invalid for another. */
export function createPositionCursors(kind: string): PositionCursors {
  const prefix = `${kind}:`;
  return {
    encode: (position) => toCursorText(Buffer.from(prefix + position)),
    decode(cursor) {
      const text = fromCursorText(cursor)?.toString();
      const position = text?.startsWith(prefix) ? text.slice(prefix.length) : '';
      return /^(?:0|[1-9]\d{0,17})$/.test(position) ? position : null;
    },
  };
}
