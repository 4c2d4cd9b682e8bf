import type { SortKey } from '../reading/order.ts';
import { type AsOf, maxAsOfIds } from './as-of.ts';
import type { Cursor, CursorRow, SourcePosition } from './cursor.ts';
import { type ByteReader, type ByteWriter, createByteReader, createByteWriter } from './cursor-bytes.ts';
import { listRefBytes, splitListRef, systemRefBytes } from './list-ref.ts';

/** Cursors of other formats, such as earlier versions' JSON, start with another byte. */
const format = 1;
const flags = { isBackward: 1, hasRow: 2, hasTextKeys: 4 } as const;
/** Of one list. */
const listFlags = { isEnd: 1, hasPart: 2, hasNext: 4, isAfterKey: 8, hasId: 16, isKeyless: 32, hasAsOf: 64, hasRow: 128 } as const;
const maxPartLength = 1_000;

/** Writes a cursor in few bytes: keys as their distance from the row's key, lists by their refs, grouped by system. */
export function writeCursor({ row, positions, isBackward }: Cursor): Buffer {
  const writer = createByteWriter();
  const entries = Object.entries(positions);
  const keys = [row?.key, ...entries.map(([, position]) => position.next?.key)];
  const hasTextKeys = keys.some((key) => typeof key === 'string');
  writer.byte(format);
  writer.byte((isBackward ? flags.isBackward : 0) | (row ? flags.hasRow : 0) | (hasTextKeys ? flags.hasTextKeys : 0));
  if (row) {
    writeKey(writer, row.key, hasTextKeys, 0);
    writer.text(row.id);
  }
  const systems = Map.groupBy(entries, ([ref]) => splitListRef(ref).system.toString('hex'));
  writer.count(systems.size);
  for (const [system, lists] of systems) {
    writer.bytes(Buffer.from(system, 'hex'));
    writer.count(lists.length);
    for (const [ref, position] of lists) {
      writer.bytes(splitListRef(ref).list);
      writePosition(writer, position, { row, isRowList: row?.list === ref, hasTextKeys });
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
  const positions: Record<string, SourcePosition> = {};
  for (let systems = reader.count(); systems > 0; systems -= 1) {
    const system = reader.bytes(systemRefBytes).toString('hex');
    for (let lists = reader.count(); lists > 0; lists -= 1) {
      const ref = `${system}${reader.bytes(listRefBytes).toString('hex')}`;
      const { position, isRowList } = readPosition(reader, row, hasTextKeys);
      positions[ref] = position;
      if (row && isRowList) row.list = ref;
    }
  }
  if (!reader.isAtEnd()) throw new RangeError('Bytes are left');
  return { row, positions, isBackward: (set & flags.isBackward) !== 0 };
}

interface EntryContext {
  row: CursorRow | null;
  isRowList: boolean;
  hasTextKeys: boolean;
}

function writePosition(writer: ByteWriter, position: SourcePosition, { row, isRowList, hasTextKeys }: EntryContext): void {
  const { at, next, isEnd, keyless, asOf } = position;
  const ofPlace = (isRowList ? listFlags.hasRow : 0) | (isEnd ? listFlags.isEnd : 0);
  const ofNext = next ? listFlags.hasNext | (next.id === null ? listFlags.isAfterKey : next.id === '' ? 0 : listFlags.hasId) : 0;
  const ofRest = (at.part === null ? 0 : listFlags.hasPart) | (keyless ? listFlags.isKeyless : 0) | (asOf ? listFlags.hasAsOf : 0);
  writer.byte(ofPlace | ofNext | ofRest);
  if (!isEnd) writer.count(at.row);
  if (at.part !== null) writer.text(at.part);
  const base = toBase(row);
  if (next) writeKey(writer, next.key, hasTextKeys, base);
  if (next?.id) writer.text(next.id);
  if (asOf) writeAsOf(writer, asOf, base);
}

function readPosition(reader: ByteReader, row: CursorRow | null, hasTextKeys: boolean): { position: SourcePosition; isRowList: boolean } {
  const set = reader.byte();
  const has = (flag: number): boolean => (set & flag) !== 0;
  const isRowList = has(listFlags.hasRow);
  const isEnd = has(listFlags.isEnd);
  const at = { row: isEnd ? 0 : reader.count(), part: has(listFlags.hasPart) ? reader.text() : null };
  if (at.part !== null && at.part.length > maxPartLength) throw new RangeError('The part is too long');
  const position: SourcePosition = isEnd ? { at, isEnd } : { at };
  const base = toBase(row);
  if (has(listFlags.hasNext)) {
    const key = readKey(reader, hasTextKeys, base);
    position.next = { key, id: has(listFlags.isAfterKey) ? null : has(listFlags.hasId) ? reader.text() : '' };
  }
  if (has(listFlags.isKeyless)) position.keyless = true;
  if (has(listFlags.hasAsOf)) position.asOf = readAsOf(reader, base);
  return { position, isRowList };
}

/** Most keys are close to the row's. */
function toBase(row: CursorRow | null): number {
  return typeof row?.key === 'number' ? row.key : 0;
}

/** All keys of a cursor are numbers, or all are texts. An absent text has the length 0, and each text one more than its own. */
function writeKey(writer: ByteWriter, key: SortKey, hasTextKeys: boolean, base: number): void {
  if (typeof key !== 'string') {
    if (hasTextKeys) writer.count(0);
    else writer.number(key, base);
    return;
  }
  const encoded = Buffer.from(key);
  writer.count(encoded.length + 1);
  writer.bytes(encoded);
}

function readKey(reader: ByteReader, hasTextKeys: boolean, base: number): SortKey {
  if (!hasTextKeys) return reader.number(base);
  const length = reader.count();
  return length === 0 ? null : reader.bytes(length - 1).toString();
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
