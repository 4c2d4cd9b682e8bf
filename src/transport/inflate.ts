import { promisify } from 'node:util';
import { brotliDecompress, constants, gunzip, inflateRaw, inflate as inflateZlib, zstdDecompress } from 'node:zlib';
import { toBoundedText } from '../jobs/storable-text.ts';

/** `too-large`: more than `maxBytes` would come out. `defect`: why the bytes can't be had, in words that follow "it is". */
export type Inflated = { kind: 'bytes'; bytes: Buffer } | { kind: 'too-large' } | { kind: 'defect'; defect: string };

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const gzip: Decoder = promisify(gunzip);
const zlib: Decoder = promisify(inflateZlib);
const rawDeflate: Decoder = promisify(inflateRaw);

const decoders: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  // RFC 9110, section 8.4.1.2: with a zlib header, which some servers leave out.
  ['deflate', (bytes, options) => (hasZlibHeader(bytes) ? zlib : rawDeflate)(bytes, options)],
  ['br', promisify(brotliDecompress)],
  // RFC 9659: a window of at most 8 MB.
  ['zstd', (bytes, options) => promisify(zstdDecompress)(bytes, { ...options, params: { [constants.ZSTD_d_windowLogMax]: 23 } })],
]);

/** Each may blow the one before up: more of them than anybody needs are an attack. */
const maxCodings = 5;

/**
 * Undoes the codings of a `Content-Encoding` header (RFC 9110, section 8.4: a list, in the order in which they were applied).
 * No step makes more than `maxBytes`; what would be more is given up on the way. Never rejects.
 */
export async function inflate(body: Buffer, contentEncoding: string | string[], maxBytes: number): Promise<Inflated> {
  const codings = String(contentEncoding)
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  // Also of no length: an answer without content keeps the header.
  if (body.length === 0) return { kind: 'bytes', bytes: body };
  if (codings.length > maxCodings) return { kind: 'defect', defect: `compressed ${codings.length} times` };
  let bytes = body;
  for (const coding of codings.reverse()) {
    const decode = decoders.get(coding);
    if (!decode)
      return { kind: 'defect', defect: `in the content coding ${JSON.stringify(toBoundedText(coding, 40))}, which was not requested` };
    try {
      bytes = await decode(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      const isTooLarge = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      return isTooLarge ? { kind: 'too-large' } : { kind: 'defect', defect: `damaged or truncated (coding ${coding})` };
    }
  }
  return { kind: 'bytes', bytes };
}

/** RFC 1950: deflate in the low half of the first byte, and two bytes that are a multiple of 31. */
function hasZlibHeader(bytes: Buffer): boolean {
  return bytes.length >= 2 && ((bytes[0] as number) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}
