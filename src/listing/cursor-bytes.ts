/** Writes values one after the other, each in as few bytes as it needs. */
export interface ByteWriter {
  byte(value: number): void;
  bytes(value: Uint8Array): void;
  /** A whole number from 0 to the largest safe integer, seven bits per byte. */
  count(value: number): void;
  text(value: string): void;
  /** Any number, or null. Null and whole numbers close to `base` are short. */
  number(value: number | null, base: number): void;
  toBuffer(): Buffer;
}

/** Reads what a ByteWriter wrote. Throws a RangeError if the bytes end too early, or can't come from a ByteWriter. */
export interface ByteReader {
  byte(): number;
  bytes(length: number): Buffer;
  count(): number;
  text(): string;
  number(base: number): number | null;
  isAtEnd(): boolean;
}

/** The last bits of the first bytes of a number, so that a small number is one byte. `double`: its value follows. */
const kinds = { positive: 0, negative: 1, double: 2, null: 3 } as const;
const kindCount = 4;
const maxWhole = Math.floor(Number.MAX_SAFE_INTEGER / kindCount);
const doubleBytes = 8;

/** Whole numbers are written as their distance from it. */
function toOrigin(base: number): number {
  return Number.isSafeInteger(base) ? base : 0;
}

export function createByteWriter(): ByteWriter {
  const parts: Uint8Array[] = [];
  const bytes = (value: Uint8Array): void => void parts.push(value);
  const byte = (value: number): void => bytes(Uint8Array.of(value));
  const count = (value: number): void => {
    let left = value;
    const digits: number[] = [];
    for (; left >= 128; left = Math.floor(left / 128)) digits.push((left % 128) + 128);
    bytes(Uint8Array.of(...digits, left));
  };
  return {
    byte,
    bytes,
    count,
    text(value) {
      const encoded = Buffer.from(value);
      count(encoded.length);
      bytes(encoded);
    },
    number(value, base) {
      if (value === null) return count(kinds.null);
      const distance = value - toOrigin(base);
      if (Number.isSafeInteger(value) && Math.abs(distance) <= maxWhole) {
        return count(Math.abs(distance) * kindCount + (distance < 0 ? kinds.negative : kinds.positive));
      }
      count(kinds.double);
      const double = Buffer.alloc(doubleBytes);
      double.writeDoubleBE(value);
      bytes(double);
    },
    toBuffer: () => Buffer.concat(parts),
  };
}

export function createByteReader(source: Buffer): ByteReader {
  let position = 0;
  const bytes = (length: number): Buffer => {
    if (position + length > source.length) throw new RangeError('The bytes end too early');
    position += length;
    return source.subarray(position - length, position);
  };
  const byte = (): number => bytes(1)[0] as number;
  const count = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const digit = byte();
      value += (digit % 128) * factor;
      if (!Number.isSafeInteger(value)) throw new RangeError('Not a whole number');
      if (digit < 128) return value;
    }
  };
  return {
    byte,
    bytes,
    count,
    text: () => bytes(count()).toString(),
    number(base) {
      const value = count();
      const kind = value % kindCount;
      if (kind === kinds.null) return null;
      if (kind === kinds.double) return bytes(doubleBytes).readDoubleBE();
      const distance = (value - kind) / kindCount;
      return toOrigin(base) + (kind === kinds.negative ? -distance : distance);
    },
    isAtEnd: () => position === source.length,
  };
}
