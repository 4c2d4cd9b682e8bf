/** The text of a cursor, whatever list it belongs to: not to be counted with, and safe in URLs. */
export function toCursorText(payload: Buffer): string {
  return payload.toString('base64url');
}

/** What a cursor's text holds. Null: no cursor's text. Each payload has one text; base64 has others, which are refused. */
export function fromCursorText(text: string): Buffer | null {
  const payload = Buffer.from(text, 'base64url');
  // It skips over characters that are none of its own.
  return payload.toString('base64url') === text ? payload : null;
}

/** The cursors of lists whose rows have whole numbers as their positions. Positions are digits, as they may have more than a number holds. */
export interface PositionCursors {
  encode(position: string): string;
  /** Null: not a cursor of these lists. */
  decode(cursor: string): string | null;
}

/** `kind`: of the lists, so that the cursors of one kind are none of another. */
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
