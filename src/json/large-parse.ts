import { braceBit, closingBrace, closingBracket, comma, openingBrace, openingBracket, quote } from './characters.ts';
import { endOfString, maxVendorNesting } from './nesting.ts';
import { parseUnnested } from './parse.ts';

/** The result of parsing a large text. `tooDeep`: more than 250 levels of nesting. Text that is not JSON may yield any of the three failures. */
export type LargeJson = { kind: 'value'; value: unknown } | { kind: 'notJson' } | { kind: 'tooDeep' } | { kind: 'tooManyValues' };

/**
 * The maximum number of values (containers, and entries except the first of each) in one text. V8 needs at most 110 bytes per value, measured with
 * the worst case, objects with all different names: a text needs at most about 66 MiB in addition to its length. 16 MiB of ordinary rows have
 * about 520,000 values.
 */
export const maxLargeValues = 600_000;

/** The length of text that is parsed at once: at most about 10 ms of work in the worst case, 0.1 ms for ordinary text. */
const defaultPieceBytes = 16 * 1024;

const onlyWhiteSpace = /^[ \t\n\r]*$/;

// The casts below: each index is within its array, and a text in braces parses to an object. The compiler can't conclude either.

interface Scan {
  readonly bytes: Buffer;
  /** The next byte to read; never inside a string. */
  at: number;
  /** Containers that are open at `at`. */
  depth: number;
  values: number;
  /** For each open container, from 1: where its bracket is. */
  readonly openedAt: Int32Array;
  /** For each open container, from 0 (the text itself): where its current entry begins. */
  readonly entryAt: Int32Array;
}

/** A container whose first entries were already added. */
interface Frame {
  readonly container: unknown[] | Record<string, unknown>;
  /** Whether its last character was a comma, so that another entry must follow. */
  isAfterComma: boolean;
}

/** The value that was built so far. */
interface Assembly {
  readonly scan: Scan;
  readonly root: unknown[];
  /** The outer open containers, which are too large for one piece. */
  readonly frames: Frame[];
  top: Frame;
  /** Text from here on is not in `top` yet. */
  takenTo: number;
}

function startAssembly(bytes: Buffer): Assembly {
  const scan: Scan = {
    bytes,
    at: 0,
    depth: 0,
    values: 1,
    openedAt: new Int32Array(maxVendorNesting + 1),
    entryAt: new Int32Array(maxVendorNesting + 1),
  };
  const root: unknown[] = [];
  const top: Frame = { container: root, isAfterComma: false };
  return { scan, root, frames: [top], top, takenTo: 0 };
}

/**
 * Parses JSON in UTF-8 as `parseJson` does, a piece at a time: between the pieces, the caller may run other work, or stop. Keeps only the bytes and
 * the value that was built so far. One linear pass finds where entries begin; complete entries are parsed together with JSON.parse.
 */
export function* parsePieces(bytes: Buffer, pieceBytes = defaultPieceBytes, maxValues = maxLargeValues): Generator<void, LargeJson> {
  const assembly = startAssembly(bytes);
  const { scan, frames } = assembly;
  while (scan.at < bytes.length) {
    const stop = scanUntil(scan, scan.at + pieceBytes, frames.length - 1, maxValues);
    if (stop === 'tooDeep' || stop === 'tooManyValues') return { kind: stop };
    if (stop === 'closed') {
      if (!takeEntries(assembly, scan.at, assembly.top.isAfterComma) || !close(assembly)) return { kind: 'notJson' };
      if (frames.length === 1) return whole(assembly);
    } else if (scan.at < bytes.length && !takeComplete(assembly)) return { kind: 'notJson' };
    yield;
  }
  // The whole text is one entry that was never split.
  return frames.length === 1 && takeEntries(assembly, bytes.length, true) ? whole(assembly) : { kind: 'notJson' };
}

function whole({ root }: Assembly): LargeJson {
  return root.length === 1 ? { kind: 'value', value: root[0] } : { kind: 'notJson' };
}

function takeEntries({ top, scan, takenTo }: Assembly, to: number, isRequired: boolean): boolean {
  return addEntries(top.container, scan.bytes, takenTo, to, isRequired);
}

/** Adds all complete entries of all open containers. */
function takeComplete(assembly: Assembly): boolean {
  const { scan, frames } = assembly;
  for (let level = frames.length - 1; ; level += 1) {
    const entryAt = scan.entryAt[level] as number;
    if (entryAt > assembly.takenTo) {
      if (!takeEntries(assembly, entryAt - 1, true)) return false;
      assembly.top.isAfterComma = true;
      assembly.takenTo = entryAt;
    }
    if (level === scan.depth) return true;
    const openedAt = scan.openedAt[level + 1] as number;
    const container = scan.bytes[openedAt] === openingBracket ? [] : {};
    if (!addContainer(assembly.top.container, scan.bytes, assembly.takenTo, openedAt, container)) return false;
    assembly.top = { container, isAfterComma: false };
    frames.push(assembly.top);
    assembly.takenTo = openedAt + 1;
  }
}

/** Closes `top`, whose closing bracket is at `scan.at`, and continues with the next entry of its parent. */
function close(assembly: Assembly): boolean {
  const { scan, frames } = assembly;
  const { bytes } = scan;
  const isArray = bytes[scan.at] === closingBracket;
  if (frames.length === 1 || isArray !== Array.isArray(assembly.top.container)) return false;
  frames.pop();
  const top = frames[frames.length - 1] as Frame;
  assembly.top = top;
  scan.depth -= 1;
  scan.at = skipWhiteSpace(bytes, scan.at + 1);
  const isEnd = scan.at === bytes.length;
  if (frames.length === 1 || isEnd) return frames.length === 1 && isEnd;
  if (bytes[scan.at] !== comma) return isClosing(bytes[scan.at] as number) && close(assembly);
  scan.at += 1;
  scan.values += 1;
  assembly.takenTo = scan.at;
  scan.entryAt[scan.depth] = scan.at;
  top.isAfterComma = true;
  return true;
}

/** Scans up to `end`, or to the bracket that closes the container at depth `walked`; reads strings to their end. */
function scanUntil(scan: Scan, end: number, walked: number, maxValues: number): 'end' | 'closed' | 'tooDeep' | 'tooManyValues' {
  const { bytes, openedAt, entryAt } = scan;
  const to = Math.min(end, bytes.length);
  let { at, depth, values } = scan;
  let stop: ReturnType<typeof scanUntil> = 'end';
  while (at < to) {
    const byte = bytes[at] as number;
    if (byte === quote) {
      at = endOfString(bytes, at + 1);
      continue;
    }
    if (byte === comma) {
      values += 1;
      entryAt[depth] = at + 1;
    } else if (byte >= openingBracket) {
      const brace = byte | braceBit;
      if (brace === openingBrace) {
        if (depth === maxVendorNesting) {
          stop = 'tooDeep';
          break;
        }
        depth += 1;
        values += 1;
        openedAt[depth] = at;
        entryAt[depth] = at + 1;
      } else if (brace === closingBrace) {
        if (depth === walked) {
          stop = 'closed';
          break;
        }
        depth -= 1;
      }
    }
    at += 1;
  }
  Object.assign(scan, { at: Math.min(at, bytes.length), depth, values });
  return values > maxValues ? 'tooManyValues' : stop;
}

/** False: the bytes aren't entries of such a container, or there are none although `isRequired`. */
function addEntries(container: unknown[] | Record<string, unknown>, bytes: Buffer, from: number, to: number, isRequired: boolean): boolean {
  const text = bytes.toString('utf8', from, to);
  if (Array.isArray(container)) {
    const entries = parseUnnested(`[${text}]`);
    if (!Array.isArray(entries) || (isRequired && entries.length === 0)) return false;
    for (const entry of entries) container.push(entry);
    return true;
  }
  const members = parseUnnested(`{${text}}`) as Record<string, unknown> | undefined;
  if (members === undefined) return false;
  const names = Object.keys(members);
  for (const name of names) addMember(container, name, members[name]);
  return names.length > 0 || !isRequired;
}

/** `[from, to)`: the text before the opening bracket. */
function addContainer(parent: unknown[] | Record<string, unknown>, bytes: Buffer, from: number, to: number, container: object): boolean {
  const text = bytes.toString('utf8', from, to);
  if (Array.isArray(parent)) {
    parent.push(container);
    return onlyWhiteSpace.test(text);
  }
  const [name, ...others] = Object.keys(parseUnnested(`{${text}null}`) ?? {});
  if (name === undefined || others.length > 0) return false;
  addMember(parent, name, container);
  return true;
}

function addMember(container: Record<string, unknown>, name: string, value: unknown): void {
  // Like JSON.parse, which treats `__proto__` as an ordinary name.
  if (name === '__proto__') Object.defineProperty(container, name, { value, writable: true, enumerable: true, configurable: true });
  else container[name] = value;
}

function isClosing(byte: number): boolean {
  return byte === closingBracket || byte === closingBrace;
}

function skipWhiteSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isWhiteSpace(bytes[at] as number)) at += 1;
  return at;
}

function isWhiteSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
