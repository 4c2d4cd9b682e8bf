import { maxBytesAtOnce, parseLargeJson } from '../json/large.ts';
import { freeMemory } from '../json/large-memory.ts';
import { maxLargeValues } from '../json/large-parse.ts';
import { isNestedTooDeep, maxVendorNesting } from '../json/nesting.ts';
import type { Body } from './body.ts';
import { inflate } from './inflate.ts';
import type { LargeTurn } from './large-turn.ts';

const tooDeep = `nested more than ${maxVendorNesting} levels deep`;
const tooManyValues = `JSON of more than ${maxLargeValues.toLocaleString('en')} values, the maximum`;

/** The content of a body. */
export interface Content {
  /** Empty if the body has a defect or is large. Its brackets are nested at most 250 levels deep. */
  text: string;
  /** Replaces the text of a large body: its JSON. `json` is undefined if it isn't JSON. */
  large?: { json: unknown; byteCount: number };
  /** Why the body can't be read, as a predicate of "it is": "damaged or truncated". Absent if it can. */
  defect?: string;
}

/** Reads a complete body. `ended`: its turn ended first. */
export async function readContent(
  body: Body,
  coding: string | string[] | undefined,
  maxBytes: number,
  takeTurn: () => LargeTurn,
): Promise<{ kind: 'content'; content: Content } | { kind: 'too-large' } | { kind: 'ended' }> {
  let bytes = body.take();
  if (coding !== undefined) {
    let inflated = await inflate(bytes, coding, body.isLarge() ? maxBytes : Math.min(maxBytes, maxBytesAtOnce));
    if (inflated.kind === 'too-large' && !body.isLarge() && maxBytes > maxBytesAtOnce) {
      if (!(await takeTurn().isTaken())) return { kind: 'ended' };
      inflated = await inflate(bytes, coding, maxBytes);
    }
    if (inflated.kind === 'too-large') return inflated;
    if (inflated.kind === 'defect') return { kind: 'content', content: { text: '', defect: inflated.defect } };
    bytes = inflated.bytes;
  }
  if (isUtf16(bytes)) return { kind: 'content', content: { text: '', defect: 'in UTF-16, not in UTF-8' } };
  const json = withoutMark(bytes);
  if (bytes.length > maxBytesAtOnce) return readLarge(json, takeTurn());
  const content = isNestedTooDeep(json, maxVendorNesting) ? { text: '', defect: tooDeep } : { text: json.toString() };
  return { kind: 'content', content };
}

async function readLarge(bytes: Buffer, turn: LargeTurn): Promise<{ kind: 'content'; content: Content } | { kind: 'ended' }> {
  const byteCount = bytes.length;
  if (!(await turn.isTaken())) return { kind: 'ended' };
  const parsed = await parseLargeJson(bytes, turn.sender, turn.signal);
  freeMemory(bytes);
  if (parsed.kind === 'aborted') return { kind: 'ended' };
  const json = parsed.kind === 'value' ? parsed.value : undefined;
  const defect = describeUnreadJson(parsed);
  return { kind: 'content', content: { text: '', large: { json, byteCount }, ...(defect !== null && { defect }) } };
}

/** Why JSON isn't read, as a predicate of "it is". Null for a value, and for anything but JSON. */
export function describeUnreadJson({ kind }: Awaited<ReturnType<typeof parseLargeJson>>): string | null {
  return kind === 'tooDeep' ? tooDeep : kind === 'tooManyValues' ? tooManyValues : null;
}

/** Removes the byte order mark, which some servers send (RFC 8259, section 8.1: it may be ignored). */
function withoutMark(bytes: Buffer): Buffer {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return hasMark ? bytes.subarray(3) : bytes;
}

/** Detected by its byte order mark. No UTF-8 text starts like this. */
function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}
