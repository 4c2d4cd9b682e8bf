import { type ListPosition, maxPartLength } from '../jobs/list-position.ts';
import type { SortKey } from '../reading/order.ts';
import { type AsOf, maxAsOfIds } from './as-of.ts';
import { type ByteReader, type ByteWriter, createByteReader, createByteWriter } from './cursor-bytes.ts';
import { type ListRef, listRefBytes, splitListRef, systemRefBytes } from './list-ref.ts';
import type { Bound } from './row.ts';

/** The position in one list: the page after the cursor begins there, and the page before it ends there. */
export interface SourcePosition {
  /** Where reading starts: in the direction of `Cursor.isBackward`, every row before it was returned or doesn't match. */
  at: ListPosition;
  /** Absent: before the list's first row, unless `isEnd`. Key null: after all rows with a key. */
  next?: Bound | undefined;
  /** After the list's last row. */
  isEnd?: true | undefined;
  /** Whether rows without a key, which come last, were skipped. */
  keyless?: true | undefined;
  /** The state at the start of the listing, for a time that a job may get during it. */
  asOf?: AsOf | undefined;
}

/** By list. A list without an entry was not started. */
export type Positions = Readonly<Record<ListRef, SourcePosition>>;

/** A place in a listing: right after a row, which comes first on no page after the cursor and on no page before it. */
export interface Cursor {
  /** The row. Null: no page returned a row yet. */
  row: CursorRow | null;
  positions: Positions;
  /** The direction in which the page with the row was read. */
  isBackward: boolean;
}

export interface CursorRow extends Bound {
  list: ListRef;
  id: string;
}

/** Cursors of other formats, such as earlier versions' JSON, start with another byte. */
const format = 1;
const flags = { isBackward: 1, hasRow: 2, hasTextKeys: 4 } as const;
/** Of one list. */
const listFlags = { isEnd: 1, hasPart: 2, hasNext: 4, isAfterKey: 8, hasId: 16, isKeyless: 32, hasAsOf: 64, isInside: 128 } as const;

/** Writes a cursor in few bytes: keys as their distance from the row's key, lists by their refs, grouped by system. */
export function writeCursor({ row, positions, isBackward }: Cursor): Buffer {
  const writer = createByteWriter();
  const systems = Map.groupBy(Object.entries(positions), ([ref]) => splitListRef(ref).system.toString('hex'));
  const entries = [...systems.values()].flat();
  const keys = [row?.key, ...entries.map(([, position]) => position.next?.key)];
  const hasTextKeys = keys.some((key) => typeof key === 'string');
  writer.byte(format);
  writer.byte((isBackward ? flags.isBackward : 0) | (row ? flags.hasRow : 0) | (hasTextKeys ? flags.hasTextKeys : 0));
  if (row) {
    writeKey(writer, row.key, hasTextKeys, 0);
    writer.text(row.id);
    writer.count(entries.findIndex(([ref]) => ref === row.list) + 1);
  }
  writer.count(systems.size);
  for (const [system, lists] of systems) {
    writer.bytes(Buffer.from(system, 'hex'));
    writer.count(lists.length);
    for (const [ref, position] of lists) {
      writer.bytes(splitListRef(ref).list);
      writePosition(writer, position, row, hasTextKeys);
    }
  }
  return writer.toBuffer();
}

/** Null for bytes of another format. */
export function readCursor(payload: Buffer): Cursor | null {
  if (payload[0] !== format) return null;
  try {
    return readEntries(createByteReader(payload.subarray(1)));
  } catch (error) {
    // Anyone with the key can sign anything.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readEntries(reader: ByteReader): Cursor {
  const set = reader.byte();
  const hasTextKeys = (set & flags.hasTextKeys) !== 0;
  const row: CursorRow | null = (set & flags.hasRow) === 0 ? null : { list: '', key: readKey(reader, hasTextKeys, 0), id: reader.text() };
  const placeOfRow = row ? reader.count() : 0;
  let place = 0;
  const positions: Record<string, SourcePosition> = {};
  for (let systems = reader.count(); systems > 0; systems -= 1) {
    const system = reader.bytes(systemRefBytes).toString('hex');
    for (let lists = reader.count(); lists > 0; lists -= 1) {
      const ref = `${system}${reader.bytes(listRefBytes).toString('hex')}`;
      positions[ref] = readPosition(reader, row, hasTextKeys);
      place += 1;
      if (row && place === placeOfRow) row.list = ref;
    }
  }
  if (!reader.isAtEnd()) throw new RangeError('Bytes are left');
  return { row, positions, isBackward: (set & flags.isBackward) !== 0 };
}

function writePosition(writer: ByteWriter, position: SourcePosition, row: CursorRow | null, hasTextKeys: boolean): void {
  const { at, next, isEnd, keyless, asOf } = position;
  const ofNext = next ? listFlags.hasNext | (next.id === null ? listFlags.isAfterKey : next.id === '' ? 0 : listFlags.hasId) : 0;
  const ofPlace = (isEnd ? listFlags.isEnd : 0) | (at.part === null ? 0 : listFlags.hasPart) | (at.row === 0 ? 0 : listFlags.isInside);
  writer.byte(ofPlace | ofNext | (keyless ? listFlags.isKeyless : 0) | (asOf ? listFlags.hasAsOf : 0));
  if (at.row > 0) writer.count(at.row);
  if (at.part !== null) writer.text(at.part);
  const base = toBase(row);
  if (next) writeKey(writer, next.key, hasTextKeys, base, row?.key);
  if (next?.id) writer.text(next.id);
  if (asOf) writeAsOf(writer, asOf, base);
}

function readPosition(reader: ByteReader, row: CursorRow | null, hasTextKeys: boolean): SourcePosition {
  const set = reader.byte();
  const has = (flag: number): boolean => (set & flag) !== 0;
  const at = { row: has(listFlags.isInside) ? reader.count() : 0, part: has(listFlags.hasPart) ? reader.text() : null };
  if (at.part !== null && at.part.length > maxPartLength) throw new RangeError('The part is too long');
  const position: SourcePosition = has(listFlags.isEnd) ? { at, isEnd: true } : { at };
  const base = toBase(row);
  if (has(listFlags.hasNext)) {
    const key = readKey(reader, hasTextKeys, base, row?.key);
    position.next = { key, id: has(listFlags.isAfterKey) ? null : has(listFlags.hasId) ? reader.text() : '' };
  }
  if (has(listFlags.isKeyless)) position.keyless = true;
  if (has(listFlags.hasAsOf)) position.asOf = readAsOf(reader, base);
  return position;
}

/** Most keys are close to the row's. */
function toBase(row: CursorRow | null): number {
  return typeof row?.key === 'number' ? row.key : 0;
}

/** Instead of the length of a text. */
const textKinds = { none: 0, sameAsRow: 1 } as const;
const firstLength = 2;

/** All keys of a cursor are numbers, or all are texts. */
function writeKey(writer: ByteWriter, key: SortKey, hasTextKeys: boolean, base: number, rowKey?: SortKey): void {
  if (typeof key !== 'string') {
    if (hasTextKeys) writer.count(textKinds.none);
    else writer.number(key, base);
    return;
  }
  if (key === rowKey) {
    writer.count(textKinds.sameAsRow);
    return;
  }
  const encoded = Buffer.from(key);
  writer.count(encoded.length + firstLength);
  writer.bytes(encoded);
}

function readKey(reader: ByteReader, hasTextKeys: boolean, base: number, rowKey: SortKey = null): SortKey {
  if (!hasTextKeys) return reader.number(base);
  const length = reader.count();
  if (length === textKinds.none) return null;
  return length === textKinds.sameAsRow ? rowKey : reader.bytes(length - firstLength).toString();
}

function writeAsOf(writer: ByteWriter, { key, ids }: AsOf, base: number): void {
  writer.number(key, base);
  writer.count(ids ? ids.length + 1 : 0);
  for (const id of ids ?? []) writer.text(id);
}

function readAsOf(reader: ByteReader, base: number): AsOf {
  const key = reader.number(base);
  const count = reader.count();
  if (key === null || count > maxAsOfIds + 1) throw new RangeError('Not the state of a listing');
  return { key, ...(count > 0 && { ids: Array.from({ length: count - 1 }, () => reader.text()) }) };
}
