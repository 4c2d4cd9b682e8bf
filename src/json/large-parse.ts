import { braceBit, closingBrace, closingBracket, comma, openingBrace, openingBracket, quote } from './characters.ts';
import { endOfString, maxVendorNesting } from './nesting.ts';
import { parseUnnested } from './parse.ts';

/** What came of a large text. `tooDeep`: nested in more than 250 levels. Text that is not JSON may be any of the three refusals. */
export type LargeJson = { kind: 'value'; value: unknown } | { kind: 'notJson' } | { kind: 'tooDeep' } | { kind: 'tooManyValues' };

/**
 * The most values (containers, and entries except the first of each) in one text. V8 keeps at most 110 bytes for each, measured with objects whose names are all different, the worst kind:
 * a text takes at most about 66 MiB beside its own length. 16 MiB of ordinary rows have some 520,000.
 */
export const maxLargeValues = 600_000;

/** So much text is parsed at one go: at most about 10 ms of work for the worst kind of text, 0.1 ms for ordinary text. */
const defaultPieceBytes = 16 * 1024;

const onlyWhiteSpace = /^[ \t\n\r]*$/;

interface Scan {
  readonly bytes: Buffer;
  /** The next byte to look at; never inside a string. */
  at: number;
  /** Containers that are open at `at`. */
  depth: number;
  values: number;
  /** For each open container, from 1: where its bracket is. */
  readonly openedAt: Int32Array;
  /** For each open container, from 0 (the text itself): where its current entry begins. */
  readonly entryAt: Int32Array;
}

/** A container of which the first entries are there already. */
interface Frame {
  readonly container: unknown[] | Record<string, unknown>;
  /** Whether a comma was the last that was read of it, so that another entry must come. */
  isAfterComma: boolean;
}

/** The value made so far. */
interface Assembly {
  readonly scan: Scan;
  readonly root: unknown[];
  /** Of the containers that are open, the outer ones, which are too large for one piece. */
  readonly frames: Frame[];
  top: Frame;
  /** What comes from here on is not in `top` yet. */
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
 * Parses JSON in UTF-8 as `parseJson` does, a piece at a time: whoever calls `next` may let others go first, or stop. Holds nothing but the bytes and the value made so far.
 * One linear pass finds where entries begin; entries that are complete go through JSON.parse together.
 */
export function* parsePieces(bytes: Buffer, pieceBytes = defaultPieceBytes, maxValues = maxLargeValues): Generator<void, LargeJson> {
  const assembly = startAssembly(bytes);
  const { scan, frames } = assembly;
  while (scan.at < bytes.length) {
    const stop = scanOn(scan, scan.at + pieceBytes, frames.length - 1, maxValues);
    if (stop === 'tooDeep' || stop === 'tooManyValues') return { kind: stop };
    if (stop === 'closed') {
      if (!takeEntries(assembly, scan.at, assembly.top.isAfterComma) || !close(assembly)) return { kind: 'notJson' };
      if (frames.length === 1) return whole(assembly);
    } else if (scan.at < bytes.length && !takeComplete(assembly)) return { kind: 'notJson' };
    yield;
  }
  // The whole text is one entry that was never cut.
  return frames.length === 1 && takeEntries(assembly, bytes.length, true) ? whole(assembly) : { kind: 'notJson' };
}

function whole({ root }: Assembly): LargeJson {
  return root.length === 1 ? { kind: 'value', value: root[0] } : { kind: 'notJson' };
}

function takeEntries({ top, scan, takenTo }: Assembly, to: number, isRequired: boolean): boolean {
  return addEntries(top.container, scan.bytes, takenTo, to, isRequired);
}

/** Takes all complete entries of all containers that are open. */
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

/** Ends `top`, whose closing bracket is at `scan.at`, and goes on to the next entry of the container around it. */
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

/** Goes on to `end`, or to the bracket that closes the container at depth `walked`; a string is read to its end. */
function scanOn(scan: Scan, end: number, walked: number, maxValues: number): 'end' | 'closed' | 'tooDeep' | 'tooManyValues' {
  const { bytes, openedAt, entryAt } = scan;
  const to = Math.min(end, bytes.length);
  let { at, depth, values } = scan;
  let stop: ReturnType<typeof scanOn> = 'end';
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

/** False: the bytes are not entries of such a container; `isRequired`: or there is none. */
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

/** `[from, to)`: what stands before its opening bracket. */
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
  // As JSON.parse does: `__proto__` is a name like others.
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
